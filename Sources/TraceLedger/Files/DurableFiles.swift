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
    static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]? {
        // Without O_NONBLOCK a named pipe that somebody put in the place of a file would hang every reader.
        guard let file = try Descriptor.open(path, O_RDONLY | O_NONBLOCK) else { return nil }
        return try file.readAll(limit: limit)
    }

    /// Puts `bytes` at `path`, whole or not at all, and returns when they would survive a power cut.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(FileError) {
        let folder = parent(of: path)
        let directory = try Descriptor.directory(folder)
        let temporary = path + ".tmp"
        // A temporary file that an earlier crash left is nobody's: its name was never published.
        guard let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: mode) else {
            throw FileError("open", temporary, code: ENOENT)
        }
        try file.write(bytes)
        try file.synchronize()
        guard unsafe rename(temporary, path) == 0 else { throw .last("rename", path) }
        try directory.synchronize()
    }

    /// Makes every missing directory of `path`; each new name is durable before anything is put in it.
    static func makeDirectory(_ path: String, mode: mode_t = 0o755) throws(FileError) {
        if try Descriptor.open(path, O_RDONLY | O_DIRECTORY) != nil { return }
        let above = parent(of: path)
        if above != path { try makeDirectory(above) }
        let directory = try Descriptor.directory(above)
        guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else { throw .last("mkdir", path) }
        try directory.synchronize()
    }

    /// The names in a directory, sorted; empty where there is none.
    static func list(_ path: String) throws(FileError) -> [String] {
        guard let stream = unsafe opendir(path) else {
            if errno == ENOENT { return [] }
            throw .last("opendir", path)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file that is no longer needed; durability of a removal is never relied on.
    static func remove(_ path: String) throws(FileError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .last("unlink", path) }
    }

    /// Removes an empty directory.
    static func removeDirectory(_ path: String) throws(FileError) {
        guard unsafe rmdir(path) == 0 || errno == ENOENT else { throw .last("rmdir", path) }
    }

    /// Whether there is a file or directory of this name.
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
