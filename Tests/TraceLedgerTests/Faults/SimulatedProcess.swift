import Synchronization
import TestSupport

@testable import TraceLedger

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The system calls of one process on a ``SimulatedDisk``, of which one may meet a ``Fault``.
struct SimulatedProcess: FileSystem {
    let disk: SimulatedDisk
    let number: Int

    /// How many calls it made that can fail.
    var calls: Int { disk.state.withLock { $0.processes[number].calls } }
    /// The calls that it made.
    var trace: [String] { disk.state.withLock { $0.processes[number].trace } }

    /// The process dies, if it lives.
    func kill() { disk.state.withLock { $0.kill(number) } }

    // MARK: Calls

    /// Makes one call, as far as its fault lets it.
    private func call<Value: Sendable>(
        _ name: String,
        _ path: String,
        _ body: (inout SimulatedDisk.State) throws(SystemError) -> Value,
        onFailure: (inout SimulatedDisk.State, Fault) -> Void = { _, _ in }
    ) throws(SystemError) -> Value {
        try disk.state.withLock { state throws(SystemError) in
            guard state.processes[number].isAlive else { throw SystemError(EIO) }
            state.processes[number].calls += 1
            let count = state.processes[number].calls
            state.processes[number].trace.append("\(count) \(name) \(path)")
            guard let fault = state.processes[number].fault, fault.call == count, fault.kind != .shortWrite else {
                return try visible(name, path, &state, body)
            }
            defer { state.strike(fault, "\(name) \(path)") }
            if fault.kind.isDone { _ = try visible(name, path, &state, body) } else { onFailure(&state, fault) }
            if fault.kind.isKill { state.kill(number) }
            if fault.kind.isPowerCut { state.cutPower(fault.seed) }
            throw SystemError(fault.kind.code)
        }
    }

    private func visible<Value: Sendable>(
        _ name: String,
        _ path: String,
        _ state: inout SimulatedDisk.State,
        _ body: (inout SimulatedDisk.State) throws(SystemError) -> Value
    ) throws(SystemError) -> Value {
        let value = try body(&state)
        if name == "rename" { state.noteVisible(path) }
        if name == "rename" || name == "unlink" || name == "rmdir" {
            state.watcher?(state.image, "\(name) \(path)", state.shown.count)
        }
        return value
    }

    private func file(_ file: Int32, _ state: SimulatedDisk.State) throws(SystemError) -> SimulatedDisk.OpenFile {
        guard let open = state.processes[number].files[file] else { throw SystemError(EBADF) }
        return open
    }

    private func path(_ file: Int32) -> String {
        disk.state.withLock { $0.processes[number].files[file]?.path ?? "?" }
    }

    func open(_ path: String, _ flags: Int32, mode: mode_t) throws(SystemError) -> Int32 {
        try call(flags & O_CREAT != 0 ? "create" : "open", path) { state throws(SystemError) in
            let node: Int
            do throws(SystemError) { node = try state.image.node(path) } catch {
                guard error.code == ENOENT, flags & O_CREAT != 0 else { throw error }
                node = try state.image.createFile(path)
            }
            if flags & O_DIRECTORY != 0, !state.image.isDirectory(node) { throw SystemError(ENOTDIR) }
            if flags & O_ACCMODE != O_RDONLY, state.image.isDirectory(node) { throw SystemError(EISDIR) }
            if flags & O_TRUNC != 0 { try state.image.truncate(node, to: 0) }
            let file = state.processes[number].nextFile
            state.processes[number].nextFile += 1
            state.processes[number].files[file] = SimulatedDisk.OpenFile(node: node, path: path)
            return file
        }
    }

    func close(_ file: Int32) {
        disk.state.withLock { state in
            guard let open = state.processes[number].files.removeValue(forKey: file) else { return }
            if let lock = state.locks[open.node], lock == (number, file) { state.locks[open.node] = nil }
        }
    }

    func read(_ file: Int32, into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
        let wanted = bytes.count
        let part = try call("pread", path(file)) { state throws(SystemError) in
            let all = try state.image.bytes(try self.file(file, state).node)
            return Array(all.dropFirst(offset).prefix(wanted))
        }
        unsafe bytes.copyBytes(from: part)
        return part.count
    }

