internal import QRReader

/// The compressed rows of a PNG picture, unfiltered and made grey as they come.
struct PNGScanlines {
    private let format: PNGFormat
    /// The palette's colours in grey.
    var palette: [UInt8] = []
    /// What a tRNS chunk says (section 11.3.1.1): the palette's opacities, or the one transparent colour.
    var transparency: [UInt8] = []
    /// Whether rows have come, before which palette and transparency stand.
    private(set) var isStarted = false

    private let inflater = InflaterBox()
    /// The filter's byte and the row.
    private var row: [UInt8]
    private var filled = 0
    private var previous: [UInt8]
    private var rows = 0
    private var picture: GreyReduction

    init(_ format: PNGFormat) {
        self.format = format
        row = [UInt8](repeating: 0, count: format.rowBytes + 1)
        previous = [UInt8](repeating: 0, count: format.rowBytes + 1)
        picture = GreyReduction(width: format.width, height: format.height)
    }

    /// Reads the data of a chunk; gives what is wrong with it.
    mutating func add(_ data: ArraySlice<UInt8>) -> String? {
        isStarted = true
        guard format.colour != .palette || !palette.isEmpty else { return "there is no palette" }
        var data = data
        while rows < format.height {
            guard let count = inflater.value.inflate(data, into: &row, filled: &filled) else {
                return "the compressed data are damaged"
            }
            data = data.dropFirst(count)
            guard filled == row.count else {
                // More comes in the next chunk, if at all.
                return inflater.value.isComplete ? "rows of the picture are missing" : nil
            }
            guard unfilter() else { return "there is an unknown filter" }
            picture.add(greyRow())
            (row, previous, filled) = (previous, row, 0)
            rows += 1
        }
        return nil
    }

    /// The picture; `nil` where rows are missing.
    consuming func finish() -> GreyImage? { rows == format.height ? picture.finish() : nil }

    /// Undoes the row's filter (section 9.2).
    private mutating func unfilter() -> Bool {
        let back = format.pixelBytes
        let filter = row[0]
        guard filter <= 4 else { return false }
        guard filter > 0 else { return true }
        for index in 1..<row.count {
            let left = index > back ? row[index - back] : 0
            let above = previous[index]
            let corner = index > back ? previous[index - back] : 0
            let predicted: UInt8 =
                switch filter {
                case 1: left
                case 2: above
                case 3: UInt8((Int(left) + Int(above)) / 2)
                default: PNGScanlines.paeth(Int(left), Int(above), Int(corner))
                }
            row[index] &+= predicted
        }
        return true
    }

    /// Whichever is nearest to left + above - corner (section 9.4).
    private static func paeth(_ left: Int, _ above: Int, _ corner: Int) -> UInt8 {
        let (dLeft, dAbove, dCorner) = (abs(above - corner), abs(left - corner), abs(left + above - 2 * corner))
        let nearest = dLeft <= dAbove && dLeft <= dCorner ? left : dAbove <= dCorner ? above : corner
        return UInt8(truncatingIfNeeded: nearest)
    }

    private func greyRow() -> [UInt8] {
        (0..<format.width).map { x in
            switch format.colour {
            case .palette:
                let index = sample(x)
                // An index behind the palette is an error that other readers show as black.
                let grey = index < palette.count ? palette[index] : 0
                return blended(grey, index < transparency.count ? transparency[index] : 255)
            case .grey: return isTransparent(x) ? 255 : scaled(sample(x))
            case .greyAlpha: return blended(scaled(sample(2 * x)), scaled(sample(2 * x + 1)))
            case .rgb: return isTransparent(x) ? 255 : grey(at: 3 * x)
            case .rgba: return blended(grey(at: 4 * x), scaled(sample(4 * x + 3)))
            }
        }
    }

    private func grey(at index: Int) -> UInt8 {
        PNGFormat.grey(scaled(sample(index)), scaled(sample(index + 1)), scaled(sample(index + 2)))
    }

    /// The row's `index`-th sample, in its own depth.
    private func sample(_ index: Int) -> Int {
        switch format.depth {
        case 8: return Int(row[1 + index])
        case 16: return Int(row[1 + 2 * index]) << 8 | Int(row[2 + 2 * index])
        default:
            let bit = index * format.depth
            return Int(row[1 + bit / 8]) >> (8 - format.depth - bit % 8) & ((1 << format.depth) - 1)
        }
    }

    /// A sample in eight bits.
    private func scaled(_ sample: Int) -> UInt8 {
        UInt8(clamping: sample * 255 / ((1 << format.depth) - 1))
    }

    /// On white paper.
    private func blended(_ grey: UInt8, _ opacity: UInt8) -> UInt8 {
        UInt8((Int(grey) * Int(opacity) + 255 * (255 - Int(opacity))) / 255)
    }

    /// Whether a pixel has the one transparent colour.
    private func isTransparent(_ x: Int) -> Bool {
        let channels = format.colour.channels
        guard transparency.count == 2 * channels else { return false }
        return (0..<channels).allSatisfy {
            sample(channels * x + $0) == Int(transparency[2 * $0]) << 8 | Int(transparency[2 * $0 + 1])
        }
    }
}

/// An inflater in a place of its own, since its owner is copied.
private final class InflaterBox {
    var value = Inflater()
}
