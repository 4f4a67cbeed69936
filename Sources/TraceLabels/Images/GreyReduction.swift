internal import QRReader

/// Makes a picture out of rows that come from above, of squares of pixels where it would be too large.
struct GreyReduction {
    private let width: Int
    /// Pixels a side of a square that becomes one.
    private let factor: Int
    private var sums: [Int]
    private var rowsInSums = 0
    private var pixels: [UInt8] = []
    private var rows = 0

    /// A picture of these sides.
    init(width: Int, height: Int) {
        factor = (max(width, height) + GreyImage.maximumSide - 1) / GreyImage.maximumSide
        self.width = max(1, width / factor)
        sums = [Int](repeating: 0, count: self.width)
        pixels.reserveCapacity(self.width * max(1, height / factor))
    }

    /// Adds the next row. What is left over at the right and below is left out.
    mutating func add(_ row: [UInt8]) {
        guard factor > 1 else {
            pixels += row
            rows += 1
            return
        }
        for (index, value) in row.prefix(width * factor).enumerated() { sums[index / factor] += Int(value) }
        rowsInSums += 1
        guard rowsInSums == factor else { return }
        endRow()
    }

    /// The picture; `nil` where there were no rows.
    consuming func finish() -> GreyImage? {
        // A strip that is less high than a square.
        if rows == 0, rowsInSums > 0 { endRow() }
        return GreyImage(width: width, height: rows, pixels: pixels)
    }

    private mutating func endRow() {
        for sum in sums { pixels.append(UInt8(clamping: sum / (rowsInSums * factor))) }
        sums = [Int](repeating: 0, count: width)
        (rowsInSums, rows) = (0, rows + 1)
    }
}
