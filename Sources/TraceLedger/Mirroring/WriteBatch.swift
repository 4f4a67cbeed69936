internal import Synchronization

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// Many files written now and made durable together: what a replica does before it moves its checkpoint over them.
///
/// Nothing below a checkpoint is written this way unless it is right already, so what a crash leaves half-written is never
/// read as part of the ledger; who goes on after it proves every such file before relying on it. One sync of the file
/// system for all of them instead of two a file is what lets a replica keep up with hash speed.
final class WriteBatch: Sendable {
    private let root: Descriptor
    private let written = Mutex<[String]>([])

    /// A batch below `directory`, which is held open from before the first write on: an error of the write-back is only
    /// reported to descriptors that were open when it happened.
    init(_ directory: String) throws(FileError) { root = try Descriptor.directory(directory) }

    /// Puts `bytes` at `path`, whole or not at all; durable only after ``commit()``.
    func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try DurableFiles.makeDirectory(DurableFiles.parent(of: path))
        let temporary = path + ".tmp"
        guard let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_TRUNC) else {
            throw FileError("open", temporary, code: ENOENT)
        }
        try file.write(bytes)
        guard unsafe rename(temporary, path) == 0 else { throw .last("rename", path) }
        #if canImport(Darwin)
        written.withLock { $0.append(path) }
        #endif
    }

    /// Waits until every file of the batch, with its name, is on the device. A failure is final, as that of any sync.
    func commit() throws(FileError) {
        #if canImport(Darwin)
        for path in written.withLock({ $0 }) {
            try Descriptor.open(path, O_RDONLY)?.synchronize()
            try Descriptor.directory(DurableFiles.parent(of: path)).synchronize()
        }
        #else
        // Data, names and directories of the whole file system in one go.
        guard systemSyncFileSystem(root.number) == 0 else { throw .last("syncfs", root.path) }
        #endif
    }
}

#if !canImport(Darwin)
/// `syncfs(2)`, which the headers show to GNU sources only, and Swift's import of them is none.
@_silgen_name("syncfs") private func systemSyncFileSystem(_ number: Int32) -> Int32
#endif

extension DurableFiles {
    /// Renames `path` to `other`.
    static func replace(_ path: String, with other: String) throws(FileError) {
        guard unsafe rename(path, other) == 0 else { throw .last("rename", other) }
    }
}
