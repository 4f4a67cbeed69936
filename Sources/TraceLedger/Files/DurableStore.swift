#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// A folder of small files for state that must never go back: each is replaced whole, and survives a power cut once the
/// call that wrote it returned. One process at a time has the folder open.
///
/// ```swift
/// let store = try DurableStore("DIR/witness", limit: 1 << 20)
/// guard try await store.replace(old, with: new, in: "latest") else { … }   // somebody else was faster
/// ```
/// It is an actor on a thread of its own: reading, comparing and writing is one step for all callers, and their blocking
/// calls hold up nobody else. Folder and files are their owner's alone (modes 0700 and 0600).
public actor DurableStore {
    /// The folder.
    public nonisolated let directory: String
    /// The most bytes that a file may have.
    public nonisolated let limit: Int

    private let system: any FileSystem
    /// Two processes that compare and replace would each be atomic, and together roll back what the other promised.
    private let lock: WriterLock
    /// Files whose last write failed when the new one may have been visible already.
    private var unsure: Set<String> = []
    private let executor = QueueExecutor("traceledger.store")

    /// The actor's own queue.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Opens the store in `directory`, which is made where it does not exist; the folder above it is there and durable.
    ///
    /// - Throws: ``FileError`` where that fails, or another process has it open.
    public init(_ directory: String, limit: Int) throws(FileError) {
        try self.init(directory, limit: limit, on: POSIXFileSystem())
    }

    init(_ directory: String, limit: Int, on system: any FileSystem) throws(FileError) {
        (self.directory, self.limit, self.system) = (directory, limit, system)
        // Also where the folder is there: this has the fsync of the one above, without which a power cut could take it whole.
        let above = DurableFolders(below: DurableFiles.parent(of: directory), on: system)
        try above.make(directory, mode: 0o700)
        lock = try WriterLock("\(directory)/\(DurableStore.lockName)", of: "folder", on: system)
        // A process that was killed between its rename and its fsync of the folder left a file that is visible and not yet
        // durable: from here on what is read is also what a power cut leaves.
        try Descriptor.directory(directory, on: system).synchronize()
    }

    private static let lockName = "lock"

    /// The bytes of a file; `nil` where there is none.
    ///
    /// - Throws: ``FileError`` also for a file of more than ``limit`` bytes, and for a name that no file can have.
    public func read(_ name: String) throws(FileError) -> [UInt8]? {
        let path = try path(name)
        guard unsure.contains(name) else { return try visible(path) }
        // Either state is a good one, but it must not be answered before it is sure which: it is written once more.
        let bytes = try visible(path)
        if let bytes { try put(bytes, name) }
        return bytes
    }

    /// Puts `bytes` in the place of a file, or makes it, and returns when they would survive a power cut.
    ///
    /// - Throws: ``FileError`` also for more than ``limit`` bytes. What the file holds then is the old bytes or the new.
    public func write(_ bytes: [UInt8], to name: String) throws(FileError) { try put(bytes, name) }

    /// The same where the file is still `expected` (`nil`: where there is none); false, and nothing is written, where it is
    /// not.
    public func replace(_ expected: [UInt8]?, with bytes: [UInt8], in name: String) throws(FileError) -> Bool {
        guard try read(name) == expected else { return false }
        try put(bytes, name)
        return true
    }

    /// Removes a file, where there is one; the removal is not durable.
    public func remove(_ name: String) throws(FileError) {
        try DurableFiles.remove(path(name), on: system)
        unsure.remove(name)
    }

    /// The names of the files, sorted.
    public func names() throws(FileError) -> [String] {
        try DurableFiles.list(directory, on: system).filter { (try? path($0)) != nil }
    }

    private func visible(_ path: String) throws(FileError) -> [UInt8]? {
        try DurableFiles.read(path, limit: limit, on: system)
    }

    private func put(_ bytes: [UInt8], _ name: String) throws(FileError) {
        let path = try path(name)
        guard bytes.count <= limit else {
            throw FileError("write", path, detail: "\(bytes.count) bytes, more than the \(limit) that it may have")
        }
        // The steps of DurableFiles.write, and its reasons: the file's fsync before the rename, or the name could point at
        // bytes that never reached the device; the folder's after it, or a power cut could take the new file back after the
        // caller has answered on the strength of it. Apart here, since only from the rename on a failure leaves it open
        // what the file is.
        let folder = try Descriptor.directory(directory, on: system)
        try DurableFiles.writeTemporary(bytes, for: path, mode: 0o600, on: system).synchronize()
        unsure.insert(name)
        try DurableFiles.rename(path + DurableFiles.temporary, to: path, on: system)
        try folder.synchronize()
        unsure.remove(name)
    }

    /// Names are of a closed alphabet, so that no caller's text leads out of the folder or to a file of another meaning.
    private func path(_ name: String) throws(FileError) -> String {
        let isPlain = name.utf8.allSatisfy { character in
            switch character {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard isPlain, (1...128).contains(name.utf8.count), name.utf8.first != 0x2E, name != DurableStore.lockName,
            !name.hasSuffix(DurableFiles.temporary)
        else {
            let detail = "\(name) is no name for a file here: 1 to 128 of the characters A-Z a-z 0-9 - . _"
            throw FileError("open", directory, detail: detail)
        }
        return "\(directory)/\(name)"
    }
}
