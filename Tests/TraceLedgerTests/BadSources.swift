import TraceLedger

/// A source that fails once it was asked so often.
actor CuttingSource: LedgerSource {
    struct Cut: Error {}

    nonisolated let name: String
    private let source: DirectorySource
    private var left: Int

    init(_ source: DirectorySource, after count: Int) { (self.source, name, left) = (source, source.name, count) }

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        guard left > 0 else { throw Cut() }
        left -= 1
        return try await source.read(path, limit: limit)
    }
}

/// A source that serves other bytes for some files, and says that others are not there.
struct LyingSource: LedgerSource {
    let source: DirectorySource
    let lies: [String: [UInt8]]
    let denied: Set<String>

    init(_ source: DirectorySource, _ lies: [String: [UInt8]] = [:], denying denied: Set<String> = []) {
        (self.source, self.lies, self.denied) = (source, lies, denied)
    }

    var name: String { source.name }

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        if denied.contains(path) { return nil }
        if let lie = lies[path] { return lie }
        return try await source.read(path, limit: limit)
    }

    static func flipped(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes[bytes.count - 5] ^= 0x10
        return bytes
    }
}
