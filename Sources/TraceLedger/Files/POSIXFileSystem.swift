#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The operating system's own calls.
struct POSIXFileSystem: FileSystem {
    func open(_ path: String, _ flags: Int32, mode: mode_t) throws(SystemError) -> Int32 {
        let file = unsafe path.withCString { unsafe systemOpen($0, flags | O_CLOEXEC, mode) }
        guard file >= 0 else { throw .last }
        return file
    }

    func close(_ file: Int32) { systemClose(file) }

    func read(_ file: Int32, into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
        let count = unsafe pread(file, bytes.baseAddress, bytes.count, off_t(offset))
        guard count >= 0 else { throw .last }
        return count
    }

    func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
        let count = unsafe pwrite(file, bytes.baseAddress, bytes.count, off_t(offset))
        guard count >= 0 else { throw .last }
        return count
    }

    func length(_ file: Int32) throws(SystemError) -> Int {
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw .last }
        return Int(status.st_size)
    }

    func truncate(_ file: Int32, to length: Int) throws(SystemError) {
        guard ftruncate(file, off_t(length)) == 0 else { throw .last }
    }

    func synchronize(_ file: Int32) throws(SystemError) {
        #if canImport(Darwin)
        // There fsync leaves the bytes in the device's cache.
        guard fcntl(file, F_FULLFSYNC) == 0 else { throw .last }
        #else
        guard fsync(file) == 0 else { throw .last }
        #endif
    }

    func synchronizeData(_ file: Int32) throws(SystemError) {
        #if canImport(Darwin)
        try synchronize(file)
        #else
        guard fdatasync(file) == 0 else { throw .last }
        #endif
    }

    func synchronizeAll(_ directory: Int32) throws(SystemError) -> Bool {
        #if canImport(Darwin)
        return false
        #else
        guard systemSyncFileSystem(directory) == 0 else { throw .last }
        return true
        #endif
    }

    func beginWriteback(_ file: Int32) {
        #if canImport(Glibc)
        // Linux begins to write dirty pages back before it would drop them, and drops none that is not clean yet.
        _ = posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
        #endif
    }

    func lock(_ file: Int32) throws(SystemError) {
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else { throw .last }
    }

    func unlock(_ file: Int32) { _ = flock(file, LOCK_UN) }

    func rename(_ old: String, to new: String) throws(SystemError) {
        guard systemRename(old, new) == 0 else { throw .last }
    }

    func remove(_ path: String) throws(SystemError) {
        guard unsafe unlink(path) == 0 else { throw .last }
    }

    func makeDirectory(_ path: String, mode: mode_t) throws(SystemError) {
        guard unsafe mkdir(path, mode) == 0 else { throw .last }
    }

    func removeDirectory(_ path: String) throws(SystemError) {
        guard unsafe rmdir(path) == 0 else { throw .last }
    }

    func list(_ path: String) throws(SystemError) -> [String] {
        guard let stream = unsafe opendir(path) else { throw .last }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    func map(_ path: String) throws(SystemError) -> MappedFile? {
        let file: Int32
        do { file = try open(path, O_RDONLY, mode: 0) } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        defer { close(file) }
        let count = try length(file)
        guard count > 0 else { return nil }
        let start = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, file, 0)
        guard let start = unsafe start, unsafe start != UnsafeMutableRawPointer(bitPattern: -1) else { throw .last }
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
        return unsafe MappedFile(mapped: bytes)
    }
}

private func systemOpen(_ path: UnsafePointer<CChar>, _ flags: Int32, _ mode: mode_t) -> Int32 {
    unsafe open(path, flags, mode)
}

#if !canImport(Darwin)
/// `syncfs(2)`, which the headers show to GNU sources only, and Swift's import of them is none.
@_silgen_name("syncfs") private func systemSyncFileSystem(_ number: Int32) -> Int32
#endif

private func systemClose(_ file: Int32) { _ = close(file) }

private func systemRename(_ old: String, _ new: String) -> Int32 { unsafe rename(old, new) }
