/// What is printed on one label: a symbol, and below it what people read.
public struct Label: Sendable {
    /// The code.
    public let symbol: QRSymbol
    /// The text below, a line each: GS1's human readable interpretation is an element a line, `(01)09506000134352`. ASCII.
    public let lines: [String]

    /// A label.
    public init(symbol: QRSymbol, lines: [String] = []) {
        self.symbol = symbol
        self.lines = lines
    }
}

/// A label's content in a PDF page's operators.
struct LabelDrawing {
    /// Millimetres in points of 1/72 inch.
    static let points = 72 / 25.4
    /// Courier's characters are all so wide, in parts of the font size.
    private static let advance = 0.6
    /// From one line to the next, in parts of the font size.
    private static let leading = 1.15

    private let label: Label
    private let layout: LabelLayout
    /// The lines, cut where the label ends.
    private let lines: [ArraySlice<UInt8>]

    /// Checks that everything has its room.
    init(_ label: Label, in layout: LabelLayout) throws(LabelError) {
        self.label = label
        self.layout = layout
        guard (1.0...200).contains(layout.fontSize), (0.01...100).contains(layout.moduleWidth),
            (0...100).contains(layout.quietZone)
        else {
            throw LabelError(
                "label",
                "font size (points), module width (mm) and quiet zone (modules) must be within reason"
            )
        }
        let columns = max(1, Int(layout.labelWidth * LabelDrawing.points / (LabelDrawing.advance * layout.fontSize)))
        var lines: [ArraySlice<UInt8>] = []
        for line in label.lines {
            let bytes = Array(line.utf8)
            guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                throw LabelError("label", "the text below a code is printed in ASCII, which '\(line)' is not")
            }
            lines += stride(from: 0, to: bytes.count, by: columns).map { bytes[$0..<min(bytes.count, $0 + columns)] }
        }
        self.lines = lines
        let side = label.symbol.size(moduleWidth: layout.moduleWidth, quietZone: layout.quietZone)
        let text = Double(lines.count) * LabelDrawing.leading * layout.fontSize / LabelDrawing.points
        // A hundredth of a millimetre is less than any printer places.
        guard side <= layout.labelWidth + 0.01, side + text <= layout.labelHeight + 0.01 else {
            throw LabelError(
                "label",
                """
                a code of \(label.symbol.modules) modules and \(lines.count) lines of text need \
                \(Decimals.text(side, places: 2)) x \(Decimals.text(side + text, places: 2)) mm, the label has \
                \(Decimals.text(layout.labelWidth, places: 2)) x \(Decimals.text(layout.labelHeight, places: 2)); \
                take narrower modules than \(Decimals.text(layout.moduleWidth, places: 3)) mm, a smaller font, or larger labels
                """
            )
        }
    }

    /// The operators that draw it as a page's `index`-th label (ISO 32000-1, sections 8 and 9).
    func operators(index: Int) -> [UInt8] {
        let origin = layout.origin(of: index)
        let module = layout.moduleWidth
        let side = label.symbol.size(moduleWidth: module, quietZone: layout.quietZone)
        let left = origin.x + (layout.labelWidth - side) / 2
        let quiet = Double(layout.quietZone) * module
        // One unit is a module and y counts downwards, so that everything below is whole numbers.
        let scale = number(module * LabelDrawing.points)
        var text = "q \(scale) 0 0 -\(scale) \(x(left + quiet)) \(y(origin.y + quiet)) cm\n"
        for part in label.symbol.rectangles { text += "\(part.x) \(part.y) \(part.width) \(part.height) re\n" }
        text += "f Q\n"
        var bytes = Array(text.utf8)
        for (row, line) in lines.enumerated() {
            let width = Double(line.count) * LabelDrawing.advance * layout.fontSize / LabelDrawing.points
            let height = (Double(row) * LabelDrawing.leading + 1) * layout.fontSize / LabelDrawing.points
            let start = x(origin.x + (layout.labelWidth - width) / 2)
            bytes += "BT /F1 \(number(layout.fontSize)) Tf \(start) \(y(origin.y + side + height)) Td (".utf8
            for byte in line {
                // Parentheses and the backslash are the syntax of strings (section 7.3.4.2).
                if [0x28, 0x29, 0x5C].contains(byte) { bytes.append(0x5C) }
                bytes.append(byte)
            }
            bytes += ") Tj ET\n".utf8
        }
        return bytes
    }

    private func x(_ millimetres: Double) -> String { number(millimetres * LabelDrawing.points) }

    /// PDF's y counts upwards from the lower edge.
    private func y(_ millimetres: Double) -> String { number((layout.pageHeight - millimetres) * LabelDrawing.points) }

    private func number(_ value: Double) -> String { Decimals.text(value, places: 4) }
}
