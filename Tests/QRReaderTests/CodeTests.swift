import TestSupport
import Testing

@testable import QRReader

@Suite("Error correction")
struct CodeTests {
    private let field = ReedSolomon()

    /// Annex I of the standard: `01234567` at 1-M.
    private let annex: [UInt8] = [
        0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11,
        0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55,
    ]

    @Test("The standard's example")
    func example() throws {
        var block = annex
        #expect(field.correct(&block, check: 10, limit: 4) == 0)
        let version = try #require(QRVersion(1))
        let payload = try #require(Payload(Array(annex.prefix(16)), version: version))
        #expect(String(decoding: payload.bytes, as: UTF8.self) == "01234567")

        // Every single byte, every value.
        for index in annex.indices {
            for change in 1...255 as ClosedRange<UInt8> {
                block[index] ^= change
                #expect(field.correct(&block, check: 10, limit: 4) == 1)
                #expect(block == annex)
            }
        }
    }

    @Test("As many faults as it corrects, at any place")
    func corrects() {
        forAll(300) { generator in
            let check = 2 * Int.random(in: 1...15, using: &generator)
            let length = Int.random(in: check + 1...255, using: &generator)
            let code = encoded(generator.bytes(length - check), check: check)
            var damaged = code
            let faults = Int.random(in: 0...check / 2, using: &generator)
            for index in code.indices.shuffled(using: &generator).prefix(faults) {
                damaged[index] ^= UInt8.random(in: 1...255, using: &generator)
            }
            let found = field.correct(&damaged, check: check, limit: check / 2)
            try TestSupport.check(
                found == faults && damaged == code,
                "\(found ?? -1) of \(faults) faults in \(length), \(check)"
            )
        }
    }

    @Test("More faults are refused, or lead to another code word")
    func refuses() {
        forAll(300) { generator in
            let check = 2 * Int.random(in: 1...15, using: &generator)
            let length = Int.random(in: check + 1...255, using: &generator)
            let code = generator.bytes(length)
            var block = code
            let found = field.correct(&block, check: check, limit: check / 2)
            guard let found else {
                try TestSupport.check(block == code, "a block that is not corrected was changed")
                return
            }
            try TestSupport.check(encoded(Array(block.dropLast(check)), check: check) == block, "no code word")
            try TestSupport.check(zip(block, code).filter { $0 != $1 }.count == found, "another number of faults")
        }
    }

    /// By polynomial division, with a multiplication of its own.
    private func encoded(_ data: [UInt8], check: Int) -> [UInt8] {
        var generator: [UInt8] = [1]
        var root: UInt8 = 1
        for _ in 0..<check {
            var next = generator + [0]
            for index in generator.indices { next[index + 1] ^= product(generator[index], root) }
            generator = next
            root = product(root, 2)
        }
        var rest = [UInt8](repeating: 0, count: check)
        for byte in data {
            let factor = byte ^ rest[0]
            rest = Array(rest.dropFirst()) + [0]
            for index in 0..<check { rest[index] ^= product(factor, generator[index + 1]) }
        }
        return data + rest
    }

    private func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var (sum, value) = (0, Int(left))
        for bit in 0..<8 {
            if right >> UInt8(bit) & 1 == 1 { sum ^= value }
            value = value << 1 ^ (value > 127 ? 0x11D : 0)
        }
        return UInt8(sum)
    }
}

@Suite("Format and version information")
struct InformationTests {
    @Test("Words of annexes C and D")
    func words() {
        #expect(Information.formatWord(0b00101) == 0x40CE)
        #expect(Information.formatWord(0b01000) == 0x77C4)
        #expect(Information.formatWord(0) == 0x5412)
        #expect(Information.formatWord(0b11000) == 0x355F)
        #expect(Information.formatWord(0b10000) == 0x1689)
        #expect(Information.versionWord(7) == 0x07C94)
        #expect(Information.versionWord(21) == 0x15683)
        #expect(Information.versionWord(40) == 0x28C69)
    }

    @Test("Any three faults in the version are mended")
    func version() {
        for number in 7...40 {
            for first in 0..<18 {
                for second in first..<18 {
                    for third in second..<18 {
                        let word = Information.versionWord(number) ^ 1 << first ^ 1 << second ^ 1 << third
                        #expect(Information.version(word)?.number == number)
                    }
                }
            }
        }
    }

    @Test("Any three faults in both copies of the format are mended")
    func format() throws {
        let version = try #require(QRVersion(1))
        forAll(300) { generator in
            let (level, mask) = (
                QRLevel.allCases[Int.random(in: 0..<4, using: &generator)], Int.random(in: 0..<8, using: &generator)
            )
            let word = Information.formatWord(Int(level.indicator) << 3 | mask)
            var modules = [Bool](repeating: false, count: 441)
            for (first, second) in places {
                let bit = places.firstIndex { $0 == (first, second) } ?? 0
                modules[first] = word >> bit & 1 == 1
                modules[second] = word >> bit & 1 == 1
            }
            for (first, _) in places.shuffled(using: &generator).prefix(3) { modules[first].toggle() }
            for (_, second) in places.shuffled(using: &generator).prefix(3) { modules[second].toggle() }
            let found = Information.format(of: ModuleMatrix(version, modules: modules))
            try check(found?.level == level && found?.mask == mask, "\(level), mask \(mask)")
        }
    }

    /// Where bit 0 to 14 stand in version 1, as figure 25 numbers them: row times 21 plus column.
    private let places: [(Int, Int)] = [
        (8, 188), (29, 187), (50, 186), (71, 185), (92, 184), (113, 183), (155, 182), (176, 181),
        (175, 302), (173, 323), (172, 344), (171, 365), (170, 386), (169, 407), (168, 428),
    ]

    @Test("Where the alignment patterns are (annex E)")
    func alignment() {
        let table = [
            2: [6, 18], 6: [6, 34], 7: [6, 22, 38], 9: [6, 26, 46], 14: [6, 26, 46, 66], 21: [6, 28, 50, 72, 94],
            32: [6, 34, 60, 86, 112, 138], 36: [6, 24, 50, 76, 102, 128, 154], 39: [6, 26, 54, 82, 110, 138, 166],
            40: [6, 30, 58, 86, 114, 142, 170],
        ]
        for (number, centres) in table { #expect(QRVersion(number)?.alignmentCentres == centres) }
        #expect(QRVersion(0) == nil)
        #expect(QRVersion(41) == nil)
    }

    @Test("As many modules are free as codewords need, and at most seven more", arguments: 1...40)
    func freeModules(_ number: Int) throws {
        let version = try #require(QRVersion(number))
        // The dark module beside the format information stands among the functions as well.
        let free = version.functionModules.filter { !$0 }.count
        #expect((0..<8).contains(free - 8 * version.codewords))
        for level in QRLevel.allCases {
            #expect(
                version.dataCodewords(level) + version.blockCount(level) * version.correctionCodewords(level)
                    == version.codewords
            )
        }
    }
}
