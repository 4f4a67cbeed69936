/// Looks for an alignment pattern (ISO/IEC 18004, section 6.3.6) near where it should be: a dark module in a light ring in a dark ring.
struct AlignmentSearch {
    private let image: GreyImage
    private let expected: ImagePoint
    /// A step of one module along the symbol's rows and columns, as it is seen there.
    private let across, down: ImagePoint

    /// A search around a point of the picture, for the pattern in the lower right corner.
    init(_ image: GreyImage, around expected: ImagePoint, in view: Perspective, version: QRVersion) {
        let corner = Double(version.modules) - 6.5
        self.init(image, around: expected, in: view, version: version, corner, corner)
    }

    /// The same for the pattern whose centre is at (`x`, `y`) modules.
    init(
        _ image: GreyImage,
        around expected: ImagePoint,
        in view: Perspective,
        version: QRVersion,
        _ x: Double,
        _ y: Double
    ) {
        self.image = image
        self.expected = expected
        let side = Double(version.modules - 7)
        let (u, v) = ((x - 3.5) / side, (y - 3.5) / side)
        let here = view(u, v)
        across = view(u + 1 / side, v) - here
        down = view(u, v + 1 / side) - here
    }

    /// The best place within `reach` modules in each direction; `nil` where nothing is well over half as distinct as
    /// the finder patterns are.
    func best(reach: Double, contrast least: Double, effort: inout Effort) -> ImagePoint? {
        var best = (x: 0.0, y: 0.0, contrast: 0.0)
        // Coarsely over all, then finely around the best.
        for (step, steps) in [(0.5, Int(2 * reach)), (0.25, 2), (0.1, 2)] {
            let (x, y) = (best.x, best.y)
            effort.spend((2 * steps + 1) * (2 * steps + 1))
            for row in -steps...steps {
                for column in -steps...steps {
                    let (dx, dy) = (x + Double(column) * step, y + Double(row) * step)
                    // Data may look like the pattern by chance: what is nearer wins.
                    let distance = (dx * dx + dy * dy).squareRoot()
                    let contrast = contrast(at: expected + across * dx + down * dy) / (1 + 0.02 * distance)
                    if contrast > best.contrast { best = (dx, dy, contrast) }
                }
            }
        }
        // Less is noise, or data where a pattern is covered.
        return best.contrast > max(12, least * 0.6) ? expected + across * best.x + down * best.y : nil
    }

    /// By how much the light ring is lighter than the dark middle and the dark ring, whichever is less.
    private func contrast(at centre: ImagePoint) -> Double {
        var (ring, outer) = (0.0, 0.0)
        for y in -2...2 {
            for x in -2...2 where x != 0 || y != 0 {
                let point = centre + across * Double(x) + down * Double(y)
                let value = image.sample(point.x, point.y)
                if max(abs(x), abs(y)) == 1 { ring += value } else { outer += value }
            }
        }
        return ring / 8 - max(image.sample(centre.x, centre.y), outer / 16)
    }
}

/// What a picture may still cost: modules to be looked at. A hostile one is given up; the largest symbols cost some 40,000.
struct Effort {
    private var rest = 4_000_000

    /// Whether nothing is left.
    var isSpent: Bool { rest <= 0 }

    mutating func spend(_ modules: Int) { rest -= modules }
}
