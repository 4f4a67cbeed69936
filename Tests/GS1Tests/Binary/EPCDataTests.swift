import GS1
import Testing

/// +AIDC data: every encoding of table F, with the number of bits that the standard gives it.
@Suite struct EPCDataTests {
    private let key = [Element(ai: 1, value: "09506000134352"), Element(ai: 21, value: "S1")]

    @Test(
        arguments: [
            // AI, value, bits behind the AI.
            (0, "095201234567891235", 72), (2, "09506000134352", 56), (410, "9521141123454", 52),
            (10, "123", 8 + 10), (10, "ABC", 8 + 12), (10, "abc", 8 + 12), (10, "XYZ", 8 + 16), (10, "xyz", 8 + 18),
            (10, "x/z", 8 + 21), (10, "XY", 8 + 12), (10, "A.B.C.", 8 + 32), (10, "ZZZZZZZZ", 8 + 48),
            (235, "0", 8 + 4), (253, "9521141123454", 52 + 8), (253, "9521141123454A", 52 + 12),
            (255, "9521141123454", 52 + 4),
            (255, "952114112345499", 52 + 4 + 7), (8003, "09521141123454", 56 + 8),
            (11, "000229", 16), (17, "260200", 16), (7003, "2602282359", 27), (4324, "2602282359", 27),
            (7007, "260101", 17), (7007, "260101260131", 33), (7011, "260101", 18), (7011, "2601011200", 29),
            (8008, "26010112", 23), (8008, "2601011259", 29), (8008, "260101125959", 35),
            (20, "07", 7), (242, "123456", 3 + 20), (30, "00", 4 + 7), (3103, "001250", 20),
            (3915, "978123", 10 + 4 + 10),
            (3940, "1234", 14), (3953, "001234", 20), (402, "09521141123454569", 57), (421, "276AB12", 10 + 7 + 16),
            (422, "156", 10), (423, "156276", 4 + 20), (427, "GD", 5 + 12), (4307, "CN", 12),
            (4309, "02790858483015297971", 67),
            (4321, "1", 1), (4330, "001850-", 21), (4330, "001850", 21), (7001, "1234567890123", 44),
            (7004, "1234", 3 + 14),
            (7023, "9521141X", 7 * 4 + 4 + 8 + 6), (7030, "156XYZ", 10 + 8 + 16), (7040, "1ABC", 6 + 16),
            (7241, "10", 8),
            (7258, "1/2", 8), (8001, "12345678901234", 47), (8005, "123456", 20), (8026, "095060001343520102", 72),
            (8111, "0001", 14), (8200, "https://a", 10 + 63), (91, "9", 10 + 4),
        ] as [(Int, String, Int)]
    )
    func isWrittenInItsBits(ai: Int, value: String, bits: Int) throws {
        let element = Element(ai: ai, value: value)
        let bare = try EPCBinary(scheme: .sgtinPlus, elements: key)
        let tag = try EPCBinary(scheme: .sgtinPlus, elements: key, data: [element])
        #expect(tag.bitCount - bare.bitCount == 4 * element.aiText.count + bits)
        #expect(try EPCBinary(hexadecimal: tag.hexadecimal()).data == [element])
        // As data among others as well, so that its end is known.
        let framed = [Element(ai: 12, value: "260101"), element, Element(ai: 99, value: "end")]
        let more = try EPCBinary(scheme: .sgtinPlus, elements: key, data: framed)
        #expect(try EPCBinary(hexadecimal: more.hexadecimal()).data == framed)
    }

