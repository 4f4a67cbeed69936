internal import TraceProof
internal import TraceStatements

/// `state/chains`: the signers' chains as of some entry, so that opening a ledger reads only the entries behind it.
///
/// CBOR `{1: version, 2: genesis leaf hash, 3: end, 4: [[key, sequence, leaf hash, index]...]}` and SHA-256 of these bytes. Derived
/// from the entries: one that cannot be read is made again from them.
struct ChainSnapshot {
    private static let version: UInt64 = 1
    /// The bytes of a head, at most, and what stands around them: bounds what is read.
    static let maximumLength = 1 << 28

    let chains: SignerChains
    /// The index behind the last entry that is taken into account.
    let end: UInt64

    init(chains: SignerChains, end: UInt64) { (self.chains, self.end) = (chains, end) }

    func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.map { map in
            map.entry(1) { $0.unsigned(ChainSnapshot.version) }
            map.entry(2) { $0.bytes(chains.genesis ?? TreeHash.empty) }
            map.entry(3) { $0.unsigned(end) }
            map.entry(4) { list in
                list.array(chains.heads.count)
                for (key, head) in chains.heads.sorted(by: { $0.value.index < $1.value.index }) {
                    list.array(4)
                    list.bytes(key.bytes)
                    list.unsigned(head.sequence)
                    list.bytes(head.leafHash)
                    list.unsigned(head.index)
                }
            }
        }
        return writer.output + SHA256.hash(writer.output).bytes
    }

    /// Reads the snapshot of the ledger with this origin; `nil` for anything but a whole one.
    init?(decoding bytes: [UInt8], origin: String) {
        let body = Array(bytes.dropLast(Digest.byteCount))
        guard bytes.count > Digest.byteCount, SHA256.hash(body).bytes.elementsEqual(bytes.suffix(Digest.byteCount)),
            let read = try? ChainSnapshot.read(body, origin)
        else { return nil }
        self = read
    }

    private static func read(_ bytes: [UInt8], _ origin: String) throws(FormatError) -> ChainSnapshot {
        var reader = try CBORReader(validating: bytes, format: "chains")
        func label(_ expected: Int64, _ reader: inout CBORReader) throws(FormatError) {
            guard try reader.integer() == expected else { throw reader.refuse("key \(expected) is missing") }
        }
        guard try reader.map() == 4 else { throw reader.refuse("the map does not have the keys 1 to 4") }
        try label(1, &reader)
        guard try reader.unsigned() == version else { throw reader.refuse("a version that this program does not know") }
        try label(2, &reader)
        let genesis = try reader.digest()
        try label(3, &reader)
        let end = try reader.unsigned()
        try label(4, &reader)
        var heads: [PublicKey: SignerChains.Head] = [:]
        for _ in 0..<(try reader.array()) {
            try reader.array(count: 4)
            guard let key = PublicKey(try reader.byteString(count: PublicKey.byteCount)) else {
                throw reader.refuse("a key does not have 32 bytes")
            }
            let sequence = try reader.unsigned()
            guard sequence < TreeSize.maximum else { throw reader.refuse("a sequence number above 2^63-1") }
            let leaf = try reader.digest()
            heads[key] = SignerChains.Head(sequence: sequence, leafHash: leaf, index: try reader.unsigned())
        }
        return ChainSnapshot(chains: SignerChains(origin: origin, genesis: genesis, heads: heads), end: end)
    }
}
