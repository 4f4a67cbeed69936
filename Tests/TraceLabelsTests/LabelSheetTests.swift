import Foundation
import QRReader
import TestSupport
import Testing

@testable import TraceLabels

@Suite("Sheets of labels")
struct LabelSheetTests {
    private static let signature = String(repeating: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567KQ7M", count: 4).prefix(116)

    private func label(_ number: Int) throws -> Label {
        let serial = "K7Q2M9X\(1000 + number)"
        let link = "HTTPS://ID.EXAMPLE.CN/01/09506000134352/10/ABC123/21/\(serial)?17=261231&S=\(Self.signature)"
        return Label(
            symbol: try QRSymbol(link),
            lines: ["(01)09506000134352", "(10)ABC123(17)261231", "(21)\(serial)"]
        )
    }

    private func pdf(_ layout: LabelLayout, _ labels: [Label], title: String = "Lot ABC123") throws -> [UInt8] {
        let file = Collected()
        var sheet = LabelSheet(layout, title: title) { file.bytes += $0 }
        for label in labels { try sheet.add(label) }
        try sheet.finish()
        return file.bytes
    }

    private final class Collected {
        var bytes: [UInt8] = []
    }

    private var layout: LabelLayout {
        get throws {
            var layout = try LabelLayout.sheet(.a4, columns: 5, rows: 8)
            layout.moduleWidth = 0.396
            return layout
        }
    }

    @Test("A sheet of forty labels on A4")
    func example() throws {
        let layout = try layout
        #expect(layout.labelsPerPage == 40)
        #expect(abs(layout.labelWidth - 36.4) < 1e-9)
        let bytes = try pdf(layout, (0..<41).map(label))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix("%PDF-1.4\n"))
        #expect(text.hasSuffix("%%EOF\n"))
        #expect(text.contains("/Count 2/"))
        #expect(text.contains("/MediaBox[0 0 595.2756 841.8898]"))
        #expect(text.contains("/Title<FEFF004C006F007400200041004200430031003200330029>") == false)
        #expect(text.contains("/Title<FEFF004C006F00740020004100420043003100320033>"))
        // The same labels, the same bytes.
        #expect(try pdf(layout, (0..<41).map(label)) == bytes)
    }

