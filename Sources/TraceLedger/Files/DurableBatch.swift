internal import Synchronization

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// Durable writes of many files at once: the steps of ``DurableFiles/write(_:to:mode:on:)``, each for all files before the
/// next one for any, so that the device is waited for a few times and not twice a file. Writes may come from several tasks.
///
/// Nothing is visible before ``commit()``, and then the files appear in any order: what has an order is another batch.
final class DurableBatch: Sendable {
    /// So many files are synchronized one by one; more of them by one sync of the file system, which also waits for what
    /// others wrote there.
    static let few = 8

    private final class Open: Sendable {
        let descriptor: Descriptor
        init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
    }

    private struct State {
        var paths: [String] = []
        /// The first few temporary files, held open.
        var files: [Open] = []
        /// The directories that names are put in, held open until they are synchronized.
        var folders: [String: Open] = [:]
    }

    private let durable: DurableFolders
    private var system: any FileSystem { durable.system }
    private let few: Int
    private let temporary: String
    /// Held open from before the first write on: an error of the write-back is only reported to descriptors that were open
    /// when it happened.
    private let root: Descriptor
    private let state = Mutex(State())

    /// A batch of files in these folders and below; `few` of them are synchronized one by one.
    ///
    /// Two that may write one file at once need different endings of their `temporary` files.
    init(
        in folders: DurableFolders,
        few: Int = DurableBatch.few,
        temporary: String = DurableFiles.temporary
    ) throws(FileError) {
        (durable, self.few, self.temporary) = (folders, few, temporary)
        root = try Descriptor.directory(folders.root, on: folders.system)
    }

    /// Takes a file in.
    func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let parent = DurableFiles.parent(of: path)
        let folder = try openFolder(parent)
        let file = Open(try DurableFiles.writeTemporary(bytes, for: path, as: temporary, on: system))
        // All are on their way before the first is waited for: the waits that follow find most of it done.
        system.beginWriteback(file.descriptor.number)
        state.withLock { state in
            // With the path and not before: a commit may have come in between, and the next one needs the folder too.
            state.folders[parent] = folder
            state.paths.append(path)
            if state.files.count < few { state.files.append(file) }
        }
    }

    private func openFolder(_ path: String) throws(FileError) -> Open {
        if let folder = state.withLock({ $0.folders[path] }) { return folder }
        try durable.make(path)
        return Open(try Descriptor.directory(path, on: system))
    }

    /// When this returns every file stands whole at its path and survives a power cut. A failure is final, as that of any
    /// sync.
    func commit() throws(FileError) {
        let written = state.withLock { state in
            defer { state = State() }
            return state
        }
        // Before the rename, or a crash could leave a name pointing at bytes that never reached the device.
        if written.paths.count == written.files.count {
            for file in written.files { try file.descriptor.synchronize() }
        } else {
            try synchronizeAll(written.paths)
        }
        for path in written.paths { try DurableFiles.rename(path + temporary, to: path, on: system) }
        // After the renames, or the crash could take the names back.
        for folder in written.folders.values { try folder.descriptor.synchronize() }
    }

    private func synchronizeAll(_ paths: [String]) throws(FileError) {
        do {
            if try system.synchronizeAll(root.number) { return }
        } catch { throw FileError("syncfs", root.path, error) }
        for path in paths { try Descriptor.open(path + temporary, O_RDONLY, on: system)?.synchronize() }
    }
}