    @Test func isNotWrittenWhereItIsWrong() {
        let wrong: [(Int, String)] = [
            (17, "261301"), (17, "260132"), (17, "26013"), (17, "2601010"), (17, "A60101"), (7003, "2602282460"),
            (7003, "26022824"),
            (7003, "2602282401"), (7007, "260101260"), (7011, "26010112"), (8008, "260101"), (20, "7"), (3103, "1250"),
            (3106, "001250"), (422, "15"), (4307, "cn"), (4307, "CNX"), (4321, "2"), (4330, "001850+"), (7258, "12"),
            (7258, "1/23"),
            (10, ""), (10, "123456789012345678901"), (10, "ü"), (30, "123456789"), (0, "095201234567891234"), (14, "1"),
            (7030, "156"), (427, "ABCD"), (-1, "1"), (10000, "1"),
        ]
        for (ai, value) in wrong {
            #expect(throws: EPCBinaryError.self, "(\(ai))\(value)") {
                try EPCBinary(scheme: .sgtinPlus, elements: key, data: [Element(ai: ai, value: value)])
            }
        }
    }

    /// Table B: so many digits take as many bits as the largest number of them.
    @Test func numbersOfUpTo90Digits() throws {
        var power = [1]  // 10^n in binary, from the last bit
        for count in 1...90 {
            // Ten times the number: eight times and two times.
            var carry = 0
            var next: [Int] = []
            for place in 0..<(power.count + 4) {
                let bit = { (index: Int) in power.indices.contains(index) ? power[index] : 0 }
                carry += bit(place - 3) + bit(place - 1)
                next.append(carry & 1)
                carry >>= 1
            }
            while next.last == 0 { next.removeLast() }
            power = next
            let nines = Element(ai: 91, value: String(repeating: "9", count: count))
            let bare = try EPCBinary(scheme: .sgtinPlus, elements: key)
            let tag = try EPCBinary(scheme: .sgtinPlus, elements: key, data: [nines])
            #expect(tag.bitCount - bare.bitCount == 8 + 10 + power.count)
            #expect(try EPCBinary(hexadecimal: tag.hexadecimal()).data == [nines])
        }
    }

    @Test(arguments: [
        // Hostname and bits behind the seven of encoding and length.
        ("id.example.com", 63), ("www.a.de", 28), ("qr.a.com.cn", 28), ("a.tech", 21), ("x.id.a", 28), ("grid.a", 28),
        ("EXAMPLE.COM", 64), ("A.B", 16), ("1.2", 16), ("a-b.c_d", 49), ("b.medical", 42),
    ])
    func hostnamesAreWrittenShort(host: String, bits: Int) throws {
        let bare = try EPCBinary(scheme: .sgtinPlus, elements: key)
        let tag = try EPCBinary(scheme: .sgtinPlusPlus, elements: key, hostname: host)
        #expect(tag.bitCount - bare.bitCount == 7 + bits)
        #expect(try EPCBinary(hexadecimal: tag.hexadecimal()).hostname == host)
    }

    /// A tag may be written in more bits than needed; it is read, and keeps its bits.
    @Test func textInALongerEncodingKeepsItsBits() throws {
        // SGTIN+ (01)79521141123453(21)12, the serial in 7-bit characters (100) in place of a number.
        let long = try EPCBinary(hexadecimal: "F7079521141123453" + "82" + "62C8")
        #expect(long.elements.last == Element(ai: 21, value: "12"))
        #expect(long.hexadecimal(alignedTo: .digit) == "F70795211411234538262C8")
        let short = try EPCBinary(scheme: .sgtinPlus, elements: long.elements)
        #expect(short.bitCount == 12 + 56 + 8 + 7)
        #expect(short != long)
    }

    @Test(arguments: [
        // The toggle bit says data, but there are none; and the other way round, and with an AI that does not exist.
        ("F7879521141123453" + "02" + "18", 8, "none follow"),
        ("F7079521141123453" + "02" + "1822" + "6A1F", 86, "announced"),
    ])
    func theToggleBitIsTrue(text: String, bit: Int, word: String) {
        do throws(EPCBinaryError) {
            Issue.record("\(try EPCBinary(hexadecimal: text).data)")
        } catch {
            #expect(error.reason.contains(word), "\(error)")
            #expect(error.bit == bit, "\(error)")
        }
    }
}
