public import TraceProof

/// The payload of kind 65006: the root of the map from subjects to entries, as of a size of the ledger that logs it.
public struct MapRoot: Hashable, Sendable {
    /// The map covers the entries from 0 up to this one, exclusive.
    public let size: UInt64
    /// The root of the ``SparseMerkleTree`` over all subjects.
    public let root: Digest
    /// The number of subjects.
    public let subjects: UInt64

    /// The root as of `size`.
    public init(size: UInt64, root: Digest, subjects: UInt64) {
        (self.size, self.root, self.subjects) = (size, root, subjects)
    }

    /// The payload's bytes.
    public var encoded: [UInt8] {
        var writer = CBORWriter()
        writer.map { map in
            map.entry(1) { $0.unsigned(size) }
            map.entry(2) { $0.bytes(root) }
            map.entry(3) { $0.unsigned(subjects) }
        }
        return writer.output
    }

    /// Reads the payload.
    public init(decoding payload: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: payload, format: "map root")
        guard try reader.map() == 3, try reader.integer() == 1 else {
            throw reader.refuse("the map does not have exactly the keys 1 to 3")
        }
        let size = try reader.unsigned()
        guard try reader.integer() == 2 else { throw reader.refuse("key 2 is missing") }
        let root = try reader.digest()
        guard try reader.integer() == 3 else { throw reader.refuse("key 3 is missing") }
        let subjects = try reader.unsigned()
        guard size <= TreeSize.maximum, subjects <= TreeSize.maximum else {
            throw reader.refuse("a number above 2^63-1")
        }
        self.init(size: size, root: root, subjects: subjects)
    }

    /// The root in a statement, where it is one that the ledger with this origin says of itself.
    public init?(of statement: Statement, origin: String) {
        let header = statement.header
        guard header.kind == .mapRoot, header.issuer.hasSameUTF8(as: origin), header.subject.hasSameUTF8(as: origin),
            let root = try? MapRoot(decoding: statement.payload)
        else { return nil }
        self = root
    }
}
