public import EPCIS
public import TraceProof

/// What an activation claims, as far as the statement alone can show: whose key opened which item of which entry.
///
/// An activation holds in a ledger where all four checks pass: this initialiser, ``checkLedger(_:)``,
/// ``checkSignature(of:checker:)`` and ``check(against:)``. One that does is recorded whoever sent it, and whatever a
/// registry says: only the holder of a hidden code that the ledger itself committed can make it.
public struct ActivationClaim: Hashable, Sendable {
    /// The ledger that it is for.
    public let origin: String
    /// The item.
    public let item: ItemIdentity
    /// The item's key, which is that of its leaf and in iss.
    public let key: PublicKey
    /// The leaf hash of the entry that it says has the item.
    public let commissioning: Digest
    /// The tree that its item proof leads to.
    public let tree: ItemTreeRoot

    /// Reads an activation, and follows its item proof to the root.
    public init(_ statement: Statement) throws(ActivationError) {
        let read: (activation: Activation, item: ItemIdentity)
        do { read = try Activation.read(statement) } catch { throw .malformed(error) }
        let proof = read.activation.proof
        guard let key = proof.leaf.key, let root = proof.root,
            let tree = ItemTreeRoot(count: proof.count, root: root)
        else { throw .proof }
        (origin, item, self.key) = (read.activation.origin, read.item, key)
        (commissioning, self.tree) = (read.activation.commissioning, tree)
    }

    /// That it is for the ledger with this origin.
    public func checkLedger(_ origin: String) throws(ActivationError) {
        guard self.origin.hasSameUTF8(as: origin) else { throw .otherLedger(found: self.origin, origin: origin) }
    }

    /// That the item's key signed it, by the rule for every entry; the key itself must be a good point, as any signer's. The
    /// signature is asked first: a guess costs no more than that.
    ///
    /// - Parameter statement: the one that the claim was read from.
    public func checkSignature(of statement: Statement, checker: some SignatureChecker) throws(ActivationError) {
        guard checker.admits(statement.signature, for: statement.signedBytes, by: key) else { throw .signature(key) }
        guard checker.isValidPoint(key.bytes) else { throw .weakKey(key) }
    }

    /// That the item is one of these.
    ///
    /// - Parameter items: those of the entry with leaf hash ``commissioning``; `nil` where it brought none into being.
    public func check(against items: CommissionedItems?) throws(ActivationError) {
        guard let items else { throw .noItems(commissioning) }
        guard items.tree == tree else { throw .otherTree(commissioning) }
        guard items.gtin.hasSameUTF8(as: item.gtin) else { throw .otherProduct(item, gtin: items.gtin) }
    }
}

/// Why an activation does not hold in a ledger.
public enum ActivationError: Error, Equatable, Sendable {
    /// It is none, or its header and payload contradict each other.
    case malformed(FormatError)
    /// The item proof leads nowhere: index, count and path do not fit.
    case proof
    /// It is for another ledger.
    case otherLedger(found: String, origin: String)
    /// The item's key is not a good point.
    case weakKey(PublicKey)
    /// The signature is not the item key's.
    case signature(PublicKey)
    /// The ledger has no entry with this leaf hash.
    case noEntry(Digest)
    /// The entry that is named cannot be read here.
    case unreadable(Digest, reason: String)
    /// The entry with this leaf hash commissions no items.
    case noItems(Digest)
    /// The proof does not lead to the tree of the entry with this leaf hash.
    case otherTree(Digest)
    /// The entry commissions items of another GTIN.
    case otherProduct(ItemIdentity, gtin: String)
}

extension ActivationError: CustomStringConvertible {
    /// What is wrong, and the remedy.
    public var description: String {
        switch self {
        case .malformed(let error): error.description
        case .proof: "the item proof leads to no root: its index, its count and its path do not fit"
        case .otherLedger(let found, let origin): "the activation is for the ledger \(found), and this is \(origin)"
        case .weakKey(let key): "the item key \(key) is not a point of the prime-order group"
        case .signature(let key): "the signature is not that of the item key with kid \(KeyID(of: key))"
        case .noEntry(let leaf): "no entry of this ledger has the leaf hash \(leaf) that should have the item"
        case .unreadable(let leaf, let reason): "the entry \(leaf) that should have the item cannot be read: \(reason)"
        case .noItems(let leaf): "the entry \(leaf) commissions no items of one product"
        case .otherTree(let leaf):
            "the item proof does not lead to the items of the entry \(leaf): the item is not one of them"
        case .otherProduct(let item, let gtin): "\(item.text) is not an item of \(gtin), which the entry commissions"
        }
    }
}
