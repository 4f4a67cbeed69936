internal import Synchronization

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The folders below a directory of which this process has made sure: their names survive a power cut.
///
/// That a folder is there says nothing of that: an earlier process may have been killed, or failed, between making it and
/// synchronizing the one above. So whoever puts something durable in it asks here first, and each is made sure of once.
final class DurableFolders: Sendable {
    let root: String
    let system: any FileSystem
    private let sure = Mutex<Set<String>>([])

    /// The folders below `root`, which is durable.
    init(below root: String, on system: any FileSystem) { (self.root, self.system) = (root, system) }

    /// Makes a folder, and those above it, where they are missing; when this returns their names are durable.
    func make(_ path: String, mode: mode_t = 0o755) throws(FileError) {
        if path == root || sure.withLock({ $0.contains(path) }) { return }
        let above = DurableFiles.parent(of: path)
        if above != path { try make(above) }
        let directory = try Descriptor.directory(above, on: system)
        do { try system.makeDirectory(path, mode: mode) } catch {
            guard error.code == EEXIST else { throw FileError("mkdir", path, error) }
        }
        try directory.synchronize()
        sure.withLock { _ = $0.insert(path) }
    }

    /// Makes a directory, with those above it that are missing. One that is there already is its maker's affair.
    static func makeRoot(
        _ path: String,
        mode: mode_t = 0o755,
        on system: any FileSystem = POSIXFileSystem()
    ) throws(FileError) {
        if DurableFiles.exists(path, on: system) { return }
        let above = DurableFiles.parent(of: path)
        if above != path { try makeRoot(above, on: system) }
        try DurableFolders(below: above, on: system).make(path, mode: mode)
    }

    /// The folder was removed.
    func forget(_ path: String) { sure.withLock { _ = $0.remove(path) } }
}