    @Test("The table of objects is right, to the byte")
    func references() throws {
        let bytes = try pdf(LabelLayout.roll(width: 40, height: 40), (0..<3).map(label))
        let text = String(decoding: bytes, as: Unicode.ASCII.self)
        let start = try #require(text.firstMatch(of: /startxref\n(\d+)\n%%EOF\n$/)?.output.1)
        let table = String(decoding: bytes[try #require(Int(start))...], as: UTF8.self)
        let lines = table.split(separator: "\n")
        #expect(lines[0] == "xref")
        #expect(lines[1] == "0 11")
        #expect(lines[2] == "0000000000 65535 f ")
        for number in 1...10 {
            let line = lines[2 + number]
            #expect(line.utf8.count == 19 && line.hasSuffix(" 00000 n "))
            let offset = try #require(Int(line.prefix(10)))
            #expect(bytes[offset...].starts(with: "\(number) 0 obj\n".utf8))
        }
    }

    @Test("Pages go out as they are full")
    func streaming() throws {
        var chunks: [Int] = []
        var sheet = LabelSheet(try layout, title: "") { chunks.append($0.count) }
        let label = try label(0)
        for _ in 0..<39 { try sheet.add(label) }
        #expect(chunks.isEmpty)
        try sheet.add(label)
        #expect(!chunks.isEmpty)
        for _ in 0..<1960 { try sheet.add(label) }
        try sheet.finish()
        #expect(sheet.count == 2000)
        // One page's objects at a time, and in the end twenty bytes an object.
        #expect((chunks.max() ?? .max) < 150_000)
    }

    @Test("What the sink throws comes out")
    func sink() throws {
        struct Full: Error {}
        var sheet = LabelSheet(try .roll(width: 40, height: 40), title: "") { _ in throw Full() }
        #expect(throws: Full.self) { try sheet.add(try label(0)) }
    }

    @Test("What does not fit is refused, with the sizes")
    func refused() throws {
        var sheet = LabelSheet(try .roll(width: 20, height: 30), title: "") { _ in }
        let error = #expect(throws: LabelError.self) { try sheet.add(try label(0)) }
        #expect(
            error?.description == """
                label 1: a code of 49 modules and 6 lines of text need 22.57 x 37.18 mm, the label has 18 x 28; take narrower \
                modules than 0.396 mm, a smaller font, or larger labels
                """
        )
        #expect(throws: LabelError("labels", "there is no label to print")) { try sheet.finish() }
        #expect(throws: LabelError.self) { try LabelLayout.sheet(.letter, columns: 0, rows: 1) }
        #expect(throws: LabelError.self) { try LabelLayout.sheet(.a4, columns: 1, rows: 200, gap: 2) }
        #expect(throws: LabelError.self) { try LabelLayout.roll(width: .nan, height: 30) }
        #expect(throws: LabelError.self) { try LabelLayout.roll(width: 30, height: 30, margin: -1) }
        var other = LabelSheet(try .roll(width: 60, height: 60), title: "") { _ in }
        #expect(throws: LabelError.self) { try other.add(Label(symbol: try QRSymbol("A"), lines: ["産品"])) }
    }

    @Test("Nothing is wrong with it for qpdf", .enabled(if: Tool.qpdf.isPresent, "qpdf is not installed"))
    func checked() throws {
        let path = try Tool.temporary("pdf", try pdf(layout, (0..<50).map(label), title: "(産品) \\"))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let report = try Tool.qpdf.run("--check", path)
        #expect(report.contains("No syntax or stream encoding errors found"))
    }

    @Test(
        "Printed pages are read",
        .enabled(if: Tool.pdftoppm.isPresent, "pdftoppm is not installed")
    )
    func printed() throws {
        var layout = try LabelLayout.sheet(.a4, columns: 5, rows: 7)
        layout.moduleWidth = 0.5
        let path = try Tool.temporary("pdf", try pdf(layout, (0..<35).map(label)))
        defer { try? FileManager.default.removeItem(atPath: path) }
        // Three pixels a module, which do not fall on them.
        _ = try Tool.pdftoppm.run("-r", "150", "-gray", "-png", "-singlefile", path, path)
        defer { try? FileManager.default.removeItem(atPath: path + ".png") }
        let image = try GreyImage(file: [UInt8](try Data(contentsOf: URL(filePath: path + ".png"))))
        let read = QRReader.read(image).map(\.text)
        let serials = read.compactMap { $0.firstMatch(of: /21\/(\w+)/).map { String($0.output.1) } }
        #expect(serials.sorted() == (0..<35).map { "K7Q2M9X\(1000 + $0)" })
    }

    @Test(
        "A printed label is read by zbar",
        .enabled(if: Tool.pdftoppm.isPresent && Tool.zbarimg.isPresent, "not installed")
    )
    func printedLabel() throws {
        var layout = try LabelLayout.roll(width: 40, height: 40)
        layout.moduleWidth = 0.25
        let path = try Tool.temporary("pdf", try pdf(layout, [label(7)]))
        defer { try? FileManager.default.removeItem(atPath: path) }
        for resolution in ["300", "600"] {
            _ = try Tool.pdftoppm.run("-r", resolution, "-gray", "-png", "-singlefile", path, path)
            defer { try? FileManager.default.removeItem(atPath: path + ".png") }
            let read = try Tool.zbarimg.run("--raw", "--quiet", path + ".png")
            #expect(read.contains("/21/K7Q2M9X1007?"))
        }
    }

    @Test("The text below is text", .enabled(if: Tool.pdftotext.isPresent, "pdftotext is not installed"))
    func text() throws {
        let symbol = try QRSymbol("A")
        let layout = try LabelLayout.roll(width: 30, height: 40)
        let lines = ["(21)a\\b", "(01)09506000134352(10)ABCDEFGHIJ"]
        let path = try Tool.temporary("pdf", try pdf(layout, [Label(symbol: symbol, lines: lines)]))
        defer { try? FileManager.default.removeItem(atPath: path) }
        // 28 mm are 22 characters of 6 points: the long line is cut.
        let found = try Tool.pdftotext.run(path, "-").split(whereSeparator: \.isWhitespace)
        #expect(found == ["(21)a\\b", "(01)09506000134352(10)", "ABCDEFGHIJ"])
    }
}
