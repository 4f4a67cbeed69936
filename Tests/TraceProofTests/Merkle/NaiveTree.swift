import TraceProof

/// The tree as the RFCs define it, word by word and slowly: what the real code is compared with. Hashes are remembered
/// by their range, nothing else is clever.
final class NaiveTree {
    let leaves: [Digest]
    private var known: [Range<Int>: Digest] = [:]

    init(_ count: Int) { leaves = (0..<count).map { TreeHash.leaf(Array("entry \($0)".utf8)) } }

    /// MTH(D[range]), RFC 9162 section 2.1.1.
    func hash(_ range: Range<Int>) -> Digest {
        if range.isEmpty { return TreeHash.empty }
        if range.count == 1 { return leaves[range.lowerBound] }
        if let hash = known[range] { return hash }
        let middle = split(range)
        let hash = TreeHash.node(hash(range.lowerBound..<middle), hash(middle..<range.upperBound))
        known[range] = hash
        return hash
    }

    func head(_ size: Int) throws -> TreeHead { try TreeHead(size: UInt64(size), root: hash(0..<size)) }

    /// PATH(index, D[range]), RFC 9162 section 2.1.3.1; `index` counts from the start of the tree.
    func inclusion(_ index: Int, _ range: Range<Int>) -> [Digest] {
        if range.count == 1 { return [] }
        let middle = split(range)
        let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
        return index < middle ? inclusion(index, left) + [hash(right)] : inclusion(index, right) + [hash(left)]
    }

    /// SUBPROOF(m, D[range], known), RFC 9162 section 2.1.4.1; the older tree ends before `end`.
    func consistency(_ end: Int, _ range: Range<Int>, known: Bool = true) -> [Digest] {
        if end == range.upperBound { return known ? [] : [hash(range)] }
        let middle = split(range)
        let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
        return end <= middle
            ? consistency(end, left, known: known) + [hash(right)]
            : consistency(end, right, known: false) + [hash(left)]
    }

    /// SUBTREE_SUBPROOF of draft-ietf-plants-merkle-tree-certs.
    func subtree(_ part: Range<Int>, _ range: Range<Int>, known: Bool = true) -> [Digest] {
        if part == range { return known ? [] : [hash(range)] }
        let middle = split(range)
        let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
        if part.upperBound <= middle { return subtree(part, left, known: known) + [hash(right)] }
        if part.lowerBound >= middle { return subtree(part, right, known: known) + [hash(left)] }
        return subtree(middle..<part.upperBound, right, known: false) + [hash(left)]
    }

    /// Whether a subtree may have these bounds, by the words of the draft.
    static func isSubtree(_ part: Range<Int>) -> Bool {
        var power = 1
        while power < part.count { power *= 2 }
        return part.lowerBound == 0 || part.isEmpty || part.lowerBound % power == 0
    }

    private func split(_ range: Range<Int>) -> Int {
        var power = 1
        while power * 2 < range.count { power *= 2 }
        return range.lowerBound + power
    }
}
