import Foundation
import TraceProof
import TraceStatements

/// What an enterprise keeps of a batch, to make packs and proofs from: serial numbers, public keys, the secret of the salts and
/// the event. No seed is in it; since it tells all serial numbers, only its owner can read it.
///
/// `#6.55799(["traceledger/batch", 1, {1: issuer, 2: event payload, 3: secret, 4: [+ serial], 5: keys, ? 6: [index, leaf hash]}])`
struct BatchFile {
    static let file = TravellingFile(name: "traceledger/batch", version: 1)
    static let maximumByteCount = 1 << 30

    let issuer: String
    /// The payload of the commissioning event.
    let payload: [UInt8]
    /// What the salts are derived from.
    let secret: [UInt8]
    let serials: [String]
    let keys: [PublicKey]
    /// Where the ledger has it, once it is appended.
    var entry: (index: UInt64, leafHash: Digest)?

    /// Reads a file; errors name it.
    static func read(_ path: String) throws -> BatchFile {
        try ItemEvidenceOptions.read(path, maximumByteCount) { try BatchFile(decoding: $0) }
    }

    init(issuer: String, payload: [UInt8], secret: [UInt8], serials: [String], keys: [PublicKey]) {
        (self.issuer, self.payload, self.secret, self.serials, self.keys) = (issuer, payload, secret, serials, keys)
    }

    private init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try BatchFile.file.content(of: bytes)
        let members = try reader.map()
        guard members == 5 || members == 6 else { throw reader.refuse("a batch has the keys 1 to 5 or 6") }
        func expect(_ key: Int64) throws(FormatError) {
            let place = reader
            guard try reader.integer() == key else { throw place.refuse("key \(key) is missing") }
        }
        try expect(1)
        issuer = try reader.text()
        try expect(2)
        payload = try reader.byteString()
        try expect(3)
        secret = try reader.byteString(count: 16)
        try expect(4)
        var serials: [String] = []
        for _ in 0..<(try reader.array()) { serials.append(try reader.text()) }
        self.serials = serials
        try expect(5)
        let place = reader
        let all = try reader.byteString()
        guard all.count == serials.count * PublicKey.byteCount else { throw place.refuse("the keys are not 32 bytes an item") }
        var keys: [PublicKey] = []
        keys.reserveCapacity(serials.count)
        for start in stride(from: 0, to: all.count, by: PublicKey.byteCount) {
            if let key = PublicKey(all[start..<start + PublicKey.byteCount]) { keys.append(key) }
        }
        self.keys = keys
        if members == 6 {
            try expect(6)
            try reader.array(count: 2)
            entry = (try reader.unsigned(), try reader.digest())
        }
    }

    var encoded: [UInt8] {
        BatchFile.file.encoded { writer in
            writer.map { map in
                map.entry(1) { $0.text(issuer) }
                map.entry(2) { $0.bytes(payload) }
                map.entry(3) { $0.bytes(secret) }
                map.entry(4) { writer in
                    writer.array(serials.count)
                    for serial in serials { writer.text(serial) }
                }
                map.entry(5) { $0.bytes(keys.flatMap { $0.bytes }) }
                if let entry {
                    map.entry(6) { writer in
                        writer.array(2)
                        writer.unsigned(entry.index)
                        writer.bytes(entry.leafHash)
                    }
                }
            }
        }
    }

    /// Writes it whole or not at all, readable for its owner alone, in the place of what is there.
    func replace(_ path: String) throws {
        let temporary = path + ".tmp"
        try? FileManager.default.removeItem(atPath: temporary)
        let file = try SecretFile(temporary, remedy: "remove it")
        try file.write(encoded)
        try file.finish()
        guard unsafe rename(temporary, path) == 0 else { throw CommandFailure(.unavailable, "\(path): it cannot be written") }
        try SecretFile.syncDirectory(of: path)
    }

    /// The leaves of the tree.
    func leaves() throws -> [ItemLeaf] {
        try zip(serials, keys).enumerated().map { place, item in
            try ItemLeaf(serial: item.0, key: item.1, salt: ItemLeaf.salt(ofIndex: UInt64(place), secret: secret))
        }
    }

    /// Where the ledger has it.
    func standing(_ path: String) throws -> (index: UInt64, leafHash: Digest) {
        guard let entry else {
            throw CommandFailure(.usage, "\(path): it is not in a ledger yet: run `traceledger item commit` again, which ends it")
        }
        return entry
    }
}
