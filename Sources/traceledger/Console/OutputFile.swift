import ArgumentParser
import Foundation

/// `-o FILE`, shared by all commands that write a file.
struct OutputOption: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where to write; `-` is standard output.", valueName: "file")
    )
    var path: String?

    /// Whether the path names a directory that exists.
    var isDirectory: Bool {
        var isDirectory: ObjCBool = false
        guard let path, unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            return false
        }
        return isDirectory.boolValue
    }

    /// Writes text, to standard output where no file is named.
    func write(text: [UInt8]) throws { try OutputOption.write(text, to: path ?? "-") }

    /// Writes binary data; it does not go to a terminal unless `-o -` says so.
    func write(binary: [UInt8]) throws {
        try checkBinary()
        try OutputOption.write(binary, to: path ?? "-")
    }

    /// Refuses binary output to a terminal, before any work is done.
    func checkBinary() throws {
        guard path != nil || !Console.outputIsTerminal else {
            throw CommandFailure(.usage, "the output is binary: name a file with -o FILE, or -o - for the terminal")
        }
    }

    /// Writes a file whole or not at all; what is not a plain file (a pipe, a device) is written through.
    static func write(_ bytes: [UInt8], to path: String) throws {
        if path == "-" { return try Console.write(bytes) }
        do {
            let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            if type == nil || type == .typeRegular {
                try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
            } else {
                let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
                try handle.write(contentsOf: Data(bytes))
                try handle.close()
            }
        } catch { throw CommandFailure(.unavailable, "\(path): it cannot be written: \(error.localizedDescription)") }
    }
}
