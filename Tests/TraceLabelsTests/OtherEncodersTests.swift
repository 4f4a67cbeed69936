import Foundation
import QRReader
import TestSupport
import Testing
import TraceLabels

/// Symbols that segno 1.6.6 made, a pixel a module: every version, with levels, masks and modes in turn; `index.tsv` says what is in them.
@Suite("Symbols of another encoder")
struct OtherEncodersTests {
    private static let folder = Vectors.packageRoot.appending(path: "Tests/Goldens/qr")

    @Test("All of them are read")
    func goldens() throws {
        let index = try String(contentsOf: Self.folder.appending(path: "index.tsv"), encoding: .utf8)
        let rows = index.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        #expect(rows.count == 51)
        for row in rows {
            let file = Self.folder.appending(path: "\(row[0]).png")
            let image = try enlarged(try GreyImage(file: [UInt8](try Data(contentsOf: file))), 3)
            let code = try #require(QRReader.read(image).first, "\(row[0])")
            #expect(code.text == row[4], "\(row[0])")
            #expect("\(code.version.number)" == row[1] && code.level.letter == row[2] && "\(code.mask)" == row[3])
            #expect(code.corrected == 0)
        }
    }

    private func enlarged(_ image: GreyImage, _ factor: Int) throws -> GreyImage {
        let (width, height) = (image.width * factor, image.height * factor)
        let pixels = (0..<width * height).map { image.pixels[$0 / width / factor * image.width + $0 % width / factor] }
        return try #require(GreyImage(width: width, height: height, pixels: pixels))
    }
}
