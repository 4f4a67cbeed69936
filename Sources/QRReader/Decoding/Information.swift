/// What stands twice in a symbol beside its codewords, in BCH codes: the level and the mask, and the version of large ones.
enum Information {
    /// Level and mask, from the copy that has fewer faults (ISO/IEC 18004, section 7.9 and annex C); `nil` where both have more than three.
    static func format(of matrix: ModuleMatrix) -> (level: QRLevel, mask: Int)? {
        let side = matrix.version.modules
        var (first, second) = (0, 0)
        for bit in 0..<15 {
            // Around the upper left finder pattern, over the timing patterns; then beside the other two.
            let dark =
                bit < 6
                ? matrix.isDark(8, bit)
                : bit < 8
                    ? matrix.isDark(8, bit + 1)
                    : bit == 8 ? matrix.isDark(7, 8) : matrix.isDark(14 - bit, 8)
            if dark { first |= 1 << bit }
            if bit < 8 ? matrix.isDark(side - 1 - bit, 8) : matrix.isDark(8, side - 15 + bit) { second |= 1 << bit }
        }
        var best = (faults: 4, value: 0)
        for value in 0..<32 {
            let word = formatWord(value)
            for read in [first, second] {
                let faults = (word ^ read).nonzeroBitCount
                if faults < best.faults { best = (faults, value) }
            }
        }
        guard best.faults <= 3 else { return nil }
        for level in QRLevel.allCases where Int(level.indicator) == best.value >> 3 { return (level, best.value & 7) }
        return nil
    }

    /// Five bits, ten of BCH (15, 5), and the mask that keeps them from being all zero.
    static func formatWord(_ value: Int) -> Int { encoded(value, bits: 10, generator: 0x537) ^ 0x5412 }

    /// Six bits and twelve of BCH (18, 6) (section 7.10 and annex D).
    static func versionWord(_ number: Int) -> Int { encoded(number, bits: 12, generator: 0x1F25) }

    /// The version whose word has at most three bits that differ from `read`; `nil` where none has.
    static func version(_ read: Int) -> QRVersion? {
        for number in 7...40 where (versionWord(number) ^ read).nonzeroBitCount <= 3 { return QRVersion(number) }
        return nil
    }

    private static func encoded(_ value: Int, bits: Int, generator: Int) -> Int {
        var rest = value
        for _ in 0..<bits { rest = rest << 1 ^ (rest >> (bits - 1)) * generator }
        return value << bits | rest
    }
}
