internal import EPCISJSON
internal import Foundation
internal import Logging
internal import TraceVerification

/// Lines on standard error: for people, or a JSON object each. What is secret is never handed to a logger.
struct NodeLogger: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let label: String
    private let format: NodeConfiguration.Logging.Format

    init(_ label: String, _ settings: NodeConfiguration.Logging) {
        self.label = label
        logLevel = Logger.Level(rawValue: settings.level) ?? .info
        format = settings.format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let time = UTCTime.text(UInt64(max(0, Date().timeIntervalSince1970)))
        var line: [UInt8]
        switch format {
        case .json:
            var members: [(String, JSONValue)] = [
                ("time", .text(time)), ("level", .text(event.level.rawValue)), ("logger", .text(label)),
                ("message", .text("\(event.message)")),
            ]
            members += all.map { ($0.key, .text("\($0.value)")) }
            line = JSONValue.object(members).serialized()
        case .text:
            let pairs = all.map { " \($0.key)=\(NodeLogger.quoted("\($0.value)"))" }.joined()
            line = Array("\(time) \(event.level.rawValue) \(NodeLogger.onOneLine("\(event.message)"))\(pairs)".utf8)
        }
        line.append(0x0A)
        // One write a line: lines of several threads do not mix. A log that cannot be written, as on a full disk, stops nobody.
        try? FileHandle.standardError.write(contentsOf: Data(line))
    }

    private static func quoted(_ text: String) -> String {
        let text = onOneLine(text)
        return text.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) || text.isEmpty
            ? "\"\(text.replacing("\"", with: "'"))\"" : text
    }

    private static func onOneLine(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    }
}
