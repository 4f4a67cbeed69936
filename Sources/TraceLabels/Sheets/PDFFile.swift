/// A PDF 1.4 file (ISO 32000-1) of pages that have one font.
struct PDFFile {
    private let write: ([UInt8]) throws -> Void
    private let title: String
    /// Bytes written.
    private var position = 0
    /// Where object n + 1 begins; 0 while it does not stand in the file.
    private var offsets = [0, 0, 0, 0]
    /// The pages' object numbers.
    private var pages: [Int] = []

    /// Objects that every file has.
    private enum Number {
        static let (catalog, pages, font, information) = (1, 2, 3, 4)
    }

    /// A file that goes to `write`.
    init(title: String, write: @escaping ([UInt8]) throws -> Void) {
        self.title = title
        self.write = write
    }

    /// Adds a page; lengths are points.
    mutating func addPage(width: Double, height: Double, content: [UInt8]) throws {
        if position == 0 { try begin() }
        let compressed = try Deflate.compressed(content)
        offsets += [0, 0]
        let stream = offsets.count - 1
        try put(
            stream,
            Array("<</Length \(compressed.count)/Filter/FlateDecode>>\nstream\n".utf8) + compressed
                + Array("\nendstream".utf8)
        )
        let box = "[0 0 \(Decimals.text(width, places: 4)) \(Decimals.text(height, places: 4))]"
        let page = """
            <</Type/Page/Parent \(Number.pages) 0 R/MediaBox\(box)/Contents \(stream) 0 R\
            /Resources<</Font<</F1 \(Number.font) 0 R>>>>>>
            """
        try put(stream + 1, Array(page.utf8))
        pages.append(stream + 1)
    }

    /// Writes what stands behind the pages: the list of them, and where each object is.
    mutating func finish() throws {
        let kids = pages.map { "\($0) 0 R" }.joined(separator: "\n")
        try put(Number.pages, Array("<</Type/Pages/Count \(pages.count)/Kids[\(kids)]>>".utf8))
        let table = position
        // Lines of exactly twenty bytes (section 7.5.4): object 0 is the head of the list of free ones.
        var text = "xref\n0 \(offsets.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            guard digits.utf8.count <= 10 else {
                throw LabelError("PDF", "a file has at most 10 GB; print the labels in several files")
            }
            text += String(repeating: "0", count: 10 - digits.utf8.count) + digits + " 00000 n \n"
        }
        text += """
            trailer
            <</Size \(offsets.count + 1)/Root \(Number.catalog) 0 R/Info \(Number.information) 0 R>>
            startxref
            \(table)
            %%EOF

            """
        try put(Array(text.utf8))
    }

    private mutating func begin() throws {
        // Four bytes above 127 in a comment tell transfer programs that this is no text (section 7.5.2).
        try put(Array("%PDF-1.4\n%".utf8) + [0xE2, 0xE3, 0xCF, 0xD3, 0x0A])
        try put(Number.catalog, Array("<</Type/Catalog/Pages \(Number.pages) 0 R>>".utf8))
        try put(
            Number.font,
            Array("<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>".utf8)
        )
        // UTF-16 with its mark, in hexadecimal: a title in any script, and nothing to escape.
        let name = ([0xFEFF] + title.utf16).map { hexadecimal($0) }.joined()
        try put(Number.information, Array("<</Title<\(name)>/Producer(traceledger)>>".utf8))
    }

    private mutating func put(_ number: Int, _ body: [UInt8]) throws {
        offsets[number - 1] = position
        try put(Array("\(number) 0 obj\n".utf8) + body + Array("\nendobj\n".utf8))
    }

    private mutating func put(_ bytes: [UInt8]) throws {
        try write(bytes)
        position += bytes.count
    }

    private func hexadecimal(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}
