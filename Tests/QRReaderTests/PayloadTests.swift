import TestSupport
import Testing

@testable import QRReader

private func qrVersion(_ number: Int) throws -> QRVersion { try #require(QRVersion(number)) }

@Suite("Segments")
struct PayloadTests {
    /// Codewords out of pieces of bits, `(value, count)`.
    private func codewords(_ pieces: (Int, Int)...) -> [UInt8] {
        var bits: [UInt8] = []
        for (value, count) in pieces {
            for bit in (0..<count).reversed() { bits.append(UInt8(value >> bit & 1)) }
        }
        while bits.count % 8 != 0 { bits.append(0) }
        return stride(from: 0, to: bits.count, by: 8).map { start in bits[start..<start + 8].reduce(0) { $0 << 1 | $1 }
        }
    }

    private func text(_ data: [UInt8], version: Int = 1) throws -> String? {
        Payload(data, version: try qrVersion(version)).map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test("The standard's examples of numbers and characters (sections 7.4.3 and 7.4.4)")
    func examples() throws {
        #expect(try text(codewords((1, 4), (8, 10), (12, 10), (345, 10), (67, 7), (0, 4))) == "01234567")
        #expect(try text(codewords((2, 4), (5, 9), (462, 11), (1849, 11), (2, 6), (0, 4))) == "AC-42")
    }

    @Test("Counts are longer in larger versions")
    func counts() throws {
        #expect(try text(codewords((1, 4), (1, 12), (7, 4), (0, 4)), version: 10) == "7")
        #expect(try text(codewords((2, 4), (1, 13), (10, 6), (0, 4)), version: 27) == "A")
        #expect(try text(codewords((4, 4), (1, 16), (0x61, 8), (0, 4)), version: 40) == "a")
    }

    @Test("Segments follow each other; the end may be cut off")
    func mixed() throws {
        #expect(try text(codewords((4, 4), (1, 8), (0x61, 8), (1, 4), (2, 10), (42, 7))) == "a42")
        #expect(try text(codewords((4, 4), (1, 8), (0x61, 8), (0, 4))) == "a")
    }

    @Test("The encoding is told; two are refused")
    func encoding() throws {
        let version = try qrVersion(1)
        let utf8 = Payload(codewords((7, 4), (26, 8), (4, 4), (2, 8), (0xC3A9, 16), (0, 4)), version: version)
        #expect(utf8?.encoding == 26)
        #expect(
            Payload(codewords((7, 4), (0x80 | 3, 8), (0xE8, 8), (4, 4), (1, 8), (0x61, 8)), version: version)?.encoding
                == 1000
        )
        #expect(
            Payload(codewords((7, 4), (0xC1, 8), (0x86A0, 16), (4, 4), (1, 8), (0x61, 8)), version: version)?.encoding
                == 100_000
        )
        #expect(Payload(codewords((7, 4), (26, 8), (7, 4), (3, 8), (4, 4), (1, 8), (0x61, 8)), version: version) == nil)
        #expect(Payload(codewords((7, 4), (0xE0, 8), (4, 4), (1, 8), (0x61, 8)), version: version) == nil)
    }

    @Test("Kanji are Shift JIS (section 7.4.6)")
    func kanji() throws {
        let payload = Payload(codewords((8, 4), (2, 8), (0x0D9F, 13), (0x1AAA, 13), (0, 4)), version: try qrVersion(1))
        #expect(payload?.bytes == [0x93, 0x5F, 0xE4, 0xAA])
    }

    @Test("GS1: the percent sign separates, two are one")
    func separators() throws {
        // "10A%21%%" in pairs of base 45.
        let pieces = [(1 * 45 + 0, 11), (10 * 45 + 38, 11), (2 * 45 + 1, 11), (38 * 45 + 38, 11)]
        let data = codewords((5, 4), (2, 4), (8, 9), pieces[0], pieces[1], pieces[2], pieces[3], (0, 4))
        let payload = try #require(Payload(data, version: try qrVersion(1)))
        #expect(payload.isGS1)
        #expect(payload.bytes == Array("10A".utf8) + [0x1D] + Array("21%".utf8))
        // Without FNC1 a percent sign is one.
        #expect(try text(codewords((2, 4), (2, 9), pieces[3])) == "%%")
    }

    @Test("A part of several symbols says so")
    func part() throws {
        let payload = Payload(
            codewords((3, 4), (0x01, 8), (0x55, 8), (1, 4), (1, 10), (7, 4)),
            version: try qrVersion(1)
        )
        #expect(payload?.isPart == true)
        #expect(payload?.bytes == [0x37])
    }

    @Test("What is cut off, empty or impossible is refused")
    func refused() throws {
        #expect(try text([]) == nil)
        #expect(try text([0, 0, 0]) == nil)
        #expect(try text(codewords((1, 4), (1000, 10))) == nil)
        #expect(try text(codewords((1, 4), (3, 10), (1000, 10))) == nil)
        #expect(try text(codewords((1, 4), (2, 10), (100, 7))) == nil)
        #expect(try text(codewords((1, 4), (1, 10), (10, 4))) == nil)
        #expect(try text(codewords((2, 4), (2, 9), (2025, 11))) == nil)
        #expect(try text(codewords((2, 4), (1, 9), (45, 6))) == nil)
        #expect(try text(codewords((4, 4), (2, 8), (0x61, 8))) == nil)
        #expect(try text(codewords((13, 4), (2, 8), (0x61, 8))) == nil)
        #expect(try text(codewords((7, 4))) == nil)
        #expect(try text(codewords((3, 4), (1, 8))) == nil)
    }

    @Test("Random codewords never trap")
    func random() {
        forAll(2000) { generator in
            let data = generator.bytes(Int.random(in: 0...60, using: &generator))
            for number in [1, 10, 27] {
                guard let version = QRVersion(number) else { throw Falsified("no version") }
                _ = Payload(data, version: version)
            }
        }
    }

    @Test("Text: what it says it is, else UTF-8 if it can be, else ISO 8859-1")
    func text() throws {
        func code(_ bytes: [UInt8], _ encoding: Int?) throws -> QRCode {
            QRCode(
                version: try qrVersion(1),
                level: .low,
                mask: 0,
                bytes: bytes,
                encoding: encoding,
                isGS1: false,
                isPart: false,
                corrected: 0,
                corners: []
            )
        }
        #expect(try code([0xC3, 0xA9], 26).text == "é")
        #expect(try code([0xC3, 0xA9], nil).text == "é")
        #expect(try code([0xE9], nil).text == "é")
        #expect(try code([0xC3, 0xA9], 3).text == "Ã©")
    }
}
