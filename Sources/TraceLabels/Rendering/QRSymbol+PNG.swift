/// A symbol in pixels.
public struct QRPicture: Equatable, Sendable {
    /// The PNG file: one bit a pixel, its resolution stated.
    public let png: [UInt8]
    /// Pixels a side, quiet zone included.
    public let side: Int
    /// Pixels a module.
    public let pixelsPerModule: Int
    /// What a module measures at the resolution, in millimetres.
    public let moduleWidth: Double
}

extension QRSymbol {
    /// The largest picture, in pixels a side.
    static let maximumSide = 16_384

    /// The symbol in pixels. A module is a whole number of them, or modules would differ in width and readers fail: what is nearest to
    /// `moduleWidth` is taken, and the result says which it is.
    ///
    /// - Parameters:
    ///   - resolution: Dots an inch, of the printer.
    ///   - moduleWidth: X-dimension in millimetres.
    ///   - quietZone: Light modules on each side.
    /// - Throws: ``LabelError`` when resolution and width give a picture that is too large, or are no sizes.
    public func picture(
        resolution: Int = 300,
        moduleWidth: Double = 0.396,
        quietZone: Int = 4
    ) throws(LabelError) -> QRPicture {
        guard (1...100_000).contains(resolution), moduleWidth.isFinite, moduleWidth > 0, moduleWidth < 1000 else {
            throw LabelError(
                "PNG",
                "resolution (dots an inch) and module width (mm) must be positive and within reason"
            )
        }
        let pixels = max(1, Int((moduleWidth / 25.4 * Double(resolution)).rounded()))
        let quietZone = min(max(0, quietZone), QRSymbol.maximumSide)
        let (side, isTooLarge) = (modules + 2 * quietZone).multipliedReportingOverflow(by: pixels)
        guard !isTooLarge, side <= QRSymbol.maximumSide else {
            throw LabelError(
                "PNG",
                "the picture would have more than \(QRSymbol.maximumSide) pixels a side; take SVG or PDF"
            )
        }
        return QRPicture(
            png: try PNGWriter.encode(
                scanlines(pixels: pixels, quietZone: quietZone),
                side: side,
                resolution: resolution
            ),
            side: side,
            pixelsPerModule: pixels,
            moduleWidth: Double(pixels) / Double(resolution) * 25.4
        )
    }

    /// Rows of a one-bit picture as PNG filters them: a zero byte (no filter), then eight pixels a byte, white is 1.
    private func scanlines(pixels: Int, quietZone: Int) -> [UInt8] {
        let side = (modules + 2 * quietZone) * pixels
        let rowBytes = 1 + (side + 7) / 8
        var lines: [UInt8] = []
        lines.reserveCapacity(rowBytes * side)
        for y in -quietZone..<modules + quietZone {
            var row = [UInt8](repeating: 0, count: rowBytes)
            for x in 0..<side where !self[x / pixels - quietZone, y] { row[1 + x / 8] |= 0x80 >> UInt8(x % 8) }
            for _ in 0..<pixels { lines += row }
        }
        return lines
    }
}
