/// Where labels stand on paper. Lengths are millimetres.
public struct LabelLayout: Equatable, Sendable {
    /// A size of paper.
    public enum Paper: String, Sendable, CaseIterable {
        /// 210 x 297.
        case a4
        /// 8.5 x 11 inches.
        case letter

        /// Its width in millimetres.
        public var width: Double { self == .a4 ? 210 : 215.9 }
        /// Its height in millimetres.
        public var height: Double { self == .a4 ? 297 : 279.4 }
    }

    /// Width of a page.
    public let pageWidth: Double
    /// Height of a page.
    public let pageHeight: Double
    /// Labels beside each other.
    public let columns: Int
    /// Labels above each other.
    public let rows: Int
    /// Free paper at each edge of the page.
    public let margin: Double
    /// Free paper between labels.
    public let gap: Double
    /// X-dimension of the symbols.
    public var moduleWidth = 0.396
    /// Light modules on each side of a symbol.
    public var quietZone = 4
    /// Height of the text below, in points of 1/72 inch.
    public var fontSize = 6.0

    /// Sheets of paper with a grid of labels.
    public static func sheet(
        _ paper: Paper,
        columns: Int,
        rows: Int,
        margin: Double = 10,
        gap: Double = 2
    ) throws(LabelError) -> LabelLayout {
        try LabelLayout(paper.width, paper.height, columns: columns, rows: rows, margin: margin, gap: gap)
    }

    /// A roll, each label a page of its own.
    public static func roll(width: Double, height: Double, margin: Double = 1) throws(LabelError) -> LabelLayout {
        try LabelLayout(width, height, columns: 1, rows: 1, margin: margin, gap: 0)
    }

    private init(
        _ pageWidth: Double,
        _ pageHeight: Double,
        columns: Int,
        rows: Int,
        margin: Double,
        gap: Double
    ) throws(LabelError) {
        // 14,400 points is as far as PDF readers go (ISO 32000-1, annex C).
        let sizes = 1.0...5080
        guard sizes.contains(pageWidth), sizes.contains(pageHeight) else {
            throw LabelError("label layout", "a page is 1 to 5080 mm wide and high")
        }
        guard (1...1000).contains(columns), (1...1000).contains(rows) else {
            throw LabelError("label layout", "a page has 1 to 1000 columns and rows of labels")
        }
        guard (0...sizes.upperBound).contains(margin), (0...sizes.upperBound).contains(gap) else {
            throw LabelError("label layout", "margin and gap are 0 or more millimetres")
        }
        (self.pageWidth, self.pageHeight) = (pageWidth, pageHeight)
        (self.columns, self.rows) = (columns, rows)
        (self.margin, self.gap) = (margin, gap)
        guard labelWidth >= 1, labelHeight >= 1 else {
            throw LabelError(
                "label layout",
                "\(columns) x \(rows) labels with a margin of \(margin) mm and a gap of \(gap) mm do not fit onto the page"
            )
        }
    }

    /// Width of a label.
    public var labelWidth: Double {
        (pageWidth - 2 * margin - Double(columns - 1) * gap) / Double(columns)
    }

    /// Height of a label.
    public var labelHeight: Double {
        (pageHeight - 2 * margin - Double(rows - 1) * gap) / Double(rows)
    }

    /// Labels on a page.
    public var labelsPerPage: Int { columns * rows }

    /// The upper left corner of a page's label, from the page's upper left corner; labels are counted along the rows.
    func origin(of index: Int) -> (x: Double, y: Double) {
        (
            margin + Double(index % columns) * (labelWidth + gap),
            margin + Double(index / columns) * (labelHeight + gap)
        )
    }
}
