#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// An open file or directory, closed when it goes out of scope.
struct Descriptor: ~Copyable, Sendable {
    let number: Int32
    /// What errors call it; whoever renames the file says so.
    var path: String
    let system: any FileSystem

    /// Opens `path`; `nil` where it does not exist and `flags` does not create it.
    static func open(
        _ path: String,
        _ flags: Int32,
        mode: mode_t = 0o644,
        on system: any FileSystem
    ) throws(FileError) -> Descriptor? {
        while true {
            do { return Descriptor(number: try system.open(path, flags, mode: mode), path: path, system: system) } catch
            {
                if error.code == ENOENT && flags & O_CREAT == 0 { return nil }
                if error.code != EINTR { throw FileError("open", path, error) }
            }
        }
    }

    /// Opens a directory that must be there.
    static func directory(_ path: String, on system: any FileSystem) throws(FileError) -> Descriptor {
        guard let directory = try open(path, O_RDONLY | O_DIRECTORY, on: system) else {
            throw FileError("open", path, code: ENOENT)
        }
        return directory
    }

    private init(number: Int32, path: String, system: any FileSystem) {
        (self.number, self.path, self.system) = (number, path, system)
    }

    deinit { system.close(number) }

    /// Writes every byte from `offset` on; short writes and EINTR are continued.
    borrowing func write(_ bytes: [UInt8], at offset: Int = 0) throws(FileError) {
        var done = 0
        while done < bytes.count {
            var failure: SystemError?
            unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
                do throws(SystemError) { done += try unsafe system.write(number, rest, at: offset + done) } catch {
                    failure = error
                }
            }
            if let failure, failure.code != EINTR { throw FileError("write", path, failure) }
        }
    }

    /// Waits until data and metadata are on the device. A failure is final: the kernel may have dropped the pages, so
    /// nobody asks again (engine.md, point 4).
    borrowing func synchronize() throws(FileError) {
        do { try system.synchronize(number) } catch { throw FileError("fsync", path, error) }
    }

    /// Waits until the data, and of the metadata what reading it back needs, is on the device.
    borrowing func synchronizeData() throws(FileError) {
        do { try system.synchronizeData(number) } catch { throw FileError("fdatasync", path, error) }
    }

    /// Cuts the file off after `length` bytes.
    borrowing func truncate(to length: Int) throws(FileError) {
        do { try system.truncate(number, to: length) } catch { throw FileError("ftruncate", path, error) }
    }

    /// The length in bytes.
    borrowing func length() throws(FileError) -> Int {
        do { return try system.length(number) } catch { throw FileError("fstat", path, error) }
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
        return try read(length, at: 0)
    }

    /// Up to `count` bytes from `offset` on; fewer where the file ends before.
    borrowing func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
        var failure: SystemError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let wanted = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[done..<count]
                )
                do throws(SystemError) {
                    let got = try unsafe system.read(number, into: wanted, at: offset + done)
                    if got == 0 { return }
                    done += got
                } catch {
                    if error.code == EINTR { continue }
                    failure = error
                    return
                }
            }
        }
        if let failure { throw FileError("read", path, failure) }
        return bytes
    }
}
