import QRReader
import TestSupport
import Testing
import TraceLabels

/// Stands for the code on a pack: as long as one with GTIN, lot, serial, expiry and signature.
let stamp =
    "HTTPS://ID.EXAMPLE.CN/01/09506000134352/10/ABC123/21/K7Q2M9X4T8WZ?17=261231&S="
    + String(repeating: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567KQ7M", count: 4).prefix(116)

@Suite("Reading pictures")
struct ReadingTests {
    @Test("Read a code")
    func example() throws {
        let symbol = try QRSymbol("HTTPS://ID.EXAMPLE.CN/01/09506000134352/21/K7Q2M9X4T8WZ")
        let codes = QRReader.read(try Scene.turned(symbol, by: 0, module: 4).image)
        let code = try #require(codes.first)
        #expect(codes.count == 1)
        #expect(code.text == "HTTPS://ID.EXAMPLE.CN/01/09506000134352/21/K7Q2M9X4T8WZ")
        #expect(code.version == symbol.version)
        #expect(code.level == .medium)
        #expect(code.corrected == 0)
        #expect(code.encoding == nil)
        // 29 modules of 4 pixels around the middle of 222.
        let expected = [(53.0, 53.0), (169, 53), (169, 169), (53, 169)]
        for (corner, (x, y)) in zip(code.corners, expected) {
            #expect(abs(corner.x - x) < 1 && abs(corner.y - y) < 1, "\(corner)")
        }
    }

    @Test("Every version, as full as it can be, the levels in turn", arguments: 1...40)
    func versions(_ number: Int) throws {
        let version = try #require(QRVersion(number))
        let level = QRLevel.allCases[number % 4]
        // Characters of the byte mode, as many as fit.
        let count = version.dataCodewords(level) - (number < 10 ? 2 : 3)
        let text = String(decoding: (0..<count).map { UInt8(0x61 + ($0 * $0 + number) % 26) }, as: UTF8.self)
        let symbol = try QRSymbol(text, level: level)
        #expect(symbol.version == version)
        let codes = QRReader.read(try Scene.plain(symbol, module: 3))
        #expect(codes.map(\.text) == [text])
        #expect(codes.first?.level == level)
    }

    @Test("Turned by any angle, at any size")
    func turned() throws {
        let symbol = try QRSymbol(stamp)
        forAll(20) { generator in
            let angle = Double.random(in: 0..<1, using: &generator)
            let module = Double.random(in: 2.2...7, using: &generator)
            let codes = QRReader.read(try Scene.turned(symbol, by: angle, module: module).image)
            try check(codes.map(\.text) == [stamp], "turned by \(angle * 360) degrees, \(module) pixels a module")
        }
    }

    @Test("Modules of one to two pixels", arguments: [1.5, 1.7, 2.0])
    func tiny(_ module: Double) throws {
        let symbol = try QRSymbol("HTTPS://ID.EXAMPLE.CN/01/09506000134352/21/K7Q2M9X4T8WZ")
        #expect(QRReader.read(try Scene.turned(symbol, by: 0, module: module).image).count == 1)
    }

    @Test("Modules of many pixels")
    func huge() throws {
        let symbol = try QRSymbol("A")
        #expect(QRReader.read(try Scene.turned(symbol, by: 0.06, module: 40).image).map(\.text) == ["A"])
    }

    @Test("Blurred by up to three quarters of a module to each side")
    func blurred() throws {
        let symbol = try QRSymbol(stamp)
        for angle in [0, 0.03, 0.11] {
            var scene = Scene.turned(symbol, by: angle, module: 8)
            scene.blur(radius: 3)
            #expect(QRReader.read(try scene.image).map(\.text) == [stamp], "turned by \(angle * 360) degrees")
        }
    }

    @Test("Tilted", arguments: [(0.3, 0), (0, 0.3), (0.2, 0.2), (0.35, -0.1)])
    func tilted(_ right: Double, _ below: Double) throws {
        for text in ["A", "HTTPS://ID.EXAMPLE.CN/01/09506000134352/21/K7", stamp, stamp + stamp + stamp] {
            let symbol = try QRSymbol(text)
            let scene = Scene.tilted(symbol, module: 6, right: right, below: below)
            #expect(QRReader.read(try scene.image).map(\.text) == [text], "\(symbol.modules) modules")
        }
    }

    @Test("On a bottle", arguments: [0.3, 0.6])
    func bent(_ bend: Double) throws {
        let symbol = try QRSymbol(stamp)
        #expect(QRReader.read(try Scene.bent(symbol, module: 6, bend: bend).image).map(\.text) == [stamp])
    }

    @Test("In uneven light, with noise")
    func shaded() throws {
        let symbol = try QRSymbol(stamp)
        forAll(4) { generator in
            var scene = Scene.turned(symbol, by: Double.random(in: 0..<1, using: &generator), module: 5)
            scene.shade(least: 0.25)
            scene.addNoise(25, using: &generator)
            try check(QRReader.read(try scene.image).map(\.text) == [stamp], "not read")
        }
    }

    @Test("Pale on grey paper")
    func pale() throws {
        let symbol = try QRSymbol(stamp)
        var scene = Scene(width: 420, height: 420, grey: 150)
        scene.draw(symbol, dark: 115, light: 150, at: Scene.turning(symbol, by: 0.02, module: 5, around: (200, 210)))
        #expect(QRReader.read(try scene.image).map(\.text) == [stamp])
    }

    @Test("A spot on it", arguments: QRLevel.allCases)
    func spot(_ level: QRLevel) throws {
        let symbol = try QRSymbol(stamp, level: level)
        var scene = Scene.turned(symbol, by: 0, module: 5)
        // Level L survives 7 % of the codewords; a spot of half of what each survives, in the middle.
        let part = [0.03, 0.07, 0.12, 0.15][Int(level.rawValue)]
        let half = Int(Double(symbol.modules) * 5 * part.squareRoot() / 2)
        let middle = scene.width / 2 - 10
        scene.cover(x: middle - half..<middle + half, y: middle - half..<middle + half, grey: 240)
        let code = try #require(QRReader.read(try scene.image).first)
        #expect(code.text == stamp)
        #expect(code.corrected > 0)
    }

    @Test("Without its lower right alignment pattern")
    func missingAlignment() throws {
        let symbol = try QRSymbol(stamp, level: .quartile)
        var scene = Scene.turned(symbol, by: 0, module: 5)
        let corner = scene.width / 2 + symbol.modules * 5 / 2
        scene.cover(x: corner - 50..<corner - 15, y: corner - 50..<corner - 15, grey: 235)
        #expect(QRReader.read(try scene.image).map(\.text) == [stamp])
    }

    @Test("Many in one picture, each where it is")
    func many() throws {
        var scene = Scene(width: 1600, height: 1200)
        for index in 0..<12 {
            let symbol = try QRSymbol("\(stamp)\(index)")
            let centre = (x: 200 + 400 * Double(index % 4), y: 200 + 400 * Double(index / 4))
            scene.draw(symbol, at: Scene.turning(symbol, by: Double(index) / 13, module: 4, around: centre))
        }
        let codes = QRReader.read(try scene.image)
        #expect(Set(codes.map(\.text)) == Set((0..<12).map { "\(stamp)\($0)" }))
        #expect(codes.count == 12)
        for code in codes {
            let index = try #require(Int(code.text.dropFirst(stamp.count)))
            let x = code.corners.map(\.x).reduce(0, +) / 4
            let y = code.corners.map(\.y).reduce(0, +) / 4
            #expect(abs(x - (200 + 400 * Double(index % 4))) < 4 && abs(y - (200 + 400 * Double(index / 4))) < 4)
        }
        #expect(QRReader.read(try scene.image, atMost: 1).count == 1)
    }

    @Test("A small code in a large photograph")
    func photograph() throws {
        let symbol = try QRSymbol(stamp)
        var generator = SeededGenerator(seed: 3)
        var scene = Scene(width: 3000, height: 2250, grey: 120)
        scene.draw(symbol, at: Scene.turning(symbol, by: 0.07, module: 4, around: (2100, 700)))
        scene.addNoise(12, using: &generator)
        #expect(QRReader.read(try scene.image).map(\.text) == [stamp])
    }
}
