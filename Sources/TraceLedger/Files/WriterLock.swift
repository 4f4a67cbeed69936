#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The advisory lock that keeps a ledger to one writer (engine.md, point 5).
///
/// `flock` and not `fcntl`: the latter is dropped when any descriptor of the file is closed anywhere in the process. The
/// file holds the holder's process id, for the message to the second writer only.
struct WriterLock: ~Copyable, Sendable {
    private let file: Descriptor

    init(
        _ path: String,
        of what: String = "ledger",
        on system: any FileSystem = POSIXFileSystem()
    ) throws(FileError) {
        guard let file = try Descriptor.open(path, O_RDWR | O_CREAT, mode: 0o600, on: system) else {
            throw FileError("open", path, code: ENOENT)
        }
        do { try system.lock(file.number) } catch {
            let holder = String(decoding: (try? file.readAll(limit: 64)) ?? [], as: UTF8.self)
            throw FileError(
                "lock",
                path,
                code: error.code,
                detail: "another writer holds this \(what)\(holder.isEmpty ? "" : ": process \(holder)"); "
                    + "wait for it to end, or use the process that holds it"
            )
        }
        try file.truncate(to: 0)
        try file.write(Array("\(getpid())".utf8))
        self.file = file
    }

    // Closing alone would leave the lock to a child process that was forked meanwhile, until it execs.
    deinit { file.system.unlock(file.number) }
}
