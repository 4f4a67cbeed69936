import QRReader
import TestSupport
import TraceLabels

/// A picture of a symbol under conditions that a test chooses.
struct Scene {
    let width: Int
    let height: Int
    var pixels: [Double]

    /// White paper.
    init(width: Int, height: Int, grey: Double = 255) {
        (self.width, self.height) = (width, height)
        pixels = [Double](repeating: grey, count: width * height)
    }

    var image: GreyImage {
        get throws {
            let bytes = pixels.map { UInt8(min(255, max(0, $0)).rounded()) }
            guard let image = GreyImage(width: width, height: height, pixels: bytes) else {
                throw Falsified("no picture")
            }
            return image
        }
    }

    /// Draws a symbol: `place` says which point of it, in modules, is seen at a point of the picture; `nil` where it is not seen. Each pixel
    /// is the mean of nine points.
    mutating func draw(
        _ symbol: QRSymbol,
        dark: Double = 20,
        light: Double = 235,
        at place: (Double, Double) -> (x: Double, y: Double)?
    ) {
        for y in 0..<height {
            for x in 0..<width {
                var (sum, seen) = (0.0, 0.0)
                for step in 0..<9 {
                    let (across, down) = (
                        Double(x) + (Double(step % 3) + 0.5) / 3, Double(y) + (Double(step / 3) + 0.5) / 3
                    )
                    guard let point = place(across, down) else { continue }
                    let side = Double(symbol.modules) + 4
                    guard point.x > -4, point.y > -4, point.x < side, point.y < side else { continue }
                    seen += 1
                    sum += symbol[Int(point.x.rounded(.down)), Int(point.y.rounded(.down))] ? dark : light
                }
                if seen > 0 { pixels[y * width + x] = (sum + pixels[y * width + x] * (9 - seen)) / 9 }
            }
        }
    }

    /// A symbol upright, in whole pixels.
    static func plain(_ symbol: QRSymbol, module: Int) throws -> GreyImage {
        let side = (symbol.modules + 8) * module
        let pixels = (0..<side * side).map { index in
            symbol[index % side / module - 4, index / side / module - 4] ? UInt8(0) : 255
        }
        guard let image = GreyImage(width: side, height: side, pixels: pixels) else { throw Falsified("no picture") }
        return image
    }

    /// A symbol turned by an angle around the middle, `module` pixels a module, on paper that just holds it.
    static func turned(_ symbol: QRSymbol, by angle: Double, module: Double) -> Scene {
        let side = Int((Double(symbol.modules + 10) * module * 1.42).rounded(.up))
        var scene = Scene(width: side, height: side)
        scene.draw(symbol, at: turning(symbol, by: angle, module: module, around: (Double(side) / 2, Double(side) / 2)))
        return scene
    }

    static func turning(
        _ symbol: QRSymbol,
        by angle: Double,
        module: Double,
        around centre: (x: Double, y: Double)
    ) -> (Double, Double) -> (x: Double, y: Double)? {
        let (cosine, sine) = direction(angle)
        let half = Double(symbol.modules) / 2
        return { x, y in
            let (dx, dy) = ((x - centre.x) / module, (y - centre.y) / module)
            return (half + dx * cosine + dy * sine, half - dx * sine + dy * cosine)
        }
    }

    /// A symbol tilted: the picture's right edge and lower edge are farther away, by the factors given.
    static func tilted(_ symbol: QRSymbol, module: Double, right: Double, below: Double) -> Scene {
        let side = Int(Double(symbol.modules + 12) * module * 1.4)
        var scene = Scene(width: side, height: side)
        scene.draw(symbol) { x, y in
            // The inverse of a view is a view: w grows to the right and downwards.
            let (u, v) = (x / Double(side), y / Double(side))
            let weight = 1 - u * right - v * below
            guard weight > 0.1 else { return nil }
            let scale = (1 - right / 2 - below / 2) / weight / module
            return (
                (x - Double(side) / 2) * scale + Double(symbol.modules) / 2,
                (y - Double(side) / 2) * scale + Double(symbol.modules) / 2
            )
        }
        return scene
    }

    /// A symbol on a bottle: `bend` is the half of the angle that its width takes, in radians.
    static func bent(_ symbol: QRSymbol, module: Double, bend: Double) -> Scene {
        let side = Int(Double(symbol.modules + 12) * module)
        var scene = Scene(width: side, height: side)
        let radius = Double(symbol.modules) * module / 2 / bend
        scene.draw(symbol) { x, y in
            let across = (x - Double(side) / 2) / radius
            guard abs(across) < 0.99 else { return nil }
            return (
                arcSine(across) * radius / module + Double(symbol.modules) / 2,
                (y - Double(side) / 2) / module + Double(symbol.modules) / 2
            )
        }
        return scene
    }

    /// Blurs by two boxes of `radius` pixels to each side.
    mutating func blur(radius: Int) {
        for _ in 0..<2 {
            for isVertical in [false, true] {
                let source = pixels
                for y in 0..<height {
                    for x in 0..<width {
                        var sum = 0.0
                        for step in -radius...radius {
                            let sx = isVertical ? x : min(width - 1, max(0, x + step))
                            let sy = isVertical ? min(height - 1, max(0, y + step)) : y
                            sum += source[sy * width + sx]
                        }
                        pixels[y * width + x] = sum / Double(2 * radius + 1)
                    }
                }
            }
        }
    }

    /// Light that falls from one corner: `least` of it arrives at the other.
    mutating func shade(least: Double) {
        for y in 0..<height {
            for x in 0..<width {
                let part = (Double(x) / Double(width) + Double(y) / Double(height)) / 2
                pixels[y * width + x] *= 1 - (1 - least) * part
            }
        }
    }

    /// Noise of at most `strength` in each direction.
    mutating func addNoise(_ strength: Double, using generator: inout SeededGenerator) {
        for index in pixels.indices { pixels[index] += Double.random(in: -strength...strength, using: &generator) }
    }

    /// A spot of one grey.
    mutating func cover(x: Range<Int>, y: Range<Int>, grey: Double) {
        for row in y.clamped(to: 0..<height) {
            for column in x.clamped(to: 0..<width) { pixels[row * width + column] = grey }
        }
    }
}

/// Cosine and sine of an angle in turns, by their series.
private func direction(_ turns: Double) -> (cosine: Double, sine: Double) {
    let angle = (turns - turns.rounded()) * 2 * Double.pi
    var (cosine, sine, term) = (0.0, 0.0, 1.0)
    for step in 0..<40 {
        switch step % 4 {
        case 0: cosine += term
        case 1: sine += term
        case 2: cosine -= term
        default: sine -= term
        }
        term *= angle / Double(step + 1)
    }
    return (cosine, sine)
}

private func arcSine(_ value: Double) -> Double {
    // Newton's method on the sine.
    var angle = value
    for _ in 0..<30 {
        let (cosine, sine) = direction(angle / 2 / Double.pi)
        guard abs(cosine) > 1e-6 else { break }
        angle -= (sine - value) / cosine
    }
    return angle
}
