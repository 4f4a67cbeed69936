/// What a PNG file's header says.
struct PNGFormat {
    /// Colour types (W3C PNG, section 11.2.1, table 11).
    enum Colour: UInt8 {
        case grey = 0
        case rgb = 2
        case palette = 3
        case greyAlpha = 4
        case rgba = 6

        var depths: [Int] {
            switch self {
            case .grey: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            case .rgb, .greyAlpha, .rgba: [8, 16]
            }
        }

        var channels: Int {
            switch self {
            case .grey, .palette: 1
            case .greyAlpha: 2
            case .rgb: 3
            case .rgba: 4
            }
        }
    }

    let width, height, depth: Int
    let colour: Colour

    /// Bytes of a row, without the filter's.
    var rowBytes: Int { (width * colour.channels * depth + 7) / 8 }

    /// Bytes of a pixel, at least one: what filters look back by (section 9.2).
    var pixelBytes: Int { max(1, colour.channels * depth / 8) }

    /// The luma of ITU-R BT.601, in 256ths.
    static func grey(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        UInt8((77 * Int(red) + 150 * Int(green) + 29 * Int(blue)) >> 8)
    }
}
