/// A size of symbol, 1 to 40, and what follows from it alone (ISO/IEC 18004, sections 5 and 6).
public struct QRVersion: Equatable, Sendable {
    /// 1 to 40.
    public let number: Int

    /// A version; `nil` outside 1 to 40.
    public init?(_ number: Int) {
        guard (1...40).contains(number) else { return nil }
        self.number = number
    }

    /// Modules a side: 21 to 177.
    public var modules: Int { 17 + 4 * number }

    /// How many characters' count indicators share a length: 0 for versions 1 to 9, 1 to 26, 2 to 40 (table 3).
    public var countClass: Int { number < 10 ? 0 : number < 27 ? 1 : 2 }

    /// Bytes of data at `level`, mode indicators and padding included (table 7).
    public func dataCodewords(_ level: QRLevel) -> Int {
        codewords - blockCount(level) * correctionCodewords(level)
    }

    /// All codewords, data and correction (table 1).
    var codewords: Int { functionless / 8 }

    /// Modules that carry codewords or the bits that remain behind them.
    private var functionless: Int {
        var count = (16 * number + 128) * number + 64
        if number >= 2 {
            let alignments = number / 7 + 2
            count -= (25 * alignments - 10) * alignments - 55
        }
        if number >= 7 { count -= 36 }
        return count
    }

    /// The coordinates, in either direction, of the alignment patterns' centres (annex E). Version 1 has none; what is given for it
    /// are the same corners of the grid.
    var alignmentCentres: [Int] {
        guard number >= 2 else { return [6, modules - 7] }
        let count = number / 7 + 2
        // Version 32 has a step that the rule for the others does not give.
        let step = number == 32 ? 26 : (number * 4 + count * 2 + 1) / (count * 2 - 2) * 2
        var centres = [Int](repeating: 6, count: count)
        for index in 1..<count { centres[index] = modules - 7 - step * (count - 1 - index) }
        return centres
    }

    /// Correction codewords of each block (table 9).
    func correctionCodewords(_ level: QRLevel) -> Int {
        Int(QRVersion.corrections[Int(level.rawValue) * 40 + number - 1])
    }

    /// Blocks into which the codewords are divided (table 9).
    func blockCount(_ level: QRLevel) -> Int {
        Int(QRVersion.blocks[Int(level.rawValue) * 40 + number - 1])
    }

    /// Codewords that may be wrong in one block. The smallest symbols keep some in reserve against misreading (table 9, note b).
    func correctable(_ level: QRLevel) -> Int {
        let reserve =
            switch (number, level) {
            case (1, .low): 3
            case (1, .medium), (2, .low): 2
            default: 0
            }
        return (correctionCodewords(level) - reserve) / 2
    }
}

extension QRVersion {
    /// Table 9, a row a level, a column a version: correction codewords a block.
    private static let corrections: [UInt8] = [
        // L
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
        28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
        // M
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
        26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        // Q
        13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
        28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
        // H
        17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28,
        30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ]

    /// The same: blocks.
    private static let blocks: [UInt8] = [
        // L
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8,
        8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25,
        // M
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
        17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
        // Q
        1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20,
        23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
        // H
        1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25,
        25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
    ]
}
