public import TraceProof
public import TraceStatements

/// Why the engine refused or gave up.
public enum LedgerError: Error, Sendable {
    /// A file operation failed. The writer is closed: reopening reloads from disk and verifies before it signs again.
    case file(FileError)
    /// A file is there and is not what it should be.
    case unreadable(path: String, reason: String)
    /// What a source serves was not signed by the ledger's key, or does not fit what was signed.
    case untrusted(path: String, reason: String)
    /// The bytes on disk do not give the root that was signed.
    case corrupt(path: String, reason: String)
    /// A statement was refused, and with it every other of the same call: nothing was appended.
    case refused(position: Int, reason: RefusalReason)
    /// The ledger's signer refused or failed: what is committed stays so, and is published with the next signature.
    case unsigned(reason: String)
    /// The cosigners that the policy asks for did not all cosign the checkpoint of this size: it is signed and not shown.
    /// Everything that was acknowledged is durable, appending goes on, and what is newest is asked for again.
    case unwitnessed(size: UInt64, reason: String)
    /// The writer was closed by an earlier failure.
    case closed(reason: String)
    /// What was asked for is not in the ledger at that size.
    case notFound(String)

    /// Why a statement is not admitted.
    public enum RefusalReason: Error, Equatable, Sendable {
        /// It does not continue its signer's chain.
        case chain(ChainError)
        /// The signature is not the key's, or its point R is not a good one.
        case signature(PublicKey)
        /// The signing key is not a good point.
        case weakKey(PublicKey)
        /// The admission policy does not list this issuer with this key.
        case issuer(String, PublicKey)
        /// The registry that decides who may append speaks against it.
        case registry(String)
        /// A key that is to become the ledger's own and signed in it before.
        case keyInUse(PublicKey)
        /// The activation does not hold: it is not the opening of an item that the ledger committed.
        case activation(ActivationError)
        /// Kinds that only the ledger itself writes.
        case kind(StatementKind)
        /// The ledger admits statements only, and this is an opaque entry.
        case opaque
        /// An opaque entry without bytes, or with more than 65,535.
        case length(Int)
    }
}

extension LedgerError.RefusalReason: CustomStringConvertible {
    /// What is wrong, and the remedy.
    public var description: String {
        switch self {
        case .chain(let error): error.description
        case .signature(let key): "the signature is not that of the key with kid \(KeyID(of: key))"
        case .weakKey(let key): "the key \(key) is not a point of the prime-order group: generate another key"
        case .issuer(let issuer, let key):
            "issuer \(issuer) with the key of kid \(KeyID(of: key)) is not in the ledger's admission list (ledger.json)"
        case .registry(let reason): "\(reason); a newer pack is named with `traceledger admission`"
        case .keyInUse(let key):
            "the key of kid \(KeyID(of: key)) signed in this ledger before, and one key has one use: generate another key"
        case .activation(let error): error.description
        case .kind(let kind): "statements of kind \(kind.name) are written by the ledger itself"
        case .opaque: "this ledger admits signed statements only"
        case .length(let count): "an entry has 1 to \(Statement.maximumLength) bytes, and this has \(count)"
        }
    }
}

extension LedgerError: CustomStringConvertible {
    /// What is wrong, where, and the remedy.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .unreadable(let path, let reason), .untrusted(let path, let reason): "\(path): \(reason)"
        case .corrupt(let path, let reason): "\(path): \(reason); run `traceledger fsck` and restore from a mirror"
        case .refused(let position, let reason): "statement \(position): \(reason)"
        case .unsigned(let reason): "the checkpoint could not be signed, and nothing is published: \(reason)"
        case .unwitnessed(let size, let reason):
            "the entries are durable, and the checkpoint of size \(size) is not shown yet: \(reason)"
        case .closed(let reason): "the ledger's writer was closed by an earlier failure: \(reason); open it again"
        case .notFound(let what): what
        }
    }
}
