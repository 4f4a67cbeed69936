import Foundation
import Testing

/// A program that the test level of `scripts/setup` installs.
struct Tool {
    static let zbarimg = Tool("zbarimg")
    static let qpdf = Tool("qpdf")
    static let pdftoppm = Tool("pdftoppm")
    static let pdftotext = Tool("pdftotext")

    private let path: String?

    var isPresent: Bool { path != nil }

    private init(_ name: String) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        path = folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// What it prints, when it ends with 0.
    func run(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: try #require(path))
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments)")
        return String(decoding: data, as: UTF8.self)
    }

    /// A new file for it.
    static func temporary(_ ending: String, _ bytes: [UInt8]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "traceledger-\(UUID().uuidString).\(ending)")
        try Data(bytes).write(to: file)
        return file.path
    }
}
