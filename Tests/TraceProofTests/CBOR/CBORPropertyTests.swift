import TestSupport
import Testing
import TraceProof

@Suite struct CBORPropertyTests {
    @Test func whatIsWrittenIsRead() {
        forAll(500) { random in
            let value = Self.value(&random, depth: 4)
            let bytes = value.encoded()
            let back = try CBORValue(decoding: bytes)
            try check(back.encoded() == bytes, "\(Hex.encode(bytes))")
            // Diagnostic notation of anything is text, never a trap.
            _ = CBORDiagnostic.text(of: back, pretty: true)
        }
    }

    /// Random bytes and damaged items: no trap, and nothing accepted that the encoder would write otherwise.
    @Test func whatIsAcceptedIsCanonical() {
        var accepted = 0
        forAll(5_000) { random in
            var bytes =
                Bool.random(using: &random)
                ? random.bytes(Int.random(in: 0...12, using: &random)) : Self.value(&random, depth: 3).encoded()
            Mutation.damage(&bytes, &random)
            guard let value = try? CBORValue(decoding: bytes) else { return }
            accepted += 1
            try check(value.encoded() == bytes, "accepted \(Hex.encode(bytes)), writes \(Hex.encode(value.encoded()))")
        }
        #expect(accepted > 0)
    }

    @Test func everyPrefixIsRefused() {
        forAll(100) { random in
            let bytes = Self.value(&random, depth: 3).encoded()
            for end in 0..<bytes.count {
                try check((try? CBORReader(validating: Array(bytes[..<end]))) == nil, "prefix of \(Hex.encode(bytes))")
            }
            try check((try? CBORReader(validating: bytes + [0])) == nil, "a trailing byte")
        }
    }

    @Test func everyHalfFloatIsItsOwnShortestForm() throws {
        for bits in 0...UInt16.max {
            let bytes = [0xF9, UInt8(bits >> 8), UInt8(bits & 0xFF)]
            let isNaN = bits & 0x7C00 == 0x7C00 && bits & 0x3FF != 0
            if isNaN, bits != 0x7E00 {
                #expect(throws: FormatError.self) { try CBORReader(validating: bytes) }
                continue
            }
            var reader = try CBORReader(validating: bytes)
            var writer = CBORWriter()
            writer.float(try reader.float())
            #expect(writer.output == bytes)
        }
    }

    @Test func anySequenceOfReadsFailsWithoutATrap() {
        forAll(1_000) { random in
            var reader = try CBORReader(validating: Self.value(&random, depth: 3).encoded())
            for _ in 0..<40 {
                let before = reader.offset
                do { try Self.read(&reader, Int.random(in: 0..<14, using: &random)) } catch {
                    try check(reader.offset == before, "a read that failed moved the reader")
                }
            }
        }
    }

    private static func read(_ reader: inout CBORReader, _ choice: Int) throws(FormatError) {
        switch choice {
        case 0: _ = try reader.unsigned()
        case 1: _ = try reader.integer()
        case 2: _ = try reader.byteString()
        case 3: _ = try reader.text()
        case 4: _ = try reader.array()
        case 5: _ = try reader.map()
        case 6: _ = try reader.tag()
        case 7: _ = try reader.boolean()
        case 8: _ = try reader.float()
        case 9: _ = try reader.simple()
        case 10: _ = try reader.digest()
        case 11: try reader.array(count: 2)
        case 12: try reader.expectTag(2)
        default: try reader.skip()
        }
    }

    static func value(_ random: inout SeededGenerator, depth: Int) -> CBORValue {
        switch Int.random(in: 0..<(depth == 0 ? 9 : 12), using: &random) {
        case 0: return .unsigned(number(&random))
        case 1: return .negative(number(&random))
        case 2: return .bytes(random.bytes(Int.random(in: 0...30, using: &random)))
        case 3: return .text(String(decoding: random.bytes(Int.random(in: 0...30, using: &random)), as: UTF8.self))
        case 4: return .boolean(Bool.random(using: &random))
        case 5: return .null
        case 6: return .undefined
        case 7:
            let value = UInt8.random(in: .min ... .max, using: &random)
            return .simple((20...31).contains(value) ? 16 : value)
        case 8:
            let bits = number(&random) << UInt64.random(in: 0...63, using: &random)
            return .float(Double(bitPattern: bits))
        case 9: return .array(items(&random, depth))
        case 10:
            var keys: Set<[UInt8]> = []
            return .map(
                items(&random, depth).compactMap { key in
                    keys.insert(key.encoded()).inserted ? .init(key, value(&random, depth: depth - 1)) : nil
                }
            )
        default: return .tag(number(&random) | 4, value(&random, depth: depth - 1))
        }
    }

    private static func items(_ random: inout SeededGenerator, _ depth: Int) -> [CBORValue] {
        (0..<Int.random(in: 0...5, using: &random)).map { _ in value(&random, depth: depth - 1) }
    }

    /// Numbers of every length are equally likely.
    private static func number(_ random: inout SeededGenerator) -> UInt64 {
        UInt64.random(in: .min ... .max, using: &random) >> UInt64.random(in: 0...63, using: &random)
    }
}

/// Damage as a hostile or failing sender does it.
enum Mutation {
    /// Changes, removes, repeats or inserts a byte or two.
    static func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            guard let index = bytes.indices.randomElement(using: &random) else { return }
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 1: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
            case 2: bytes.remove(at: index)
            case 3: bytes.insert(bytes[index], at: index)
            default: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: index)
            }
        }
    }
}
