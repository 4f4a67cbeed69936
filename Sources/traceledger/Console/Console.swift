import Foundation

/// Standard output for results, standard error for everything else.
enum Console {
    /// Whether standard output is a terminal.
    static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
    /// Whether standard error is a terminal.
    static let errorIsTerminal = isatty(STDERR_FILENO) == 1

    /// Writes bytes to standard output; throws where nobody can take them.
    static func write(_ bytes: [UInt8]) throws {
        do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch {
            throw CommandFailure(.unavailable, "standard output: \(error.localizedDescription)")
        }
    }

    /// Writes text to standard output.
    static func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// Writes a line to standard output.
    static func line(_ text: String) throws { try write(text + "\n") }

    /// Says on standard error what is worth knowing and no failure.
    static func note(_ text: String) { toError("traceledger: \(text)") }

    /// Warns on standard error.
    static func warning(_ text: String) { toError("traceledger: warning: \(text)") }

    /// Says on standard error why the command failed, in one line.
    static func error(_ text: String) {
        toError("traceledger: \(text.split(whereSeparator: \.isNewline).joined(separator: " "))")
    }

    private static func toError(_ line: String) {
        // Nobody is left to be told where standard error cannot be written.
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }

    /// A colour that means something; the words always say it too.
    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
    }

    private static let hasColour =
        outputIsTerminal && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// `text` in colour where standard output is a terminal and `NO_COLOR` is not set.
    static func coloured(_ text: String, _ colour: Colour) -> String {
        hasColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}

extension String {
    /// The text with `?` for line ends and other control characters, so that a message that quotes it stays one line.
    var onOneLine: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}
