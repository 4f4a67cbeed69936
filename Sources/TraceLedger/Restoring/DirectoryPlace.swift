#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// Device and inode of a ledger's directory: a backup that was put back has others, mostly, so who may not ask anybody
/// (`--offline`) goes on only where the directory is the one that was last known to be the newest.
///
/// `state/place` holds the two numbers as decimal text.
enum DirectoryPlace {
    /// The numbers as they are now.
    static func now(_ directory: String) throws(LedgerError) -> String {
        var status = stat()
        guard unsafe stat(directory, &status) == 0 else { throw .file(FileError("stat", directory, .last)) }
        return "\(status.st_dev) \(status.st_ino)\n"
    }

    /// The numbers when the directory was last known to be the newest; `nil` where that never was.
    static func recorded(_ directory: String) throws(LedgerError) -> String? {
        do {
            return try DurableFiles.read("\(directory)/\(Layout.place)", limit: 256)
                .map { String(decoding: $0, as: UTF8.self) }
        } catch { throw .file(error) }
    }

    /// Records where the directory is now. Durable before the first acknowledgement that relies on it.
    static func record(_ directory: String) throws(LedgerError) {
        let place = try now(directory)
        if try recorded(directory) == place { return }
        do { try DurableFiles.write(Array(place.utf8), to: "\(directory)/\(Layout.place)", mode: 0o600) } catch {
            throw .file(error)
        }
    }
}
