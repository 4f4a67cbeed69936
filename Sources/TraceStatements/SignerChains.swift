public import TraceProof

/// The hash chains of a ledger's signers (formats.md section 2): what makes the ledger hash-chained per enterprise and
/// not only as a whole.
///
/// State is kept by the full key. Each statement must stand right behind its signer's previous one; a gap, a fork or a
/// replay from another ledger does not. Signatures are the caller's to check: this looks at hashes alone.
public struct SignerChains: Sendable {
    /// The newest entry of one signer.
    public struct Head: Hashable, Sendable {
        /// Its position in the signer's chain.
        public let sequence: UInt64
        /// Its leaf hash.
        public let leafHash: Digest
        /// Its index in the ledger.
        public let index: UInt64

        /// The entry at `index`, number `sequence` of its signer.
        public init(sequence: UInt64, leafHash: Digest, index: UInt64) {
            (self.sequence, self.leafHash, self.index) = (sequence, leafHash, index)
        }
    }

    /// Leaf hash of the ledger's genesis entry, which every signer's first entry names; `nil` until it was read.
    public private(set) var genesis: Digest?
    /// The newest entry of each key.
    public private(set) var heads: [PublicKey: Head] = [:]
    private var keysByID: [KeyID: PublicKey] = [:]
    private let origin: String

    /// The chains of the ledger with this origin, before its first entry.
    public init(origin: String) { self.origin = origin }

    /// The chains of a ledger whose genesis entry has the leaf hash `genesis`, as they stood with these newest entries.
    public init(origin: String, genesis: Digest, heads: [PublicKey: Head]) {
        (self.origin, self.genesis, self.heads) = (origin, genesis, heads)
        for key in heads.keys { keysByID[KeyID(of: key)] = key }
    }

    /// The signing key of a statement: the one that it carries, or the one that an earlier entry introduced for its kid.
    public func key(of header: StatementHeader) -> PublicKey? { header.publicKey ?? keysByID[header.keyID] }

    /// Where the next entry of `key` belongs; `nil` before the genesis entry.
    public func next(for key: PublicKey) -> ChainLink? {
        if let head = heads[key] { return ChainLink(sequence: head.sequence + 1, previous: head.leafHash) }
        return genesis.map { ChainLink(sequence: 0, previous: $0) }
    }

    /// Checks that a statement stands where its signer's chain continues, without advancing.
    ///
    /// - Returns: the signing key, whose signature the caller verifies; `nil` for an activation, which has no chain and
    ///   names its key itself.
    public func check(_ header: StatementHeader, leafHash: Digest) throws(ChainError) -> PublicKey? {
        guard let link = header.chain else { return nil }
        guard let genesis else { return try checkGenesis(header, link) }
        guard header.kind != .genesis else { throw .secondGenesis }
        if let key = header.publicKey {
            if let other = keysByID[header.keyID], other != key { throw .keyIDTaken(header.keyID) }
            if let head = heads[key] { throw .fork(sequence: 0, head: head) }
            guard link.previous == genesis else { throw .otherLedger(found: link.previous, genesis: genesis) }
            return key
        }
        guard let key = keysByID[header.keyID], let head = heads[key] else { throw .unknownKey(header.keyID) }
        if link.sequence <= head.sequence { throw .fork(sequence: link.sequence, head: head) }
        guard link.sequence == head.sequence + 1 else { throw .gap(expected: head.sequence + 1, found: link.sequence) }
        guard link.previous == head.leafHash else {
            throw .wrongPrevious(sequence: link.sequence, found: link.previous, head: head)
        }
        return key
    }

    /// What ``advance(_:leafHash:index:)`` changed, so that it can be taken back.
    public struct Change: Sendable {
        /// The signing key; `nil` for an activation, which changes nothing.
        public let key: PublicKey?
        fileprivate let previous: Head?
        fileprivate let wasGenesis: Bool
    }

