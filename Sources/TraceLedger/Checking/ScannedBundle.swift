internal import TraceProof
internal import TraceStatements

/// What can be said of a bundle's entries by themselves, whatever stands before them: their leaf hashes and, at the depths
/// that look into entries, their chain links and signatures. Made in parallel, folded in order by ``ChainCheck``.
struct ScannedBundle: Sendable {
    /// An entry as the chains see it.
    enum Entry: Sendable {
        /// A link of a chain whose key an earlier entry introduced.
        case link(EntryLink)
        /// A statement of another form; whether it introduces a key that is no good point.
        case header(StatementHeader, hasWeakKey: Bool)
        /// Not a statement.
        case unreadable(FormatError)
    }

    /// A signature that was checked ahead, under the key that seemed to be the one; where that may turn out to be another
    /// one, the statement is kept.
    struct CheckedSignature: Sendable {
        let key: PublicKey?
        let isValid: Bool
        let statement: Statement?
    }

    /// The number of bytes that were read and hashed.
    let byteCount: Int
    /// The leaf hashes.
    let leaves: [Digest]
    /// The hash over them where the bundle is full.
    let root: Digest?
    /// The entries; empty at depth `tree`.
    private(set) var entries: [Entry] = []
    /// Their signatures; empty but at depth `statements`.
    private(set) var signatures: [CheckedSignature] = []
    /// At depth `chains` the newest entry of each kid, and every one that introduces a key.
    private(set) var newest: [(position: Int, statement: Statement)] = []
    /// Enrolments of somebody by himself: in the ledger's own name they hand it over.
    private(set) var ownEnrolments: [Int: Statement] = [:]
    /// What entries commission, by their positions; empty at depth `tree`.
    private(set) var commissioned: [(position: Int, items: CommissionedItems)] = []
    /// What the activations claim and whether it holds by itself, by their positions; empty but at depth `statements`.
    private(set) var activations: [Int: Result<ActivationClaim, ActivationError>] = [:]
    /// Where map roots may stand; empty at depth `tree`.
    private(set) var mapRoots: [Int] = []
    /// The ledger's first entry.
    private(set) var genesis: Statement?
    /// At depth `chains` the bytes, for the entries that turn out to need a second look.
    private var bytes: EntryBundle?

    /// Hashes and reads `bundle`, or the first `width` entries of it.
    ///
    /// - Parameter leaves: their leaf hashes where the caller has made them already.
    init(
        _ bundle: EntryBundle,
        width: Int,
        leaves: [Digest]? = nil,
        at coordinate: BundleCoordinate,
        depth: CheckDepth,
        keys: KeyTable,
        checker: any SignatureChecker
    ) {
        byteCount = bundle.encoded.count
        self.leaves = leaves ?? ScannedBundle.leafHashes(bundle, width)
        root = width == 256 ? TreeHash.perfectRoot(self.leaves[...]) : nil
        guard depth != .tree else { return }
        scan(bundle, width, isFirst: coordinate.index == 0, depth, keys, checker)
    }

    /// The one place where entries are hashed.
    static func leafHashes(_ bundle: EntryBundle, _ width: Int) -> [Digest] {
        let leaves = TreeHash.leaves(bundle)
        return width == leaves.count ? leaves : Array(leaves.prefix(width))
    }

    private mutating func scan(
        _ bundle: EntryBundle,
        _ width: Int,
        isFirst: Bool,
        _ depth: CheckDepth,
        _ keys: KeyTable,
        _ checker: any SignatureChecker
    ) {
        entries.reserveCapacity(width)
        if depth == .chains { bytes = bundle }
        var introduced: [UInt64: PublicKey] = [:]
        var last: [UInt64: Int] = [:]
        for position in 0..<width {
            let bytes = bundle[position]
            if MapCheck.mayBeRoot(bytes) { mapRoots.append(position) }
            if let items = ActivationFinding.items(of: bytes) { commissioned.append((position, items)) }
            if depth == .chains, let link = EntryLink(bytes) {
                entries.append(.link(link))
                last[link.keyID] = position
                continue
            }
            let statement: Statement
            do { statement = try Statement(decoding: Array(bytes)) } catch {
                entries.append(.unreadable(error))
                if depth == .statements { signatures.append(CheckedSignature(key: nil, isValid: true, statement: nil)) }
                continue
            }
            if isFirst, position == 0 { genesis = statement }
            if KeySuccession.isClaimed(by: statement.header, origin: statement.header.issuer) {
                ownEnrolments[position] = statement
            }
            let key = statement.header.publicKey
            entries.append(.header(statement.header, hasWeakKey: key.map { !checker.isValidPoint($0.bytes) } ?? false))
            if depth == .statements {
                signatures.append(ScannedBundle.check(statement, introduced, keys, checker))
                if statement.header.kind == .activation {
                    activations[position] = ScannedBundle.claim(statement, checker)
                }
            } else if key != nil {
                newest.append((position, statement))
            } else if statement.header.chain != nil {
                last[statement.header.keyID.number] = position
            }
            if let key { introduced[statement.header.keyID.number] = key }
        }
        for position in last.values {
            if let statement = try? Statement(decoding: Array(bundle[position])) {
                newest.append((position, statement))
            }
        }
        newest.sort { $0.position < $1.position }
    }

    /// The whole header of the entry at a position; `nil` where it is no statement.
    func header(at position: Int) -> StatementHeader? {
        guard entries.indices.contains(position) else { return nil }
        switch entries[position] {
        case .unreadable: return nil
        case .header(let header, _): return header
        case .link: return bytes.flatMap { try? Statement(decoding: Array($0[position])).header }
        }
    }

    private static func claim(
        _ statement: Statement,
        _ checker: any SignatureChecker
    ) -> Result<ActivationClaim, ActivationError> {
        Result { () throws(ActivationError) in
            let claim = try ActivationClaim(statement)
            try claim.checkSignature(of: statement, checker: checker)
            return claim
        }
    }

    private static func check(
        _ statement: Statement,
        _ introduced: [UInt64: PublicKey],
        _ keys: KeyTable,
        _ checker: any SignatureChecker
    ) -> CheckedSignature {
        // It has its own key, and a check of its own.
        if statement.header.kind == .activation {
            return CheckedSignature(key: nil, isValid: true, statement: nil)
        }
        let keyID = statement.header.keyID.number
        let final = statement.header.publicKey ?? keys[keyID]
        guard let key = final ?? introduced[keyID] else {
            return CheckedSignature(key: nil, isValid: false, statement: statement)
        }
        let isValid = checker.admits(statement.signature, for: statement.signedBytes, by: key)
        return CheckedSignature(key: key, isValid: isValid, statement: final == nil ? statement : nil)
    }
}
