import TestSupport

@testable import TraceLedger

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The files and directories of a simulated disk: a value, so that a copy is what stood there at a moment.
struct DiskImage: Sendable {
    private enum Node {
        case file(SimulatedFile)
        case directory(SimulatedDirectory)
    }

    private static let root = 0
    private var nodes: [Int: Node] = [root: .directory(SimulatedDirectory())]
    private var next = 1

    // MARK: Paths

    /// The node at an absolute path.
    func node(_ path: String) throws(SystemError) -> Int {
        var node = DiskImage.root
        for name in path.split(separator: "/") {
            guard case .directory(let directory)? = nodes[node] else { throw SystemError(ENOTDIR) }
            guard let found = directory.entries[String(name)] else { throw SystemError(ENOENT) }
            node = found
        }
        return node
    }

    func isDirectory(_ node: Int) -> Bool {
        if case .directory? = nodes[node] { return true }
        return false
    }

    private func split(_ path: String) throws(SystemError) -> (directory: Int, name: String) {
        let parts = path.split(separator: "/")
        guard let name = parts.last else { throw SystemError(EINVAL) }
        let directory = try node(parts.dropLast().joined(separator: "/"))
        guard isDirectory(directory) else { throw SystemError(ENOTDIR) }
        return (directory, String(name))
    }

    private mutating func change(_ directory: Int, _ change: SimulatedDirectory.Change) {
        guard case .directory(var value)? = nodes[directory] else { return }
        value.change(change)
        nodes[directory] = .directory(value)
    }

    private mutating func insert(_ node: Node, _ path: String) throws(SystemError) -> Int {
        let (directory, name) = try split(path)
        defer { next += 1 }
        nodes[next] = node
        change(directory, [(name, next)])
        return next
    }

    mutating func createFile(_ path: String) throws(SystemError) -> Int { try insert(.file(SimulatedFile()), path) }

    mutating func makeDirectory(_ path: String) throws(SystemError) {
        if (try? node(path)) != nil { throw SystemError(EEXIST) }
        _ = try insert(.directory(SimulatedDirectory()), path)
    }

    mutating func rename(_ old: String, to new: String) throws(SystemError) {
        let moved = try node(old)
        let (source, target) = (try split(old), try split(new))
        // A rename from one directory to another is durable in two places; the engine has none.
        guard source.directory == target.directory else { throw SystemError(EXDEV) }
        if let there = try? node(new), isDirectory(there) { throw SystemError(EISDIR) }
        change(source.directory, [(source.name, nil), (target.name, moved)])
    }

    mutating func remove(_ path: String) throws(SystemError) {
        guard !isDirectory(try node(path)) else { throw SystemError(EISDIR) }
        let (directory, name) = try split(path)
        change(directory, [(name, nil)])
    }

    mutating func removeDirectory(_ path: String) throws(SystemError) {
        guard try list(path).isEmpty else { throw SystemError(ENOTEMPTY) }
        let (directory, name) = try split(path)
        change(directory, [(name, nil)])
    }

    func list(_ path: String) throws(SystemError) -> [String] {
        guard case .directory(let directory)? = nodes[try node(path)] else { throw SystemError(ENOTDIR) }
        return Array(directory.entries.keys)
    }

    // MARK: Files

    func bytes(_ node: Int) throws(SystemError) -> [UInt8] {
        guard case .file(let file)? = nodes[node] else { throw SystemError(EISDIR) }
        return file.bytes
    }

    private mutating func update(_ node: Int, _ body: (inout SimulatedFile) -> Void) throws(SystemError) {
        guard case .file(var file)? = nodes[node] else { throw SystemError(EISDIR) }
        // Taken out first, or the change would copy all bytes.
        nodes[node] = nil
        body(&file)
        nodes[node] = .file(file)
    }

    mutating func write(_ node: Int, _ bytes: some Collection<UInt8>, at offset: Int) throws(SystemError) {
        try update(node) { $0.write(bytes, at: offset) }
    }

    mutating func truncate(_ node: Int, to length: Int) throws(SystemError) {
        try update(node) { $0.truncate(to: length) }
    }

    mutating func synchronize(_ node: Int) throws(SystemError) {
        if case .directory(var directory)? = nodes[node] {
            directory.synchronize()
            nodes[node] = .directory(directory)
        } else {
            try update(node) { $0.synchronize() }
        }
    }

    mutating func synchronizeAll() throws(SystemError) {
        for node in nodes.keys.sorted() { try synchronize(node) }
    }

    /// A synchronization of everything failed.
    mutating func loseAll(_ random: inout SeededGenerator) {
        for node in nodes.keys.sorted() { lose(node, &random) }
    }

    /// A synchronization failed. The names of a directory stay on their way; a file's pages may be dropped.
    mutating func lose(_ node: Int, _ random: inout SeededGenerator) {
        try? update(node) { $0.lose(&random) }
    }

    /// The power is cut: in an order that depends on the seed alone.
    mutating func cut(_ random: inout SeededGenerator) {
        for node in nodes.keys.sorted() {
            switch nodes[node] {
            case .file(var file)?:
                file.cut(&random)
                nodes[node] = .file(file)
            case .directory(var directory)?:
                directory.cut(&random)
                nodes[node] = .directory(directory)
            case nil: break
            }
        }
        forgetUnnamed()
    }

    private mutating func forgetUnnamed() {
        var (reached, waiting) = (Set([DiskImage.root]), [DiskImage.root])
        while let node = waiting.popLast() {
            guard case .directory(let directory)? = nodes[node] else { continue }
            for child in directory.entries.values where reached.insert(child).inserted { waiting.append(child) }
        }
        nodes = nodes.filter { reached.contains($0.key) }
    }

    /// Puts other bytes in the place of a file, or removes it.
    mutating func replace(_ path: String, _ bytes: [UInt8]?) throws {
        try remove(path)
        guard let bytes else { return }
        try write(try createFile(path), bytes, at: 0)
    }

    /// Every file below `folder` with its bytes.
    func files(below folder: String) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in (try? list(folder)) ?? [] {
            let path = "\(folder)/\(name)"
            guard let node = try? node(path) else { continue }
            if isDirectory(node) { files.merge(self.files(below: path)) { $1 } } else { files[path] = try? bytes(node) }
        }
        return files
    }
}
