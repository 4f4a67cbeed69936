public import TraceProof

/// Reads a ledger that somebody publishes: checkpoints, entries and proofs at any published size.
///
/// Whatever comes back was checked against a checkpoint that the ledger's key signed; the store in between is trusted for
/// nothing.
public struct LedgerReader: Sendable {
    /// Where the files come from.
    public let source: any LedgerSource
    /// The ledger's key; its name is the origin.
    public var key: VerifierKey { keys.current }
    /// The ledger's keys: the one that signs now, and those before it as far as they are known.
    public let keys: LedgerKeys
    let checker: any SignatureChecker
    let cache: TileCache
    /// The ledger's number in ``cache``.
    let number: Int

    /// A reader of the ledger whose key is `key`.
    ///
    /// Copies of a reader share its `cache` of proved tiles; give one to several readers to bound what all of them keep.
    public init(
        _ source: any LedgerSource,
        key: VerifierKey,
        checker: any SignatureChecker,
        cache: TileCache = TileCache()
    ) {
        self.init(source, keys: LedgerKeys(current: key), checker: checker, cache: cache)
    }

    /// A reader of a ledger whose keys, past ones included, are known.
    public init(
        _ source: any LedgerSource,
        keys: LedgerKeys,
        checker: any SignatureChecker,
        cache: TileCache = TileCache()
    ) {
        self.source = source
        self.keys = keys
        self.checker = checker
        self.cache = cache
        let key = keys.current
        number = cache.ledger("\(key.name)\n\(key.keyID)\n\(source.name)")
    }

    /// A reader that takes the ledger's key from its `ledger.json`: for one's own directory, or to look around; whoever
    /// distrusts the source brings the key.
    public init(_ source: any LedgerSource, checker: any SignatureChecker) async throws {
        let keys = try await LedgerReader.information(source).keys
        let reader = LedgerReader(source, key: keys.current, checker: checker)
        self = try await reader.following(keys)
    }

    /// The `ledger.json` of a source.
    public static func information(_ source: any LedgerSource) async throws -> LedgerInformation {
        let path = "\(source.name)/\(Layout.information)"
        guard let bytes = try await source.read(Layout.information, limit: FileLimit.information) else {
            throw LedgerError.notFound("\(path): there is no ledger here; make one with `traceledger init`")
        }
        return try LedgerInformation(decoding: bytes, path: path)
    }

    /// The latest published checkpoint.
    public func checkpoint() async throws -> SignedCheckpoint { try await checkpoint(at: Layout.checkpoint) }

    /// The checkpoint that was published at `size`.
    public func checkpoint(size: UInt64) async throws -> SignedCheckpoint {
        let latest = try await checkpoint()
        if latest.checkpoint.head.size == size { return latest }
        guard size < latest.checkpoint.head.size else {
            throw LedgerError.notFound(
                "\(source.name): the ledger has \(latest.checkpoint.head.size) entries, not \(size)"
            )
        }
        return try await keptCheckpoint(size: size)
    }

    /// The checkpoint in `checkpoints/<size>`.
    func keptCheckpoint(size: UInt64) async throws -> SignedCheckpoint {
        let kept = try await checkpoint(at: Layout.keptCheckpoint(size))
        guard kept.checkpoint.head.size == size else {
            throw unreadable(Layout.keptCheckpoint(size), "the checkpoint is of size \(kept.checkpoint.head.size)")
        }
        return kept
    }

    func checkpoint(at path: String) async throws -> SignedCheckpoint {
        guard let bytes = try await source.read(path, limit: FileLimit.checkpoint) else {
            let what =
                path == Layout.checkpoint ? "there is no checkpoint here" : "no checkpoint was published at this size"
            throw LedgerError.notFound("\(source.name)/\(path): \(what)")
        }
        let signed: SignedCheckpoint
        do { signed = try SignedCheckpoint(bytes: bytes) } catch { throw unreadable(path, error.description) }
        guard signed.checkpoint.origin.hasSameUTF8(as: key.name) else {
            throw untrusted(path, "the origin is \(signed.checkpoint.origin), and \(key.name) was asked for")
        }
        guard hasSigned(signed) else {
            throw untrusted(path, "the ledger's key did not sign this checkpoint")
        }
        return signed
    }

    /// Whether all of the ledger's keys of its time signed a checkpoint, as far as they are known here.
    public func hasSigned(_ checkpoint: SignedCheckpoint) -> Bool { keys.signed(checkpoint, checker: checker) }

    /// The COSE root signature of a published size, from which receipts are made.
    public func rootSignature(for checkpoint: Checkpoint) async throws -> RootSignature {
        for path in [Layout.rootSignature, Layout.keptRootSignature(checkpoint.head.size)] {
            if let signature = try? await rootSignature(at: path, of: checkpoint.head) { return signature }
        }
        throw LedgerError.notFound("\(source.name): no COSE root signature is kept for size \(checkpoint.head.size)")
    }

    /// The COSE root signature in one file, which must be over the root of `head`, by a key of its time.
    func rootSignature(at path: String, of head: TreeHead) async throws -> RootSignature {
        guard let bytes = try await source.read(path, limit: FileLimit.rootSignature) else {
            throw unreadable(path, "the COSE root signature is missing")
        }
        guard let signature = try? RootSignature(decoding: bytes), signature.origin.hasSameUTF8(as: key.name),
            keys.signers(of: head.size).compactMap(\.publicKey).contains(where: { key in
                (try? signature.verify(root: head.root, key: key, checker: checker)) != nil
            })
        else { throw unreadable(path, "not the ledger's COSE signature over the root of its checkpoint") }
        return signature
    }

    /// A tile, or the full one at its place where the partial one was pruned.
    func tile(_ wanted: TileCoordinate) async throws -> Tile {
        for coordinate in wanted.isFull ? [wanted] : [wanted, wanted.full] {
            guard let bytes = try await source.read(coordinate.path, limit: FileLimit.tile) else { continue }
            do { return try Tile(coordinate, decoding: bytes) } catch {
                throw untrusted(coordinate.path, error.description)
            }
        }
        throw LedgerError.corrupt(path: "\(source.name)/\(wanted.path)", reason: "the tile is missing")
    }

    /// A bundle of entries, or as much as is wanted of the full one where the partial one was pruned.
    func bundle(_ wanted: BundleCoordinate) async throws -> EntryBundle {
        for coordinate in wanted.isFull ? [wanted] : [wanted, BundleCoordinate(index: wanted.index) ?? wanted] {
            guard let bytes = try await source.read(coordinate.path, limit: FileLimit.bundle) else { continue }
            do { return try EntryBundle(decoding: bytes, width: coordinate.width) } catch {
                throw untrusted(coordinate.path, error.description)
            }
        }
        throw LedgerError.corrupt(path: "\(source.name)/\(wanted.path)", reason: "the entries are missing")
    }

    func unreadable(_ path: String, _ reason: String) -> LedgerError {
        .unreadable(path: "\(source.name)/\(path)", reason: reason)
    }

    func untrusted(_ path: String, _ reason: String) -> LedgerError {
        .untrusted(path: "\(source.name)/\(path)", reason: reason)
    }
}