    /// Checks a statement and makes it the newest entry of its signer.
    @discardableResult
    public mutating func advance(
        _ header: StatementHeader,
        leafHash: Digest,
        index: UInt64
    ) throws(ChainError) -> Change {
        guard let key = try check(header, leafHash: leafHash), let link = header.chain else {
            return Change(key: nil, previous: nil, wasGenesis: false)
        }
        let wasGenesis = genesis == nil
        if wasGenesis { genesis = leafHash }
        if link.sequence == 0 { keysByID[header.keyID] = key }
        let head = Head(sequence: link.sequence, leafHash: leafHash, index: index)
        return Change(key: key, previous: heads.updateValue(head, forKey: key), wasGenesis: wasGenesis)
    }

    /// Takes the last change back that was not taken back yet.
    public mutating func undo(_ change: Change) {
        guard let key = change.key else { return }
        heads[key] = change.previous
        if change.previous == nil { keysByID[KeyID(of: key)] = nil }
        if change.wasGenesis { genesis = nil }
    }

    /// Goes on behind an entry that does not follow: for a check that named it.
    ///
    /// It becomes its signer's newest where it stands further on in the chain. A fork does not: what stood there first is
    /// what the honest rest of the chain follows. Nor does a kid change hands.
    public mutating func adopt(_ header: StatementHeader, leafHash: Digest, index: UInt64) {
        guard let link = header.chain, let key = key(of: header) else { return }
        if genesis == nil { genesis = leafHash }
        if let head = heads[key], head.sequence >= link.sequence { return }
        if keysByID[header.keyID] == nil { keysByID[header.keyID] = key }
        heads[key] = Head(sequence: link.sequence, leafHash: leafHash, index: index)
    }

    private func checkGenesis(_ header: StatementHeader, _ link: ChainLink) throws(ChainError) -> PublicKey {
        guard header.kind == .genesis, let key = header.publicKey, link == Genesis.link(origin: origin),
            header.issuer.hasSameUTF8(as: origin), header.subject.hasSameUTF8(as: origin)
        else { throw .noGenesis }
        return key
    }
}

/// Why a statement does not continue its signer's chain.
public enum ChainError: Error, Equatable, Sendable {
    /// The ledger's first entry is not a genesis statement for its origin.
    case noGenesis
    /// A genesis statement behind the first entry.
    case secondGenesis
    /// The kid belongs to no key that an earlier entry introduced.
    case unknownKey(KeyID)
    /// The kid already belongs to another key of this ledger.
    case keyIDTaken(KeyID)
    /// Positions are missing between the signer's newest entry and this one.
    case gap(expected: UInt64, found: UInt64)
    /// The position is already taken: two entries of one key with one sequence number are fork evidence.
    case fork(sequence: UInt64, head: SignerChains.Head)
    /// The position is right and the previous entry is another one.
    case wrongPrevious(sequence: UInt64, found: Digest, head: SignerChains.Head)
    /// The signer's first entry names another ledger's genesis: a replay, or a ledger made again under the same origin.
    case otherLedger(found: Digest, genesis: Digest)
}

extension ChainError: CustomStringConvertible {
    /// What is wrong, and the remedy.
    public var description: String {
        switch self {
        case .noGenesis: "the first entry is not the genesis statement of this ledger's origin"
        case .secondGenesis: "a genesis statement may only be entry 0"
        case .unknownKey(let id):
            "no earlier entry introduces the key with kid \(id): its entry with sequence 0 must come first"
        case .keyIDTaken(let id):
            "the kid \(id) already belongs to another key of this ledger: generate another key"
        case .gap(let expected, let found):
            "gap in the signer's chain: sequence \(expected) is next and \(found) was given; "
                + "append the missing statements first, or sign again from the ledger's head"
        case .fork(let sequence, let head):
            "sequence \(sequence) is taken: the signer's newest entry is number \(head.sequence) at index \(head.index); "
                + "sign again from the ledger's head"
        case .wrongPrevious(let sequence, let found, let head):
            "sequence \(sequence) names \(found) as the entry before it, but that is \(head.leafHash) (index \(head.index)); "
                + "sign again from the ledger's head"
        case .otherLedger(let found, let genesis):
            "the signer's chain begins at the genesis entry \(found) of another ledger; this ledger's is \(genesis)"
        }
    }
}
