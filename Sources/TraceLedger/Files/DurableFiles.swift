#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// Reading and durable writing of whole files.
///
/// A durable write is: open the directory, write a temporary file in it, fsync the file, rename it into place, fsync the
/// directory that stayed open. Why each step: the fsync of the file comes before the rename, or a crash could leave the
/// name pointing at bytes that never reached the device; the fsync of the directory comes after it, or the crash could
/// take the name itself back; the directory is held open throughout, since an error of its write-back is reported only to
/// descriptors that were open when it happened.
enum DurableFiles {
    /// The bytes of a file; `nil` where there is none.
    static func read(_ path: String, limit: Int, on system: any FileSystem = POSIXFileSystem()) throws(FileError)
        -> [UInt8]?
    {
        // Without O_NONBLOCK a named pipe that somebody put in the place of a file would hang every reader.
        guard let file = try Descriptor.open(path, O_RDONLY | O_NONBLOCK, on: system) else { return nil }
        return try file.readAll(limit: limit)
    }

    /// A file that can be written again, `nil` where it is missing. One that is too long is as damaged as any other and read
    /// as nothing; what the system fails to do stays a failure.
    static func readRepairable(_ path: String, limit: Int, on system: any FileSystem) throws(FileError) -> [UInt8]? {
        do { return try read(path, limit: limit, on: system) } catch {
            guard error.code == 0 else { throw error }
            return []
        }
    }

    /// Puts `bytes` at `path`, whole or not at all, and returns when they would survive a power cut.
    static func write(
        _ bytes: [UInt8],
        to path: String,
        mode: mode_t = 0o644,
        on system: any FileSystem = POSIXFileSystem()
    ) throws(FileError) {
        let directory = try Descriptor.directory(parent(of: path), on: system)
        try writeTemporary(bytes, for: path, mode: mode, on: system).synchronize()
        try rename(path + temporary, to: path, on: system)
        try directory.synchronize()
    }

    /// What a name ends with while its bytes are not durable. A file of such a name that a crash left is nobody's.
    static let temporary = ".tmp"

    /// The temporary file for `path` with all bytes in it, not synchronized.
    static func writeTemporary(
        _ bytes: [UInt8],
        for path: String,
        as temporary: String = temporary,
        mode: mode_t = 0o644,
        on system: any FileSystem
    ) throws(FileError) -> Descriptor {
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        guard let file = try Descriptor.open(path + temporary, flags, mode: mode, on: system) else {
            throw FileError("open", path + temporary, code: ENOENT)
        }
        try file.write(bytes)
        return file
    }

    static func rename(_ old: String, to new: String, on system: any FileSystem) throws(FileError) {
        do { try system.rename(old, to: new) } catch { throw FileError("rename", new, error) }
    }

    /// Makes every missing directory of `path`; each new name is durable before anything is put in it.
    static func makeDirectory(
        _ path: String,
        mode: mode_t = 0o755,
        on system: any FileSystem = POSIXFileSystem()
    ) throws(FileError) {
        if try Descriptor.open(path, O_RDONLY | O_DIRECTORY, on: system) != nil { return }
        let above = parent(of: path)
        if above != path { try makeDirectory(above, on: system) }
        let directory = try Descriptor.directory(above, on: system)
        do { try system.makeDirectory(path, mode: mode) } catch {
            guard error.code == EEXIST else { throw FileError("mkdir", path, error) }
        }
        try directory.synchronize()
    }

    /// The names in a directory, sorted; empty where there is none.
    static func list(_ path: String, on system: any FileSystem = POSIXFileSystem()) throws(FileError) -> [String] {
        do { return try system.list(path).sorted() } catch {
            if error.code == ENOENT { return [] }
            throw FileError("opendir", path, error)
        }
    }

    /// Removes a file that is no longer needed; durability of a removal is never relied on.
    static func remove(_ path: String, on system: any FileSystem = POSIXFileSystem()) throws(FileError) {
        do { try system.remove(path) } catch {
            if error.code != ENOENT { throw FileError("unlink", path, error) }
        }
    }

    /// Removes an empty directory.
    static func removeDirectory(_ path: String, on system: any FileSystem = POSIXFileSystem()) throws(FileError) {
        do { try system.removeDirectory(path) } catch {
            if error.code != ENOENT { throw FileError("rmdir", path, error) }
        }
    }

    /// Whether there is a file or directory of this name.
    static func exists(_ path: String, on system: any FileSystem = POSIXFileSystem()) -> Bool { system.exists(path) }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