    func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
        let all = unsafe Array(bytes)
        return try call("pwrite", path(file)) { state throws(SystemError) in
            let process = state.processes[number]
            let isShort = process.fault?.kind == .shortWrite && process.fault?.call == process.calls
            let part = isShort ? all.prefix((all.count + 1) / 2) : all[...]
            try state.image.write(try self.file(file, state).node, part, at: offset)
            if isShort, let fault = process.fault { state.strike(fault, "pwrite") }
            return part.count
        }
    }

    func length(_ file: Int32) throws(SystemError) -> Int {
        try call("fstat", path(file)) { state throws(SystemError) in
            try state.image.bytes(try self.file(file, state).node).count
        }
    }

    func truncate(_ file: Int32, to length: Int) throws(SystemError) {
        try call("ftruncate", path(file)) { state throws(SystemError) in
            try state.image.truncate(try self.file(file, state).node, to: length)
        }
    }

    func synchronize(_ file: Int32) throws(SystemError) { try synchronize("fsync", file) }

    func synchronizeData(_ file: Int32) throws(SystemError) { try synchronize("fdatasync", file) }

    private func synchronize(_ name: String, _ file: Int32) throws(SystemError) {
        try call(name, path(file)) { state throws(SystemError) in
            try state.image.synchronize(try self.file(file, state).node)
        } onFailure: { state, fault in
            guard fault.kind.dropsPages, let open = state.processes[number].files[file] else { return }
            var random = SeededGenerator(seed: fault.seed)
            state.image.lose(open.node, &random)
        }
    }

    func synchronizeAll(_ directory: Int32) throws(SystemError) -> Bool {
        try call("syncfs", path(directory)) { state throws(SystemError) in
            try state.image.synchronizeAll()
            return true
        } onFailure: { state, fault in
            guard fault.kind.dropsPages else { return }
            var random = SeededGenerator(seed: fault.seed)
            state.image.loseAll(&random)
        }
    }

    func beginWriteback(_ file: Int32) {}

    func lock(_ file: Int32) throws(SystemError) {
        try call("flock", path(file)) { state throws(SystemError) in
            let node = try self.file(file, state).node
            guard state.locks[node] == nil else { throw SystemError(EWOULDBLOCK) }
            state.locks[node] = (number, file)
        }
    }

    func unlock(_ file: Int32) {
        disk.state.withLock { state in
            guard let open = state.processes[number].files[file] else { return }
            if let lock = state.locks[open.node], lock == (number, file) { state.locks[open.node] = nil }
        }
    }

    func rename(_ old: String, to new: String) throws(SystemError) {
        try call("rename", new) { state throws(SystemError) in try state.image.rename(old, to: new) }
    }

    func remove(_ path: String) throws(SystemError) {
        try call("unlink", path) { state throws(SystemError) in try state.image.remove(path) }
    }

    func makeDirectory(_ path: String, mode: mode_t) throws(SystemError) {
        try call("mkdir", path) { state throws(SystemError) in try state.image.makeDirectory(path) }
    }

    func removeDirectory(_ path: String) throws(SystemError) {
        try call("rmdir", path) { state throws(SystemError) in try state.image.removeDirectory(path) }
    }

    func list(_ path: String) throws(SystemError) -> [String] {
        try call("opendir", path) { state throws(SystemError) in try state.image.list(path) }
    }

    func exists(_ path: String) -> Bool {
        disk.state.withLock { $0.processes[number].isAlive && (try? $0.image.node(path)) != nil }
    }

    func map(_ path: String) throws(SystemError) -> MappedFile? {
        let bytes: [UInt8]? = try call("mmap", path) { state throws(SystemError) in
            do throws(SystemError) { return try state.image.bytes(try state.image.node(path)) } catch {
                if error.code == ENOENT { return nil }
                throw error
            }
        }
        guard let bytes, !bytes.isEmpty else { return nil }
        let start = unsafe mmap(nil, bytes.count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start = unsafe start, unsafe start != UnsafeMutableRawPointer(bitPattern: -1) else {
            throw SystemError(ENOMEM)
        }
        let memory = unsafe UnsafeMutableRawBufferPointer(start: start, count: bytes.count)
        unsafe memory.copyBytes(from: bytes)
        return unsafe MappedFile(mapped: UnsafeRawBufferPointer(memory))
    }
}
