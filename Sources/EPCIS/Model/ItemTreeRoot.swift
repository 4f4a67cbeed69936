public import TraceProof

/// What a commissioning event says of its items: how many there are, and the root of the RFC 6962 tree over their leaves.
///
/// One event, hence one signature, so covers up to 2^24 serialised items; each of them is shown to be one by its path to the
/// root. In EPCIS JSON it is the extension `traceledger:items`, `{"count": 10000, "root": "<64 hexadecimal digits>"}`, with
/// the prefix bound to ``namespace``.
public struct ItemTreeRoot: Hashable, Sendable {
    /// The namespace of the extension.
    public static let namespace = "https://traceledger.dev/ns/epcis#"
    /// The most items that one event commissions.
    public static let maximumCount: UInt64 = 1 << 24

    /// The number of items, from 1 to ``maximumCount``.
    public let count: UInt64
    /// The root of the tree over their leaves.
    public let root: Digest

    /// A tree of `count` items; `nil` for none and for more than ``maximumCount``.
    public init?(count: UInt64, root: Digest) {
        guard (1...ItemTreeRoot.maximumCount).contains(count) else { return nil }
        (self.count, self.root) = (count, root)
    }
}

extension ItemTreeRoot {
    /// The name of the extension behind its prefix.
    package static let localName = "items"
    /// The prefix of the extension where the event binds none to the namespace.
    package static let prefix = "traceledger"
}

extension EPCISEvent {
    /// The field that JSON and the event hash have for ``items``, and the namespaces that they then have: those of the event
    /// and, where it binds no prefix to the namespace of the extension, one more.
    ///
    /// The namespace that the extension alone needs is not among the event's own ``namespaces``, so that an event says
    /// ``items`` in one way.
    package var shownItems: (field: Field, namespaces: [Namespace])? {
        guard let items else { return nil }
        var namespaces = self.namespaces
        var prefix = namespaces.first { $0.uri.hasSameUTF8(as: ItemTreeRoot.namespace) && $0.isPrefix }?.prefix
        if prefix == nil {
            var name = ItemTreeRoot.prefix
            while namespaces.contains(where: { $0.prefix.hasSameUTF8(as: name) }) { name += "-" }
            namespaces.append(Namespace(prefix: name, uri: ItemTreeRoot.namespace))
            namespaces.sortNames()
            prefix = name
        }
        let value = FieldValue.fields([
            Field("root", .text(Hex.encode(items.root.bytes))), Field("count", .number(Number(Int64(items.count)))),
        ])
        return (Field("\(prefix ?? ItemTreeRoot.prefix):\(ItemTreeRoot.localName)", value), namespaces)
    }

    /// ``namespaces``, with the one that ``items`` need.
    package var shownNamespaces: [Namespace] { shownItems?.namespaces ?? namespaces }
}

extension Namespace {
    /// Whether names can have it before their colon.
    fileprivate var isPrefix: Bool {
        !prefix.utf8.isEmpty && prefix.utf8.first != UInt8(ascii: "@") && !prefix.utf8.contains(UInt8(ascii: ":"))
    }
}
