public import TraceProof

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Key files: PKCS#8 and SPKI PEM, as `openssl pkey` reads and writes them.
///
/// ```swift
/// try KeyFile.write(SigningKey.generate(), to: "signing.key")
/// let (key, isExposed) = try KeyFile.read("signing.key")
/// ```
public enum KeyFile {
    /// Longer files are no key files.
    public static let maximumByteCount = PEM.maximumByteCount

    /// Writes the private key to a new file that its owner alone can read (mode 0600). The text is wiped from memory
    /// afterwards.
    ///
    /// - Throws: ``FormatError`` naming the file if something of that name exists, a link included, or cannot be written;
    ///   nothing half-written is left behind.
    public static func write(_ key: SigningKey, to path: String) throws(FormatError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let remedy =
                errno == EEXIST ? "; a key is never overwritten, choose another name or move the old one away" : ""
            throw failure(path, "it cannot be created", remedy)
        }
        do throws(FormatError) {
            defer { close(descriptor) }
            let text = key.pemText()
            try unsafe text.withBytes { bytes throws(FormatError) in try unsafe writeAll(bytes, to: descriptor, path) }
            // A key that signed and then vanished in a power cut cannot be made again: the file and its name both have
            // to be on the disk before anybody uses it.
            guard fsync(descriptor) == 0 else { throw failure(path, "it cannot be brought to the disk") }
            try syncDirectory(of: path)
        } catch {
            _ = unsafe unlink(path)
            throw error
        }
    }

    /// Reads a private key. `isExposed` says that group or others may read or write the file: warn, and advise `chmod 600`.
    ///
    /// - Throws: ``FormatError`` naming the file, if it cannot be read or for the reasons of ``SigningKey/init(pem:)``.
    public static func read(_ path: String) throws(FormatError) -> (key: SigningKey, isExposed: Bool) {
        let (key, mode) = try load(path) { text throws(FormatError) in try SigningKey(pem: text) }
        return (key, mode & 0o066 != 0)
    }

    /// Reads a public key.
    ///
    /// - Throws: ``FormatError`` naming the file, if it cannot be read or is not an SPKI PEM text of an Ed25519 key.
    public static func readPublicKey(_ path: String) throws(FormatError) -> PublicKey {
        try load(path) { text throws(FormatError) in try PublicKey(pem: text) }.key
    }

    /// Reads the file into guarded memory and parses it; gives the file's mode too.
    private static func load<Key>(
        _ path: String,
        _ parse: (borrowing Span<UInt8>) throws(FormatError) -> Key
    ) throws(FormatError) -> (key: Key, mode: mode_t) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "it cannot be opened") }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure(path, "it cannot be examined") }

        // One byte more than is allowed shows that a file is too long without reading all of it.
        var text = SecretMemory(count: maximumByteCount + 1)
        let count = try unsafe text.withMutableBytes { bytes throws(FormatError) in
            try unsafe readAll(bytes, from: descriptor, path)
        }
        let key = try unsafe text.withBytes { bytes throws(FormatError) in
            do throws(FormatError) {
                return try unsafe parse(Span(_unsafeElements: bytes).extracting(first: count))
            } catch {
                throw FormatError("\(path): \(error.format)", at: error.place, error.reason)
            }
        }
        return (key, status.st_mode)
    }
}

// MARK: - System calls

private func readAll(
    _ bytes: UnsafeMutableBufferPointer<UInt8>,
    from descriptor: CInt,
    _ path: String
) throws(FormatError) -> Int {
    var count = 0
    while count < bytes.count, let base = bytes.baseAddress {
        let result = unsafe read(descriptor, base + count, bytes.count - count)
        if result == 0 { break }
        guard result > 0 || errno == EINTR else { throw failure(path, "it cannot be read") }
        count += max(0, result)
    }
    return count
}

private func writeAll(
    _ bytes: UnsafeBufferPointer<UInt8>,
    to descriptor: CInt,
    _ path: String
) throws(FormatError) {
    var count = 0
    while count < bytes.count, let base = bytes.baseAddress {
        let result = unsafe write(descriptor, base + count, bytes.count - count)
        guard result >= 0 || errno == EINTR else { throw failure(path, "it cannot be written") }
        count += max(0, result)
    }
}

private func syncDirectory(of path: String) throws(FormatError) {
    let slash = path.utf8.lastIndex(of: 0x2F)
    let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(directory, "the directory cannot be opened") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(directory, "the directory cannot be brought to the disk") }
}

/// An error with the reason that the last system call left in `errno`.
private func failure(_ path: String, _ what: String, _ remedy: String = "") -> FormatError {
    let cause = unsafe String(cString: strerror(errno))
    return FormatError(path, at: .whole, "\(what): \(cause)\(remedy)")
}
