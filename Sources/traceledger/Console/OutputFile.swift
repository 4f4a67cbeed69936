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

    /// Refuses to write over what the command reads: a private key that is replaced by its public half is gone.
    func checkApart(from inputs: [String]) throws {
        guard let path, path != "-", let own = OutputOption.identity(path) else { return }
        for input in inputs where input != "-" && OutputOption.identity(input) == own {
            throw CommandFailure(.usage, "\(path): the command reads this file; name another one with -o FILE")
        }
    }

    /// Whether something of this name is there, a broken link included.
    static func exists(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path)) != nil
    }

    /// Device and number of the plain file that a path leads to, whatever it is called.
    private static func identity(_ path: String) -> [UInt64]? {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return [UInt64(truncatingIfNeeded: status.st_dev), UInt64(truncatingIfNeeded: status.st_ino)]
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
        var isDirectory: ObjCBool = false
        if unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            throw CommandFailure(.usage, "\(path): this is a directory; name a file with -o FILE")
        }
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
