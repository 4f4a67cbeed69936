/// A picture in grey: rows from above, 0 is black.
public struct GreyImage: Equatable, Sendable {
    /// The largest width and height.
    public static let maximumSide = 4096

    /// Pixels a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// `width` times `height` pixels.
    public let pixels: [UInt8]

    /// A picture; `nil` unless each side is 1 to ``maximumSide`` and there are exactly so many pixels.
    public init?(width: Int, height: Int, pixels: [UInt8]) {
        let sides = 1...GreyImage.maximumSide
        guard sides.contains(width), sides.contains(height), pixels.count == width * height else { return nil }
        self.init(width, height, pixels)
    }

    private init(_ width: Int, _ height: Int, _ pixels: [UInt8]) {
        (self.width, self.height, self.pixels) = (width, height, pixels)
    }

    /// The longer side.
    var side: Int { max(width, height) }

    /// The grey between the four pixels around a point; the edge's outside of the picture. A pixel's centre is at its index and a half.
    func sample(_ x: Double, _ y: Double) -> Double {
        let (left, across) = GreyImage.neighbours(x, width)
        let (top, down) = GreyImage.neighbours(y, height)
        let right = min(left + 1, width - 1)
        let upper = top * width
        let lower = min(top + 1, height - 1) * width
        let above = Double(pixels[upper + left]) * (1 - across) + Double(pixels[upper + right]) * across
        let below = Double(pixels[lower + left]) * (1 - across) + Double(pixels[lower + right]) * across
        return above * (1 - down) + below * down
    }

    /// The index before a coordinate, and how far it is from there to the next.
    private static func neighbours(_ coordinate: Double, _ count: Int) -> (Int, Double) {
        let position = coordinate - 0.5
        // Written so that what is no number is taken for 0.
        guard position > 0 else { return (0, 0) }
        guard position < Double(count - 1) else { return (count - 1, 0) }
        let index = Int(position)
        return (index, position - Double(index))
    }

    /// The picture at half its size: noise and blur shrink with it. A last odd row or column is left out.
    var halved: GreyImage? {
        let (width, height) = (self.width / 2, self.height / 2)
        guard width > 0, height > 0 else { return nil }
        var pixels = [UInt8](repeating: 0, count: width * height)
        for y in 0..<height {
            let row = 2 * y * self.width
            for x in 0..<width {
                let at = row + 2 * x
                let upper = Int(self.pixels[at]) + Int(self.pixels[at + 1])
                let lower = Int(self.pixels[at + self.width]) + Int(self.pixels[at + self.width + 1])
                pixels[y * width + x] = UInt8((upper + lower + 2) / 4)
            }
        }
        return GreyImage(width, height, pixels)
    }

    /// The picture at twice its size, smooth, for modules of a pixel or two; `nil` where that is too large.
    var doubled: GreyImage? {
        guard side <= GreyImage.maximumSide / 2 else { return nil }
        let (width, height) = (2 * self.width, 2 * self.height)
        var pixels = [UInt8](repeating: 0, count: width * height)
        for y in 0..<height {
            for x in 0..<width {
                pixels[y * width + x] = UInt8(sample((Double(x) + 0.5) / 2, (Double(y) + 0.5) / 2) + 0.5)
            }
        }
        return GreyImage(width, height, pixels)
    }
}
