/// One of the three squares in a symbol's corners (ISO/IEC 18004, section 6.3.3).
struct FinderPattern {
    var centre: ImagePoint
    /// Pixels a module, about; too large by up to 1.4 where the symbol is turned.
    var module: Double
    /// Rows in which it was seen.
    var hits: Int
}

/// Looks for dark-light-dark-light-dark in the ratio 1:1:3:1:1: every line through the middle of a finder pattern has it, at any angle.
struct FinderSearch {
    /// So many patterns are remembered, and so many cross-sections examined.
    private static let (mostPatterns, mostCandidates) = (200, 20_000)

    private let picture: Binarization
    private var candidates = 0
    private(set) var patterns: [FinderPattern] = []

    /// Searches every second row.
    init(_ picture: Binarization) {
        self.picture = picture
        let (width, height) = (picture.image.width, picture.image.height)
        for y in stride(from: 1, to: height, by: 2) {
            var section = CrossSection()
            var (start, wasDark) = (0, false)
            for x in 0...width {
                let isDark = x < width && picture.isDark(x, y)
                guard isDark != wasDark else { continue }
                section.push(x - start)
                if wasDark, section.isFinder {
                    examine(x - section.fifth - section.fourth - section.third / 2, y, section)
                }
                (start, wasDark) = (x, isDark)
            }
            guard candidates < FinderSearch.mostCandidates else { return }
        }
    }

    /// Looks at a candidate's other cross-sections and keeps it.
    private mutating func examine(_ x: Int, _ y: Int, _ section: CrossSection) {
        candidates += 1
        // Pieces of the same pattern are up to 1.4 times as long, those of a tilted one longer.
        let limit = 2 * section.total
        guard let vertical = crossSection(x, y, 0, 1, limit),
            let horizontal = crossSection(x, y + vertical.offset, 1, 0, limit),
            crossSection(x + horizontal.offset, y + vertical.offset, 1, 1, limit) != nil,
            crossSection(x + horizontal.offset, y + vertical.offset, 1, -1, limit) != nil,
            vertical.total < 3 * horizontal.total, horizontal.total < 3 * vertical.total
        else { return }
        keep(
            FinderPattern(
                centre: ImagePoint(x: Double(x) + horizontal.middle, y: Double(y) + vertical.middle),
                module: Double(vertical.total + horizontal.total) / 14,
                hits: 1
            )
        )
    }

    private mutating func keep(_ new: FinderPattern) {
        for index in patterns.indices {
            let old = patterns[index]
            guard (old.centre - new.centre).length < 2 * max(old.module, new.module) else { continue }
            let hits = Double(old.hits)
            patterns[index].centre = (old.centre * hits + new.centre) * (1 / (hits + 1))
            patterns[index].module = (old.module * hits + new.module) / (hits + 1)
            patterns[index].hits += 1
            return
        }
        if patterns.count < FinderSearch.mostPatterns { patterns.append(new) }
    }

    /// The cross-section through a pixel in a direction: its middle, from that pixel's edge and in whole pixels, and its length.
    private func crossSection(
        _ x: Int,
        _ y: Int,
        _ dx: Int,
        _ dy: Int,
        _ limit: Int
    ) -> (middle: Double, offset: Int, total: Int)? {
        guard let forth = arm(x, y, dx, dy, limit), let back = arm(x - dx, y - dy, -dx, -dy, limit) else { return nil }
        var section = CrossSection()
        section.push(back.third)
        section.push(back.second)
        section.push(back.first + forth.first)
        section.push(forth.second)
        section.push(forth.third)
        guard section.isFinder else { return nil }
        let middle = Double(forth.first - back.first) / 2
        return (middle, (forth.first - back.first) >> 1, section.total)
    }

    /// Lengths of the dark, light and dark runs from a pixel outwards.
    private func arm(_ x: Int, _ y: Int, _ dx: Int, _ dy: Int, _ limit: Int) -> (first: Int, second: Int, third: Int)? {
        var (x, y) = (x, y)
        var (first, second, third) = (0, 0, 0)
        for _ in 0..<limit {
            guard x >= 0, y >= 0, x < picture.image.width, y < picture.image.height else { break }
            let isDark = picture.isDark(x, y)
            if isDark, second == 0 {
                first += 1
            } else if !isDark, third == 0 {
                second += 1
            } else if isDark {
                third += 1
            } else {
                return (first, second, third)
            }
            x += dx
            y += dy
        }
        // The edge of the picture ends the last run as well as a light pixel does.
        return third > 0 ? (first, second, third) : nil
    }
}

/// The last five runs of a line.
private struct CrossSection {
    private var first = 0
    private var second = 0
    private(set) var third = 0
    private(set) var fourth = 0
    private(set) var fifth = 0

    mutating func push(_ length: Int) {
        (first, second, third, fourth, fifth) = (second, third, fourth, fifth, length)
    }

    var total: Int { first + second + third + fourth + fifth }

    /// Whether the runs are 1:1:3:1:1, each within half a module and half a pixel, the middle within three times that.
    var isFinder: Bool {
        guard first > 0, second > 0, third > 0, fourth > 0, total >= 7 else { return false }
        // In fourteenths of the whole, so that all is in whole numbers.
        let (module, slack) = (2 * total, total + 7)
        return abs(14 * first - module) < slack && abs(14 * second - module) < slack
            && abs(14 * fourth - module) < slack && abs(14 * fifth - module) < slack
            && abs(14 * third - 3 * module) < 3 * slack
    }
}
