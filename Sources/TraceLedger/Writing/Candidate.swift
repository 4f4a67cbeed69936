internal import TraceProof
internal import TraceStatements

/// An entry on its way in, with all that can be found out before its place in the ledger is known.
struct Candidate: Sendable {
    /// What is known of the signature.
    enum SignatureFinding: Equatable, Sendable {
        /// It is this key's, and admissible.
        case valid(PublicKey)
        /// It is not this key's.
        case invalid(PublicKey)
        /// The key that the statement introduces is not a good point.
        case weakKey(PublicKey)
        /// The key was not known yet: an entry before this one may introduce it.
        case open
    }

    /// The entry's bytes.
    let entry: [UInt8]
    let leaf: Digest
    /// `nil` for an opaque entry, which has no chain, no issuer and no signature.
    let statement: Statement?
    /// The hash of kind, issuer and payload; for an opaque entry its leaf hash is all there is.
    let content: Digest?
    let finding: SignatureFinding
    /// What is known of it, where it is an activation.
    var activation: ActivationFinding?
    /// What the index on disk says: the entry of this leaf hash, and that of this content.
    var standingLeaf: Standing?
    var standingContent: Standing?
    /// How many entries the index on disk covered when it was asked.
    var indexed: UInt64 = 0
}

/// An entry that stands in the ledger.
struct Standing: Sendable {
    let index: UInt64
    let leafHash: Digest
}

/// The digest by which an equal statement of an issuer is found.
enum ContentKey {
    /// The kind, since a recall in the words of a note is no duplicate; the issuer's length keeps issuer and payload apart.
    static func of(kind: StatementKind, issuer: String, payload: [UInt8]) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(12 + issuer.utf8.count + payload.count)
        bytes += kind.rawValue.bigEndianBytes
        bytes += UInt32(truncatingIfNeeded: issuer.utf8.count).bigEndianBytes
        bytes += issuer.utf8
        bytes += payload
        return SHA256.hash(bytes)
    }

    static func of(_ statement: Statement) -> Digest {
        of(kind: statement.header.kind, issuer: statement.header.issuer, payload: statement.payload)
    }

    /// The digest by which the activations of an item are found: as if nobody, who issues nothing, had said its name.
    static func opening(of item: String) -> Digest { of(kind: .activation, issuer: "", payload: Array(item.utf8)) }

    /// The same for a statement; `nil` for one that is no activation.
    static func opening(_ statement: Statement) -> Digest? {
        statement.header.kind == .activation ? opening(of: statement.header.subject) : nil
    }
}
