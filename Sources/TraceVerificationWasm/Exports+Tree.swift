internal import TraceProof

/// An RFC 6962 leaf hash. In: the entry. Out: the digest.
@c(tv_leaf_hash)
public func leafHash(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answer(input, count) { (fields, output) throws(FormatError) in
        let entry = try fields.next()
        try fields.finish()
        output.append(TreeHash.leaf(entry).bytes)
    }
}

/// Checks an inclusion proof (RFC 9162 section 2.1.3.2). In: leaf hash, index, tree size, path, root.
@c(tv_verify_inclusion)
public func verifyInclusion(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answer(input, count) { (fields, _) throws(FormatError) in
        let leaf = try fields.nextDigest()
        let (index, size) = (try fields.nextNumber(), try fields.nextNumber())
        let (path, root) = (try fields.nextDigests(), try fields.nextDigest())
        try fields.finish()
        do throws(ProofError) {
            let proof = InclusionProof(index: index, treeSize: size, path: path)
            try proof.verify(leaf: leaf, in: TreeHead(size: size, root: root))
        } catch {
            throw FormatError("inclusion proof", at: .whole, error.description)
        }
    }
}

/// Checks a consistency proof (RFC 9162 section 2.1.4.2). In: old size, new size, path, old root, new root.
@c(tv_verify_consistency)
public func verifyConsistency(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answer(input, count) { (fields, _) throws(FormatError) in
        let (oldSize, newSize) = (try fields.nextNumber(), try fields.nextNumber())
        let path = try fields.nextDigests()
        let (old, new) = (try fields.nextDigest(), try fields.nextDigest())
        try fields.finish()
        do throws(ProofError) {
            let proof = ConsistencyProof(oldSize: oldSize, newSize: newSize, path: path)
            try proof.verify(old: TreeHead(size: oldSize, root: old), new: TreeHead(size: newSize, root: new))
        } catch {
            throw FormatError("consistency proof", at: .whole, error.description)
        }
    }
}
