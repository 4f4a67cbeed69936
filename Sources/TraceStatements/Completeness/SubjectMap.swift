internal import EPCIS
public import GS1
public import TraceProof

/// What entries are about, and the map from it to where they stand in the ledger: the question after "is this real" is
/// "are these all" (Docs/Trust.md, "Are these all").
public struct SubjectMap: Sendable {
    /// How many entries were taken in: the map is as of this size.
    public private(set) var size: UInt64 = 0
    private var tree = SparseMerkleTree()
    /// Where the entries of each subject stand, as the tree over their indices.
    private var lists: [Digest: CompactRange] = [:]

    /// The map of a ledger without entries.
    public init() {}

    /// The root as of ``size``.
    public mutating func root() -> MapRoot { MapRoot(size: size, root: tree.root(), subjects: tree.count) }

    /// Takes the next entry in; an opaque one is about nothing.
    public mutating func append(_ entry: [UInt8]) {
        let statement = try? Statement(decoding: entry)
        append(statement.map(SubjectMap.subjects) ?? [])
    }

    /// Takes the next entry in, which is about these subjects, each of them once.
    public mutating func append(_ subjects: [String]) {
        let leaf = SubjectMap.leaf(ofIndex: size)
        for subject in subjects {
            let key = SubjectMap.key(of: subject)
            // A tree of 2^63 entries is beyond any ledger.
            try? lists[key, default: CompactRange()].append(leaf)
            if let list = lists[key] { tree.set(key, to: SubjectMap.value(list)) }
        }
        size += 1
    }

    /// The proof of where the entries of a subject stand, or that there are none.
    public mutating func proof(of subject: String) -> SparseMerkleProof { tree.proof(of: SubjectMap.key(of: subject)) }

    // MARK: The map's terms

    /// The key of a subject: SHA-256 of its UTF-8 bytes.
    public static func key(of subject: String) -> Digest { SHA256.hash(Array(subject.utf8)) }

    /// The value of a subject whose entries stand at these ascending indices: SHA-256 of the CBOR array
    /// `[count, RFC 6962 root over the indices]`; `nil` for none.
    public static func value(of indices: [UInt64]) -> Digest? {
        guard !indices.isEmpty else { return nil }
        var list = CompactRange()
        do { try list.append(contentsOf: indices.map(leaf)) } catch { return nil }
        return value(list)
    }

    private static func value(_ list: CompactRange) -> Digest {
        var writer = CBORWriter(capacity: 48)
        writer.array(2)
        writer.unsigned(list.size)
        writer.bytes(list.root)
        return SHA256.hash(writer.output)
    }

    /// The leaf of an index in the tree over a subject's entries: the RFC 6962 leaf hash of its 8 bytes, big-endian.
    private static func leaf(ofIndex index: UInt64) -> Digest {
        TreeHash.leaf((0..<8).map { UInt8(truncatingIfNeeded: index >> UInt64(56 - 8 * $0)) })
    }

    /// What a statement is about, each once: its `sub`; of an event every object that it names, with the class and the product
    /// of each; and of a recall every lot and product of its scopes. The ledger's own statements are about nothing that anybody
    /// asks for.
    ///
    /// Objects are canonical element strings, or the URI of what is not GS1. A serial number, or a serial component, is left
    /// out for the class, and the lot as well for the product: `(01)09506000134352(10)ABC(21)7` is also
    /// `(01)09506000134352(10)ABC` and `(01)09506000134352`.
    public static func subjects(of statement: Statement) -> [String] {
        let header = statement.header
        guard header.kind != .genesis, header.kind != .mapRoot else { return [] }
        var subjects = [header.subject]
        var seen: Set<Digest> = [key(of: header.subject)]
        for name in contents(of: statement) where seen.insert(key(of: name)).inserted { subjects.append(name) }
        return subjects
    }

    /// What the payload of a statement is about, in its order.
    private static func contents(of statement: Statement) -> [String] {
        var all: [String] = []
        switch statement.header.kind {
        case .event:
            for object in objects(of: statement.payload) { all += names(of: object) }
        case .recall:
            for scope in (try? Recall(decoding: statement.payload))?.scopes ?? [] {
                all.append(scope.text)
                if let product = ElementString([Element(ai: 1, value: scope.gtin)])?.text { all.append(product) }
            }
        default: break
        }
        return all
    }

    /// The objects of an event; none where it is opaque. A browser has no reader of all that makes an event: there a payload
    /// that is none may have objects, which speaks for nothing, since no map has them.
    private static func objects(of payload: [UInt8]) -> [Identifier] {
        #if hasFeature(Embedded)
        return (try? EventOutline(payload: payload))?.objects ?? []
        #else
        return (try? EPCISEvent(payload: payload))?.objects ?? []
        #endif
    }

    /// What an identifier is called in the map, and what its class and its product are called.
    public static func names(of identifier: Identifier) -> [String] {
        var identifier = identifier
        if identifier.elements.isEmpty, let elements = ElementString(identifier.text)?.elements {
            identifier = Identifier(elements: elements, form: .digitalLink(stem: "https://id.gs1.org")) ?? identifier
        }
        let elements = identifier.classElements
        let product = elements.filter { $0.ai != 10 && $0.ai != 22 }
        return [identifier.elementString ?? identifier.text]
            + [ElementString(elements)?.text, ElementString(product)?.text].compactMap { $0 }
    }
}

extension SubjectMap {
    /// The map as it is kept in `state/map`: derived, and made again where it is missing.
    public var encoded: [UInt8] {
        var writer = CBORWriter(capacity: lists.count * 80)
        writer.array(2)
        writer.unsigned(size)
        writer.array(lists.count)
        for (key, list) in lists {
            writer.array(3)
            writer.bytes(key)
            writer.unsigned(list.size)
            writer.bytes(list.nodes.flatMap { $0.bytes })
        }
        return writer.output
    }

    /// Reads a map that was kept.
    ///
    /// - Throws: ``FormatError`` for anything but what ``encoded`` writes. That it is this ledger's shows its root.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: bytes, format: "map")
        try reader.array(count: 2)
        let size = try reader.unsigned()
        for _ in 0..<(try reader.array()) {
            let place = reader
            try reader.array(count: 3)
            let key = try reader.digest()
            let count = try reader.unsigned()
            let nodes = Digest.array(try reader.byteString())
            guard let list = try? CompactRange(size: count, nodes: nodes), count > 0, count <= size, lists[key] == nil
            else { throw place.refuse("not the tree over a subject's entries") }
            lists[key] = list
            tree.set(key, to: SubjectMap.value(list))
        }
        guard size <= TreeSize.maximum else { throw reader.refuse("a size above 2^63-1") }
        self.size = size
    }
}
