internal import HTTPTypes
internal import Hummingbird
internal import TraceLedger
internal import TraceProof

/// The public files of a ledger directory: the tlog-tiles read API and ours (formats.md section 4), and nothing else of it.
struct PublicFiles: Sendable {
    private let source: DirectorySource
    private let cache: ResourceCache

    /// The files in `directory`.
    init(_ directory: String, cache: ResourceCache) {
        source = DirectorySource(directory)
        self.cache = cache
    }

    private static let octets = "application/octet-stream"
    /// A bundle of the longest entries.
    private static let longest = 256 * (2 + 65_535)

    /// The answer for the resource at `path` below the ledger, `full` its whole path; `nil` where nothing has that name.
    func response(_ path: String, _ full: String, _ headers: HTTPFields) async throws -> Response? {
        if let found = cache.find(full) { return found.response(to: headers) }
        if path.hasPrefix("tile/") { return try await tile(path, full, headers) }
        switch path {
        case "checkpoint": return try await changing(path, "text/plain; charset=utf-8", seconds: 1, headers)
        case "checkpoint.cose": return try await changing(path, "application/cose", seconds: 1, headers)
        case "ledger.json": return try await changing(path, "application/json", seconds: 60, headers)
        default: return try await keptCheckpoint(path, headers)
        }
    }

    private func tile(_ path: String, _ full: String, _ headers: HTTPFields) async throws -> Response? {
        let isFull: Bool
        let isBundle = path.hasPrefix("tile/entries/")
        do throws(FormatError) {
            isFull = isBundle ? try BundleCoordinate(path: path).isFull : try TileCoordinate(path: path).isFull
        } catch { return nil }
        guard let bytes = try await source.read(path, limit: PublicFiles.longest) else { return nil }
        let resource = ImmutableResource(bytes, type: PublicFiles.octets, compresses: isBundle && isFull)
        if isFull { cache.insert(resource, at: full) }
        return resource.response(to: headers)
    }

    private func keptCheckpoint(_ path: String, _ headers: HTTPFields) async throws -> Response? {
        guard path.hasPrefix("checkpoints/") else { return nil }
        var name = path.dropFirst("checkpoints/".count)
        let isRoot = name.hasSuffix(".cose")
        if isRoot { name.removeLast(5) }
        guard let size = UInt64(name), "\(size)" == name else { return nil }
        return try await changing(path, isRoot ? "application/cose" : "text/plain; charset=utf-8", seconds: 60, headers)
    }

    /// What may be another soon.
    private func changing(_ path: String, _ type: String, seconds: Int, _ headers: HTTPFields) async throws -> Response?
    {
        guard let bytes = try await source.read(path, limit: 1 << 20) else { return nil }
        let tag = "\"" + Hex.encode(SHA256.hash(bytes).bytes.prefix(12)) + "\""
        // A verifier in somebody's page may read what is public.
        let fields: HTTPFields = [
            .cacheControl: "public, max-age=\(seconds)", .eTag: tag, .accessControlAllowOrigin: "*",
        ]
        if headers.hasETag(tag) {
            return Response(status: .notModified, headers: fields)
        }
        return Response(bytes: bytes, type: type, headers: fields)
    }
}
