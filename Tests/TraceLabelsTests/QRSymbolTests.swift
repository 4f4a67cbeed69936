import QRReader
import TestSupport
import Testing

@testable import TraceLabels

@Suite("Symbols")
struct QRSymbolTests {
    @Test("A Digital Link becomes a symbol")
    func example() throws {
        let symbol = try QRSymbol("HTTPS://ID.EXAMPLE.CN/01/09506000134352/21/K7Q2M9X4T8WZ")
        #expect(symbol.version == QRVersion(3))
        #expect(symbol.level == .medium)
        #expect(symbol.modules == 29)
        // The GTIN is long enough for a segment of its own: it saves three bits.
        #expect(symbol.segments.map(\.mode) == [.alphanumeric, .numeric, .alphanumeric])
        #expect(symbol.bits == 313)
        #expect(symbol.capacity == 352)
        // 29 modules and a quiet zone of 4 on each side.
        #expect(abs(symbol.size(moduleWidth: 0.25) - 9.25) < 1e-9)
        #expect(abs(symbol.size(moduleWidth: 0.25, quietZone: 0) - 7.25) < 1e-9)
        // A finder pattern's corner, its light ring, and the quiet zone.
        #expect(symbol[0, 0] && !symbol[1, 1] && symbol[3, 3] && !symbol[-1, 0] && !symbol[29, 0])
    }

    @Test("The code on a pack, with lower case in the lot: version 9 at level M or smaller")
    func goal() throws {
        let signature = String(repeating: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567KQ7M", count: 4).prefix(116)
        for lot in ["ABC123", "a1b2c3"] {
            let text = "HTTPS://ID.EXAMPLE.CN/01/09506000134352/10/\(lot)/21/K7Q2M9X4T8WZ?17=261231&S=\(signature)"
            #expect(try QRSymbol(text).version.number <= 9)
        }
    }

    @Test("Exactly as much as the standard's tables say fits", arguments: 1...40)
    func capacity(_ number: Int) throws {
        let version = try #require(QRVersion(number))
        for level in QRLevel.allCases {
            let count = version.dataCodewords(level) - (number < 10 ? 2 : 3)
            #expect(try QRSymbol(String(repeating: "a", count: count), level: level).version == version)
            if number < 40 {
                #expect(try QRSymbol(String(repeating: "a", count: count + 1), level: level).version.number > number)
            }
        }
    }

    @Test("The largest texts of each mode, and one character more")
    func largest() throws {
        for (character, count) in [("1", 7089), ("A", 4296), ("a", 2953)] {
            #expect(try QRSymbol(String(repeating: character, count: count), level: .low).version.number == 40)
            let error = #expect(throws: LabelError.self) {
                try QRSymbol(String(repeating: character, count: count + 1), level: .low)
            }
            #expect(
                error?.description
                    == "QR code: \(count + 1) bytes do not fit into any version at level L; shorten the text or take a lower level"
            )
        }
        #expect(throws: LabelError("QR code", "there is no text to encode")) { try QRSymbol("") }
    }

    @Test("No division into segments needs fewer bits than ours")
    func shortest() {
        forAll(300) { generator in
            let characters = Array("0123456789AZ$az&".utf8)
            // Runs of one kind, so that a change of mode may pay.
            var bytes: [UInt8] = []
            while bytes.count < 14 {
                let kind = [0..<10, 10..<13, 13..<16].randomElement(using: &generator) ?? 0..<10
                for _ in 0..<Int.random(in: 1...7, using: &generator) {
                    bytes.append(characters[Int.random(in: kind, using: &generator)])
                }
            }
            for countClass in 0..<3 {
                let segments = QRSegment.shortest(bytes, countClass: countClass)
                try check(segments.flatMap(\.range).elementsEqual(bytes.indices), "segments leave something out")
                let bits = segments.reduce(0) { $0 + $1.bits(countClass: countClass) }
                let best = cheapest(bytes[...], countClass)
                try check(bits == best, "\(bits) bits, not \(best), for \(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    /// All divisions, each part in its cheapest mode.
    private func cheapest(_ bytes: ArraySlice<UInt8>, _ countClass: Int) -> Int {
        var costs = [Int](repeating: .max, count: bytes.count + 1)
        costs[0] = 0
        for end in 1...bytes.count {
            for start in 0..<end {
                let part = bytes[bytes.startIndex + start..<bytes.startIndex + end]
                let modes: [QRSegment.Mode] =
                    part.allSatisfy { (0x30...0x39).contains($0) }
                    ? [.numeric] : part.allSatisfy { "0123456789AZ$".utf8.contains($0) } ? [.alphanumeric] : [.byte]
                for mode in modes {
                    costs[end] = min(
                        costs[end],
                        costs[start] + QRSegment(mode: mode, range: start..<end).bits(countClass: countClass)
                    )
                }
            }
        }
        return costs[bytes.count]
    }

    @Test("Whatever text goes in is read again")
    func roundTrip() {
        forAll(100) { generator in
            let alphabet = Array(
                ["0123456789", "ABC/:.-$%*+ 0123456789", "abcXYZ?&=_~", "é産品😀aA1"].randomElement(using: &generator)
                    ?? ""
            )
            let count = Int.random(in: 1...120, using: &generator)
            let text = String((0..<count).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] })
            let level = QRLevel.allCases[Int.random(in: 0..<4, using: &generator)]
            let symbol = try QRSymbol(text, level: level)
            try check(symbol.isUTF8 == text.utf8.contains { $0 >= 0x80 }, "not said to be UTF-8")
            let picture = try symbol.picture(resolution: 300, moduleWidth: 0.25)
            let codes = QRReader.read(try GreyImage(file: picture.png))
            try check(codes.map(\.text) == [text], "'\(text)' at \(level.letter) is read as \(codes.map(\.text))")
            try check(codes.first?.version == symbol.version, "another version")
        }
    }

    @Test("Text that is not ASCII, of every length")
    func everyLength() throws {
        for count in 1...300 {
            let symbol = try QRSymbol(String(repeating: "é", count: count))
            #expect(symbol.isUTF8 && symbol.bits <= symbol.capacity)
        }
    }

    @Test("Levels by their letters")
    func letters() {
        #expect(QRLevel.allCases.map(\.letter) == ["L", "M", "Q", "H"])
        #expect(QRLevel(letter: "q") == .quartile)
        #expect(QRLevel(letter: "X") == nil)
    }
}
