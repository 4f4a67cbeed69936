/// The modules of a symbol in dark and light, and what they say.
struct ModuleMatrix {
    let version: QRVersion
    /// A row after another; `true` is dark.
    private let modules: [Bool]

    /// Modules from their grey: each is compared with the mean of those around it.
    ///
    /// - Parameter sharpening: How much of the difference from its four neighbours is added to a module first, which undoes blur.
    init(_ version: QRVersion, greys: [Double], sharpening: Double) {
        self.version = version
        let side = version.modules
        let values = ModuleMatrix.sharpened(greys, side: side, by: sharpening)
        var modules = [Bool](repeating: false, count: values.count)
        let reach = 5
        for y in 0..<side {
            // Sums of columns, so that a module costs a row of additions.
            let rows = max(0, y - reach)...min(side - 1, y + reach)
            var columns = [Double](repeating: 0, count: side)
            for row in rows {
                for x in 0..<side { columns[x] += values[row * side + x] }
            }
            for x in 0..<side {
                let range = max(0, x - reach)...min(side - 1, x + reach)
                var sum = 0.0
                for column in range { sum += columns[column] }
                modules[y * side + x] = values[y * side + x] * Double(range.count * rows.count) < sum
            }
        }
        self.modules = modules
    }

    /// Modules as they are.
    init(_ version: QRVersion, modules: [Bool]) {
        self.version = version
        self.modules = modules
    }

    private static func sharpened(_ greys: [Double], side: Int, by factor: Double) -> [Double] {
        guard factor > 0 else { return greys }
        var values = greys
        for y in 0..<side {
            for x in 0..<side {
                let at = y * side + x
                let left = greys[x > 0 ? at - 1 : at]
                let right = greys[x < side - 1 ? at + 1 : at]
                let above = greys[y > 0 ? at - side : at]
                let below = greys[y < side - 1 ? at + side : at]
                values[at] += factor * (greys[at] - (left + right + above + below) / 4)
            }
        }
        return values
    }

    /// Whether a module is dark.
    func isDark(_ x: Int, _ y: Int) -> Bool { modules[y * version.modules + x] }

    /// The codewords, unmasked, in the order in which they stand (section 7.7.3): columns of two modules from the right,
    /// upwards and downwards in turn.
    func codewords(mask: Int) -> [UInt8] {
        let side = version.modules
        let functions = version.functionModules
        var codewords = [UInt8](repeating: 0, count: version.codewords)
        var bit = 0
        var right = side - 1
        while right >= 1 {
            // The vertical timing pattern has no part in it.
            if right == 6 { right = 5 }
            let isUpward = (right + 1) & 2 == 0
            for step in 0..<side {
                let y = isUpward ? side - 1 - step : step
                for x in [right, right - 1] where !functions[y * side + x] && bit < 8 * codewords.count {
                    if isDark(x, y) != ModuleMatrix.isFlipped(x, y, by: mask) {
                        codewords[bit / 8] |= 0x80 >> UInt8(bit % 8)
                    }
                    bit += 1
                }
            }
            right -= 2
        }
        return codewords
    }

    /// Whether a mask changes a module (section 7.8.2, table 10).
    private static func isFlipped(_ x: Int, _ y: Int, by mask: Int) -> Bool {
        switch mask {
        case 0: (x + y) % 2 == 0
        case 1: y % 2 == 0
        case 2: x % 3 == 0
        case 3: (x + y) % 3 == 0
        case 4: (x / 3 + y / 2) % 2 == 0
        case 5: x * y % 2 + x * y % 3 == 0
        case 6: (x * y % 2 + x * y % 3) % 2 == 0
        default: ((x + y) % 2 + x * y % 3) % 2 == 0
        }
    }
}

extension QRVersion {
    /// Which modules carry no codewords: finder, timing and alignment patterns, format and version information.
    var functionModules: [Bool] {
        let side = modules
        var functions = [Bool](repeating: false, count: side * side)
        func fill(_ across: Range<Int>, _ down: Range<Int>) {
            for y in down {
                for x in across { functions[y * side + x] = true }
            }
        }
        // Finder patterns with separators and format information.
        fill(0..<9, 0..<9)
        fill(side - 8..<side, 0..<9)
        fill(0..<9, side - 8..<side)
        fill(0..<side, 6..<7)
        fill(6..<7, 0..<side)
        if number >= 7 {
            fill(side - 11..<side - 8, 0..<6)
            fill(0..<6, side - 11..<side - 8)
        }
        guard number >= 2 else { return functions }
        let centres = alignmentCentres
        let last = side - 7
        for y in centres {
            for x in centres where !(x == 6 && y == 6 || x == 6 && y == last || x == last && y == 6) {
                fill(x - 2..<x + 3, y - 2..<y + 3)
            }
        }
        return functions
    }
}
