import QRReader
import TestSupport
import Testing
import TraceLabels

@Suite("Hostile pictures")
struct HostileTests {
    @Test("Sizes that do not fit")
    func sizes() {
        #expect(GreyImage(width: 0, height: 1, pixels: []) == nil)
        #expect(GreyImage(width: 2, height: 2, pixels: [0, 0, 0]) == nil)
        #expect(GreyImage(width: -1, height: -1, pixels: [0]) == nil)
        #expect(GreyImage(width: 4097, height: 1, pixels: [UInt8](repeating: 0, count: 4097)) == nil)
        #expect(GreyImage(width: .max, height: 2, pixels: []) == nil)
    }

    @Test("Pictures of every small size, with nothing to read")
    func small() throws {
        for width in 1...24 {
            for height in 1...24 {
                let pixels = (0..<width * height).map { UInt8(truncatingIfNeeded: $0 * 97) }
                let image = try #require(GreyImage(width: width, height: height, pixels: pixels))
                #expect(QRReader.read(image).isEmpty)
            }
        }
    }

    @Test("Noise, stripes and squares")
    func noise() {
        forAll(40) { generator in
            let width = Int.random(in: 1...300, using: &generator)
            let height = Int.random(in: 1...300, using: &generator)
            let (across, down) = (Int.random(in: 1...9, using: &generator), Int.random(in: 1...9, using: &generator))
            let word = generator.next()
            let pixels = (0..<width * height).map { index in
                let bit = index % width / across % 8 + index / width / down % 8 * 8
                return UInt8(word >> UInt64(bit) & 1) * 255
            }
            guard let image = GreyImage(width: width, height: height, pixels: pixels) else {
                throw Falsified("no picture")
            }
            try check(QRReader.read(image).isEmpty, "something was read")
        }
    }

    @Test("Cut, covered and mixed symbols are read right or not at all")
    func mutations() throws {
        let symbol = try QRSymbol(stamp)
        let whole = Scene.turned(symbol, by: 0.01, module: 3)
        forAll(20) { generator in
            var scene = whole
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let (x, y) = (
                    Int.random(in: 0..<scene.width, using: &generator),
                    Int.random(in: 0..<scene.height, using: &generator)
                )
                let size = Int.random(in: 2...60, using: &generator)
                scene.cover(x: x..<x + size, y: y..<y + size, grey: Double.random(in: 0...255, using: &generator))
            }
            for code in QRReader.read(try scene.image) { try check(code.text == stamp, "read as \(code.text)") }
        }
    }

    @Test("A field of finder patterns is given up in time", .timeLimit(.minutes(1)))
    func patterns() throws {
        let side = 640
        let pixels = (0..<side * side).map { index -> UInt8 in
            let (x, y) = (index % side % 27 / 3, index / side % 27 / 3)
            let ring = max(abs(x - 4), abs(y - 4))
            return ring == 4 || ring == 2 ? 255 : 0
        }
        let image = try #require(GreyImage(width: side, height: side, pixels: pixels))
        let clock = ContinuousClock()
        let time = clock.measure { #expect(QRReader.read(image).isEmpty) }
        #expect(time < .seconds(30))
    }
}
