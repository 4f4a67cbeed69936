import TestSupport
import Testing
import TraceProof
import TraceStatements

/// The quick reading of an entry is that of the strict readers, and nothing gets past them.
@Suite struct StatementScanTests {
    static func compare(_ bytes: [UInt8]) throws -> Bool {
        let strict = Result { () throws(FormatError) in try Statement(reading: bytes) }
        let quick = Result { () throws(FormatError) in try Statement(decoding: bytes) }
        switch (quick, strict) {
        case (.success(let left), .success(let right)):
            try check(
                left.header == right.header && left.payload == right.payload && left.signature == right.signature
                    && left.signedBytes == right.signedBytes && left == right,
                "read otherwise: \(Hex.encode(bytes))"
            )
            return true
        case (.failure(let left), .failure(let right)):
            try check(left == right, "refused otherwise: \(left), \(right)")
            return false
        default: throw Difference(bytes: Hex.encode(bytes))
        }
    }

    struct Difference: Error { let bytes: String }

    /// Statements of every shape; `nil` parts are left out of the header.
    static func entry(_ random: inout SeededGenerator) throws -> [UInt8] {
        func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
        let sequences: [UInt64] = [0, 1, 23, 24, 70_000, 1 << 63]
        let times: [UInt64] = [0, 1_790_000_000, 1 << 63]
        let kinds: [StatementKind] = [.event, .event, .note, .activation, StatementKind(rawValue: 1)]
        let texts = ["9521101000009", "x", "", "卡车", String(repeating: "a", count: 1025), "(01)09521101000007(10)A"]
        let payload = [UInt8](repeating: 0x5A, count: pick([0, 23, 24, 255, 256, 300]))
        let isChained = pick([true, true, false])
        let header = StatementHeader(
            kind: pick(kinds),
            key: try #require(PublicKey([UInt8](repeating: 7, count: 32))),
            issuer: pick(texts),
            subject: pick(texts),
            issuedAt: pick(times),
            chain: isChained ? ChainLink(sequence: pick(sequences), previous: TreeHash.empty) : nil
        )
        let message = try COSESign1(
            protected: header.encoded,
            payload: payload,
            signature: try #require(Signature((0..<64).map { UInt8($0) }))
        )
        return message.encoded()
    }

    @Test func everyStatementReadsTheSame() {
        var accepted = 0
        forAll(600) { random in
            if try StatementScanTests.compare(try StatementScanTests.entry(&random)) { accepted += 1 }
        }
        #expect(accepted > 30)
    }

    @Test func changedBytesReadTheSame() {
        forAll(3000) { random in
            var bytes = try StatementScanTests.entry(&random)
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let index = Int.random(in: 0..<min(bytes.count, 140), using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes[index] &+= 1
                case 2: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: index)
                }
            }
            _ = try StatementScanTests.compare(bytes)
        }
    }
}
