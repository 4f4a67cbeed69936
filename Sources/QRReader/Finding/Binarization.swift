/// A picture in dark and light: each block of pixels has a threshold of its own, from the blocks around it.
struct Binarization {
    let image: GreyImage
    /// A block is 2 to this pixels a side, so that its index is a shift.
    private let shift: Int
    private let columns: Int
    private let thresholds: [UInt8]

    /// What differs less is one colour: paper, or noise.
    private static let leastContrast = 16

    /// Thresholds from squares of five blocks of 2 to `shift` pixels a side.
    init(_ image: GreyImage, shift: Int) {
        self.image = image
        self.shift = shift
        columns = ((image.width - 1) >> shift) + 1
        let rows = ((image.height - 1) >> shift) + 1
        let blocks = Binarization.measure(image, shift: shift, columns: columns, rows: rows)
        var thresholds = [UInt8](repeating: 0, count: columns * rows)
        for row in 0..<rows {
            for column in 0..<columns {
                var around = Block()
                for y in max(0, row - 2)...min(rows - 1, row + 2) {
                    for x in max(0, column - 2)...min(columns - 1, column + 2) { around.add(blocks[y * columns + x]) }
                }
                guard around.highest - around.lowest >= Binarization.leastContrast else { continue }
                // The mean follows uneven light, the middle of the extremes holds where nearly all is paper.
                let middle = (around.lowest + around.highest) / 2
                thresholds[row * columns + column] = UInt8(clamping: (around.sum / max(1, around.count) + middle) / 2)
            }
        }
        self.thresholds = thresholds
    }

    /// Whether a pixel of the picture is dark.
    func isDark(_ x: Int, _ y: Int) -> Bool {
        image.pixels[y * image.width + x] < thresholds[(y >> shift) * columns + (x >> shift)]
    }

    private struct Block {
        var (sum, count, lowest, highest) = (0, 0, 255, 0)

        mutating func add(_ other: Block) {
            sum += other.sum
            count += other.count
            lowest = min(lowest, other.lowest)
            highest = max(highest, other.highest)
        }
    }

    private static func measure(_ image: GreyImage, shift: Int, columns: Int, rows: Int) -> [Block] {
        var blocks = [Block](repeating: Block(), count: columns * rows)
        for row in 0..<rows {
            for column in 0..<columns {
                var (sum, lowest, highest): (Int, UInt8, UInt8) = (0, 255, 0)
                let across = column << shift..<min(image.width, (column + 1) << shift)
                let down = row << shift..<min(image.height, (row + 1) << shift)
                for y in down {
                    for x in across {
                        let pixel = image.pixels[y * image.width + x]
                        sum += Int(pixel)
                        if pixel < lowest { lowest = pixel }
                        if pixel > highest { highest = pixel }
                    }
                }
                blocks[row * columns + column].add(
                    Block(sum: sum, count: across.count * down.count, lowest: Int(lowest), highest: Int(highest))
                )
            }
        }
        return blocks
    }
}
