/// Durable writes of many files at once: the steps of ``DurableFiles/write(_:to:mode:on:)``, each for all files before the
/// next one for any, so that the device is waited for a few times and not twice a file.
///
/// Nothing is visible before ``commit()``, and then the files appear in any order: what has an order is another batch.
struct DurableBatch: ~Copyable {
    /// So many files are written and synchronized together: what bounds the open descriptors and the bytes in flight.
    private static let chunk = 128

    private let durable: DurableFolders
    private var system: any FileSystem { durable.system }
    private var waiting: [(bytes: [UInt8], path: String)] = []
    /// The directories that names were put in, held open until they are synchronized.
    private var folders: [String: Folder] = [:]

    private final class Folder {
        let directory: Descriptor
        init(_ directory: consuming Descriptor) { self.directory = directory }
    }

    init(in folders: DurableFolders) { durable = folders }

    /// Takes a file in; every full chunk is written, synchronized and renamed into place at once.
    mutating func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let parent = DurableFiles.parent(of: path)
        if folders[parent] == nil {
            try durable.make(parent)
            folders[parent] = Folder(try Descriptor.directory(parent, on: system))
        }
        waiting.append((bytes, path))
        if waiting.count == DurableBatch.chunk { try flush() }
    }

    private mutating func flush() throws(FileError) {
        var files: [File] = []
        for (bytes, path) in waiting {
            let file = try DurableFiles.writeTemporary(bytes, for: path, on: system)
            // All are on their way before the first is waited for: the waits that follow find most of it done.
            system.beginWriteback(file.number)
            files.append(File(file))
        }
        // Before the rename, or a crash could leave a name pointing at bytes that never reached the device.
        for file in files { try file.descriptor.synchronize() }
        for (_, path) in waiting { try DurableFiles.rename(path + DurableFiles.temporary, to: path, on: system) }
        waiting.removeAll(keepingCapacity: true)
    }

    private final class File {
        let descriptor: Descriptor
        init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
    }

    /// When this returns every file stands whole at its path and survives a power cut.
    consuming func commit() throws(FileError) {
        try flush()
        // After the renames, or the crash could take the names back.
        for folder in folders.values { try folder.directory.synchronize() }
    }
}
