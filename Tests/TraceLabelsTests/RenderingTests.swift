import QRReader
import TestSupport
import Testing

@testable import TraceLabels

@Suite("Pictures of symbols")
struct RenderingTests {
    private let text = "HTTPS://ID.EXAMPLE.CN/01/09506000134352/21/K7Q2M9X4T8WZ"

    @Test("SVG: millimetres, one path of dark modules on white")
    func svg() throws {
        let symbol = try QRSymbol(text)
        let svg = symbol.svg(moduleWidth: 0.25)
        #expect(
            svg.hasPrefix(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="9.25mm" height="9.25mm" viewBox="0 0 37 37" \
                shape-rendering="crispEdges"><path fill="#fff" d="M0 0h37v37h-37z"/><path d="M4 4h7v1h-7z
                """
            )
        )
        #expect(svg.hasSuffix("z\"/></svg>\n"))
        #expect(svg.matches(of: /<path/).count == 2)
    }

    @Test("Rectangles cover the dark modules once, and no others")
    func rectangles() throws {
        for text in ["A", text, String(repeating: "x", count: 500)] {
            let symbol = try QRSymbol(text)
            var covered = [Int](repeating: 0, count: symbol.modules * symbol.modules)
            for part in symbol.rectangles {
                for y in part.y..<part.y + part.height {
                    for x in part.x..<part.x + part.width { covered[y * symbol.modules + x] += 1 }
                }
            }
            for y in 0..<symbol.modules {
                for x in 0..<symbol.modules { #expect(covered[y * symbol.modules + x] == (symbol[x, y] ? 1 : 0)) }
            }
            // Half as many as modules at most: otherwise nothing was merged.
            #expect(symbol.rectangles.count * 2 < covered.reduce(0, +))
        }
    }

    @Test("PNG: whole pixels a module, and what that is in millimetres")
    func png() throws {
        let symbol = try QRSymbol(text)
        // A quarter of a millimetre is 2.95 dots at 300 an inch.
        let picture = try symbol.picture(resolution: 300, moduleWidth: 0.25)
        #expect(picture.pixelsPerModule == 3)
        #expect(abs(picture.moduleWidth - 0.254) < 1e-9)
        #expect(picture.side == 37 * 3)
        #expect(Array(picture.png[12..<24]) == Array("IHDR".utf8) + [0, 0, 0, 111, 0, 0, 0, 111])
        // 300 dots an inch are 11,811 a metre.
        #expect(Array(picture.png[37..<50]) == Array("pHYs".utf8) + [0, 0, 0x2E, 0x23, 0, 0, 0x2E, 0x23, 1])
        let image = try GreyImage(file: picture.png)
        for y in 0..<111 {
            for x in 0..<111 { #expect((image.pixels[y * 111 + x] == 0) == symbol[x / 3 - 4, y / 3 - 4]) }
        }
        // Never less than a pixel.
        #expect(try symbol.picture(resolution: 72, moduleWidth: 0.1).pixelsPerModule == 1)
        #expect(try symbol.picture(resolution: 600, moduleWidth: 0.25, quietZone: 0).side == 29 * 6)
    }

    @Test("Sizes that make no picture are refused")
    func refused() throws {
        let symbol = try QRSymbol(text)
        for (resolution, width) in [(0, 0.25), (300, 0), (300, -1), (300, .nan), (300, .infinity), (100_000, 999)] {
            #expect(throws: LabelError.self) { try symbol.picture(resolution: resolution, moduleWidth: width) }
        }
        #expect(throws: LabelError.self) { try symbol.picture(quietZone: .max) }
    }

    @Test("Terminal: half blocks, black on white by itself or in the terminal's colours")
    func terminal() throws {
        let symbol = try QRSymbol("A")
        let lines = symbol.terminal(.darkOnLight).split(separator: "\n", omittingEmptySubsequences: false)
        // 21 modules and 8 of quiet zone, two a line, and nothing behind the last line's end.
        #expect(lines.count == 16)
        #expect(lines[0] == String(repeating: " ", count: 29))
        #expect(lines[2].hasPrefix("    █▀▀▀▀▀█ "))
        #expect(lines[3].hasPrefix("    █ ███ █ "))
        let inverted = symbol.terminal(.lightOnDark).split(separator: "\n")
        #expect(inverted[0] == String(repeating: "█", count: 29))
        #expect(inverted[2].hasPrefix("████ ▄▄▄▄▄ █"))
        #expect(inverted[14] == String(repeating: "▀", count: 29))
        for line in symbol.terminal().split(separator: "\n") {
            #expect(line.hasPrefix("\u{1B}[38;5;16;48;5;231m") && line.hasSuffix("\u{1B}[0m"))
        }
    }

    @Test(
        "Decimals",
        arguments: [
            (0, "0"), (1.5, "1.5"), (-0.25, "-0.25"), (0.00004, "0"), (12.34567, "12.3457"), (100, "100"), (-3, "-3"),
            (.nan, "0"),
        ]
    )
    func decimals(_ value: Double, _ text: String) {
        #expect(Decimals.text(value, places: 4) == text)
    }

    @Test("Other people's readers read it", .enabled(if: Tool.zbarimg.isPresent, "zbarimg is not installed"))
    func others() throws {
        for level in QRLevel.allCases {
            let symbol = try QRSymbol(text, level: level)
            for resolution in [300, 600] {
                let path = try Tool.temporary("png", try symbol.picture(resolution: resolution, moduleWidth: 0.25).png)
                #expect(try Tool.zbarimg.run("--raw", "--quiet", path) == text + "\n")
            }
        }
    }
}
