/// A COSE receipt (RFC 9942) of a ledger: a proof, and the ledger's signature over the root that the proof leads to.
///
/// ```swift
/// let receipt = try Receipt(decoding: bytes)
/// let root = try receipt.verify(leaf: TreeHash.leaf(entry), key: ledgerKey, checker: checker)
/// ```
/// The signature covers the root alone. Size and index are **not** authenticated: the same signature can be made to
/// verify at another size and index. Whatever depends on position, order or "as of" takes the size from a checkpoint
/// note with that root and checks inclusion at it (formats.md section 3).
public struct Receipt: Equatable, Sendable {
    /// What a receipt proves.
    public enum Proof: Equatable, Sendable {
        /// An entry is in the tree.
        case inclusion(InclusionProof)
        /// The tree extends an older one.
        case consistency(ConsistencyProof)
    }

    /// The ledger's signature over the root.
    public let rootSignature: RootSignature
    /// The proof.
    public let proof: Proof

    /// The most hashes a path may have: no tree of 2^63-1 entries needs more.
    public static let maximumPathCount = 64

    private static let format = "receipt"

    /// A receipt of inclusion at the size of a root signature.
    ///
    /// Throws ``FormatError`` where RFC 9942 cannot express the proof: at size 1 the path is empty, and it must not be.
    public static func inclusion(
        _ proof: InclusionProof,
        signature: RootSignature
    ) throws(FormatError) -> Receipt {
        try check(proof, FormatError(format, at: .whole, ""))
        return Receipt(rootSignature: signature, proof: .inclusion(proof))
    }

    /// A receipt of consistency, `signature` being over the newer root.
    ///
    /// Throws ``FormatError`` where RFC 9942 cannot express the proof: between equal sizes the path is empty, and it
    /// must not be.
    public static func consistency(
        _ proof: ConsistencyProof,
        signature: RootSignature
    ) throws(FormatError) -> Receipt {
        try check(proof, FormatError(format, at: .whole, ""))
        return Receipt(rootSignature: signature, proof: .consistency(proof))
    }

    private init(rootSignature: RootSignature, proof: Proof) {
        self.rootSignature = rootSignature
        self.proof = proof
    }
}

// MARK: Verification

extension Receipt {
    /// Checks a receipt of inclusion: recomputes the root from the leaf hash and checks the ledger's signature over it.
    ///
    /// - Returns: the root that the ledger signed.
    /// - Throws: ``COSEError`` with the check that failed.
    @discardableResult
    public func verify(
        leaf: Digest,
        key: PublicKey,
        checker: some SignatureChecker
    ) throws(COSEError) -> Digest {
        guard case .inclusion(let inclusion) = proof else { throw .otherProof }
        let root: Digest
        do { root = try inclusion.root(leaf: leaf) } catch { throw .proof(error) }
        try rootSignature.verify(root: root, key: key, checker: checker)
        return root
    }

    /// Checks a receipt of consistency: recomputes the newer root from the older one and checks the ledger's signature
    /// over it.
    ///
    /// - Returns: the newer root, which the ledger signed.
    /// - Throws: ``COSEError`` with the check that failed.
    @discardableResult
    public func verify(
        oldRoot: Digest,
        key: PublicKey,
        checker: some SignatureChecker
    ) throws(COSEError) -> Digest {
        guard case .consistency(let consistency) = proof else { throw .otherProof }
        let root: Digest
        do { root = try consistency.newRoot(old: oldRoot) } catch { throw .proof(error) }
        try rootSignature.verify(root: root, key: key, checker: checker)
        return root
    }
}

// MARK: Encoding

extension Receipt {
    private static let inclusionLabel: Int64 = -1
    private static let consistencyLabel: Int64 = -2

