#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// An open file or directory, closed when it goes out of scope.
struct Descriptor: ~Copyable {
    let number: Int32
    let path: String

    /// Opens `path`; `nil` where it does not exist and `flags` does not create it.
    static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws(FileError) -> Descriptor? {
        while true {
            let number = unsafe path.withCString { unsafe openFile($0, flags | O_CLOEXEC, mode) }
            if number >= 0 { return Descriptor(number: number, path: path) }
            if errno == ENOENT && flags & O_CREAT == 0 { return nil }
            if errno != EINTR { throw .last("open", path) }
        }
    }

    /// Opens a directory that must be there.
    static func directory(_ path: String) throws(FileError) -> Descriptor {
        guard let directory = try open(path, O_RDONLY | O_DIRECTORY) else {
            throw FileError("open", path, code: ENOENT)
        }
        return directory
    }

    private init(number: Int32, path: String) {
        self.number = number
        self.path = path
    }

    deinit { _ = close(number) }

    /// Writes every byte at the current position; short writes and EINTR are continued.
    borrowing func write(_ bytes: [UInt8]) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe systemWrite(number, unsafe UnsafeRawBufferPointer(rebasing: buffer[done...]))
            }
            if written >= 0 {
                done += written
            } else if errno != EINTR {
                throw .last("write", path)
            }
        }
    }

    /// Waits until data and metadata are on the device. A failure is final: the kernel may have dropped the pages, so
    /// nobody asks again (engine.md, point 4).
    borrowing func synchronize() throws(FileError) {
        #if canImport(Darwin)
        // There fsync leaves the bytes in the device's cache.
        guard fcntl(number, F_FULLFSYNC) == 0 else { throw .last("fcntl(F_FULLFSYNC)", path) }
        #else
        guard fsync(number) == 0 else { throw .last("fsync", path) }
        #endif
    }

    /// Waits until the data, and of the metadata what reading it back needs, is on the device.
    borrowing func synchronizeData() throws(FileError) {
        #if canImport(Darwin)
        try synchronize()
        #else
        guard fdatasync(number) == 0 else { throw .last("fdatasync", path) }
        #endif
    }

    /// Cuts the file off after `length` bytes.
    borrowing func truncate(to length: Int) throws(FileError) {
        guard ftruncate(number, off_t(length)) == 0 else { throw .last("ftruncate", path) }
    }

    /// The length in bytes.
    borrowing func length() throws(FileError) -> Int {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw .last("fstat", path) }
        return Int(status.st_size)
    }

    /// Everything from the start, refused where it is longer than `limit` bytes.
    borrowing func readAll(limit: Int) throws(FileError) -> [UInt8] {
        let length = try length()
        guard length <= limit else {
            throw FileError(
                "read",
                path,
                detail: "the file has \(length) bytes, more than the \(limit) that it may have"
            )
        }
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            while count < length {
                let wanted = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
                )
                let got = unsafe pread(number, wanted.baseAddress, wanted.count, off_t(count))
                if got > 0 {
                    count += got
                } else if got == 0 {
                    return
                } else if errno != EINTR {
                    failure = errno
                    return
                }
            }
        }
        guard failure == 0 else { throw FileError("read", path, code: failure) }
        return bytes
    }
}

private func openFile(_ path: UnsafePointer<CChar>, _ flags: Int32, _ mode: mode_t) -> Int32 {
    unsafe open(path, flags, mode)
}

private func systemWrite(_ number: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe write(number, bytes.baseAddress, bytes.count)
}
