import Foundation

/// A file that the command line names; `-` is standard input.
struct InputFile {
    /// What messages call it.
    let name: String
    /// Everything in it.
    let bytes: [UInt8]

    /// Reads it, whole.
    ///
    /// - Parameters:
    ///   - limit: more bytes than this are refused, not read.
    /// - Throws: `CommandFailure` where it is missing (2), too long (2) or cannot be read (3).
    init(_ path: String, limit: Int = 1 << 30) throws {
        name = path == "-" ? "standard input" : path
        let handle: FileHandle
        if path == "-" {
            handle = .standardInput
        } else {
            var isDirectory: ObjCBool = false
            guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
                throw CommandFailure(.usage, "\(path): there is no such file")
            }
            guard !isDirectory.boolValue else {
                throw CommandFailure(.usage, "\(path): this is a directory, and a file is expected")
            }
            guard let opened = FileHandle(forReadingAtPath: path) else {
                throw CommandFailure(.unavailable, "\(path): it cannot be opened; check its permissions")
            }
            handle = opened
        }
        do {
            bytes = try InputFile.readAll(handle, limit: limit)
        } catch let failure as CommandFailure {
            throw CommandFailure(failure, in: name)
        } catch {
            throw CommandFailure(.unavailable, "\(name): \(error.localizedDescription)")
        }
    }

    private static func readAll(_ handle: FileHandle, limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty {
            bytes += chunk
            guard bytes.count <= limit else {
                throw CommandFailure(.usage, "more than \(limit) bytes: split it")
            }
        }
        return bytes
    }
}