    /// The receipt as bytes.
    public func encoded() -> [UInt8] {
        var proofItem = CBORWriter()
        let label: Int64
        switch proof {
        case .inclusion(let proof):
            label = Receipt.inclusionLabel
            Receipt.write(proof.treeSize, proof.index, proof.path, &proofItem)
        case .consistency(let proof):
            label = Receipt.consistencyLabel
            Receipt.write(proof.oldSize, proof.newSize, proof.path, &proofItem)
        }
        var writer = CBORWriter(capacity: proofItem.output.count + rootSignature.protected.count + 96)
        rootSignature.write(to: &writer) {
            $0.map(1)
            $0.integer(COSELabel.verifiableDataStructureProofs)
            $0.map(1)
            $0.integer(label)
            $0.array(1)
            $0.bytes(proofItem.output)
        }
        return writer.output
    }

    private static func write(_ first: UInt64, _ second: UInt64, _ path: [Digest], _ writer: inout CBORWriter) {
        writer.array(3)
        writer.unsigned(first)
        writer.unsigned(second)
        writer.array(path.count)
        for hash in path { writer.bytes(hash) }
    }

    /// Reads a receipt: exactly the form of formats.md section 3, in deterministic CBOR, with one proof.
    ///
    /// Throws ``FormatError``, among others for an attached root, another data structure than RFC9162_SHA256, more than
    /// ``maximumPathCount`` hashes, and an empty path.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: bytes, format: Receipt.format)
        let start = try RootSignatureStart(reading: &reader)
        guard try reader.map() == 1 else { throw reader.refuse("the unprotected header of a receipt holds 396 alone") }
        let place = reader
        guard try reader.integer() == COSELabel.verifiableDataStructureProofs else {
            throw place.refuse("the unprotected header of a receipt holds 396 alone")
        }
        guard try reader.map() == 1 else { throw reader.refuse("a receipt holds one proof of one kind") }
        let kind = reader
        let label = try reader.integer()
        try reader.array(count: 1)
        var item = try reader.embedded()
        let first = item
        try item.array(count: 3)
        let numbers = (try item.unsigned(), try item.unsigned())
        let path = try Receipt.path(&item)
        let refusal = first.refuse("")
        switch label {
        case Receipt.inclusionLabel:
            let inclusion = InclusionProof(index: numbers.1, treeSize: numbers.0, path: path)
            try Receipt.check(inclusion, refusal)
            proof = .inclusion(inclusion)
        case Receipt.consistencyLabel:
            let consistency = ConsistencyProof(oldSize: numbers.0, newSize: numbers.1, path: path)
            try Receipt.check(consistency, refusal)
            proof = .consistency(consistency)
        default:
            throw kind.refuse("a proof is of inclusion (-1) or of consistency (-2)")
        }
        rootSignature = try RootSignature(start, reading: &reader)
    }

    private static func path(_ reader: inout CBORReader) throws(FormatError) -> [Digest] {
        let place = reader
        let count = try reader.array()
        guard count <= maximumPathCount else { throw place.refuse("a path has at most 64 hashes") }
        var path: [Digest] = []
        path.reserveCapacity(count)
        for _ in 0..<count { path.append(try reader.digest()) }
        try reader.finish()
        return path
    }

    private static func check(_ proof: InclusionProof, _ place: FormatError) throws(FormatError) {
        try check(size: proof.treeSize, proof.path, place)
        guard proof.index < proof.treeSize else {
            throw place.saying("the index \(proof.index) is not in a tree of \(proof.treeSize)")
        }
    }

    private static func check(_ proof: ConsistencyProof, _ place: FormatError) throws(FormatError) {
        try check(size: proof.newSize, proof.path, place)
        guard proof.oldSize > 0, proof.oldSize < proof.newSize else {
            throw place.saying("a receipt of consistency leads from a size above 0 to a larger one")
        }
    }

    private static func check(size: UInt64, _ path: [Digest], _ place: FormatError) throws(FormatError) {
        guard size <= UInt64(Int64.max) else { throw place.saying("a tree size is above 2^63-1") }
        guard !path.isEmpty else {
            throw place.saying(
                "the path is empty, which RFC 9942 cannot express: no receipt at size 1 or between equal sizes"
            )
        }
        guard path.count <= maximumPathCount else { throw place.saying("a path has at most 64 hashes") }
    }
}

extension FormatError {
    /// The same place with a reason.
    fileprivate func saying(_ reason: String) -> FormatError { FormatError(format, at: place, reason) }
}
