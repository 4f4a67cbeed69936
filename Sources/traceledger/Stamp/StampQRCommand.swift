import ArgumentParser
import EPCIS
import EPCISJSON
import Foundation
import GS1
import QRReader
import TraceLabels
import TraceStatements

/// `stamp qr`.
struct StampQRCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qr",
        abstract: "Draw the QR code of a stamp, or sheets of labels of many.",
        discussion: """
            svg, png and terminal draw one code; with -o and a directory that is there, each of several into a file of its own. \
            pdf prints labels on sheets or, with --sheet WIDTHxHEIGHT in millimetres, on a roll, each with its elements below. \
            Version, modules and printed size are said on standard error; a png's module is a whole number of the printer's \
            dots, so its size is told as it comes out.

            Examples:
              traceledger stamp qr 'HTTPS://Q.DAIRY.EXAMPLE/01/...' --format svg -o can.svg
              traceledger stamp qr lot-A7.txt --format pdf --sheet a4 -o lot-A7.pdf
            """
    )

    enum Format: String, CaseIterable, ExpressibleByArgument { case svg, png, terminal, pdf }

    @Argument(help: ArgumentHelp("A code, or a file with one a line; `-` is standard input.", valueName: "uri|file"))
    var input: String
    @Option(help: "What to draw.") var format = Format.terminal
    @Option(name: .customLong("module-width"), help: ArgumentHelp("The width of a module in millimetres.", valueName: "mm"))
    var moduleWidth = 0.396
    @Option(help: ArgumentHelp("The printer's dots an inch, of a png.", valueName: "n")) var dpi = 300
    @Option(help: "How much damage it survives.", transform: StampQRCommand.level) var level = QRLevel.medium
    @Option(name: .customLong("quiet-zone"), help: "Light modules on each side; the standard asks for 4.") var quietZone = 4
    @Option(help: ArgumentHelp("pdf: a4, letter, or the label of a roll in millimetres.", valueName: "a4|letter|WxH"))
    var sheet = "a4"
    @Option(help: "pdf: labels beside each other.") var columns = 4
    @Option(help: "pdf: labels above each other.") var rows = 7
    @Flag(name: .customLong("no-text"), help: "pdf: no elements below the code.") var hasNoText = false
    @OptionGroup var output: OutputOption
    @Flag(help: "Print one JSON document about what was drawn; needs -o.") var json = false

    func validate() throws {
        guard moduleWidth.isFinite, (0.05...50).contains(moduleWidth) else {
            throw ValidationError("--module-width is 0.05 to 50 mm; 0.25 to 0.99 can be read from packs")
        }
        guard (0...40).contains(quietZone), (1...100_000).contains(dpi) else {
            throw ValidationError("--quiet-zone is 0 to 40, --dpi at least 1")
        }
        if json, output.path == nil || output.path == "-" { throw ValidationError("--json needs a file to draw into: -o FILE") }
        _ = try layout()
    }

    private static func level(_ text: String) throws -> QRLevel {
        guard let level = QRLevel(letter: text) else { throw ValidationError("--level is L, M, Q or H") }
        return level
    }

    /// A code that was drawn.
    private struct Drawn {
        let name: String
        let stamp: Stamp
        let text: String
        let symbol: QRSymbol
        var file: String?
        var width: Double
    }

    func run() async throws {
        let codes = try CodeInput(input).codes
        var drawn = try codes.map { code in
            // What is no stamp is not printed on ten thousand packs.
            let stamp = try code.stamp()
            do {
                return Drawn(
                    name: code.name,
                    stamp: stamp,
                    text: code.text,
                    symbol: try QRSymbol(code.text, level: level),
                    width: moduleWidth
                )
            } catch { throw CommandFailure(.usage, "\(code.name): \(error)") }
        }
        if format == .pdf {
            try output.checkBinary()
            try writeSheets(drawn)
        } else {
            guard drawn.count == 1 || output.isDirectory || format == .terminal else {
                throw CommandFailure(
                    .usage,
                    "\(input): \(drawn.count) codes; name an existing directory with -o, or take --format pdf"
                )
            }
            if format == .png { try output.checkBinary() }
            for place in drawn.indices { try write(&drawn[place], place) }
        }
        try report(drawn)
    }

    private func write(_ drawn: inout Drawn, _ place: Int) throws {
        let bytes: [UInt8]
        switch format {
        case .svg, .pdf: bytes = Array(drawn.symbol.svg(moduleWidth: moduleWidth, quietZone: quietZone).utf8)
        case .terminal:
            bytes = Array(drawn.symbol.terminal(Console.outputIsTerminal ? .set : .darkOnLight, quietZone: quietZone).utf8)
        case .png:
            do {
                let picture = try drawn.symbol.picture(resolution: dpi, moduleWidth: moduleWidth, quietZone: quietZone)
                (bytes, drawn.width) = (picture.png, picture.moduleWidth)
            } catch { throw CommandFailure(.usage, "\(drawn.name): \(error)") }
        }
        var path = output.path ?? "-"
        if output.isDirectory { path += "/\(String(format: "%06d", place + 1)).\(format == .terminal ? "txt" : format.rawValue)" }
        try OutputOption.write(bytes, to: path)
        drawn.file = path == "-" ? nil : path
    }

    private func writeSheets(_ drawn: [Drawn]) throws {
        var bytes: [UInt8] = []
        do {
            var sheet = LabelSheet(try layout(), title: "TraceLedger labels") { bytes += $0 }
            for code in drawn {
                let lines = hasNoText ? [] : code.stamp.elements.compactMap { ElementString([$0])?.text }
                try sheet.add(Label(symbol: code.symbol, lines: lines))
            }
            try sheet.finish()
        } catch let error as LabelError {
            throw CommandFailure(.usage, "\(input): \(error); change --columns, --rows, --sheet or --module-width")
        }
        try output.write(binary: bytes)
    }

    private func layout() throws -> LabelLayout {
        do {
            var layout: LabelLayout
            if let paper = LabelLayout.Paper(rawValue: sheet.lowercased()) {
                layout = try .sheet(paper, columns: columns, rows: rows)
            } else {
                let sides = sheet.lowercased().split(separator: "x").map { Double($0) }
                guard sides.count == 2, let width = sides[0], let height = sides[1] else {
                    throw ValidationError("--sheet is a4, letter or WIDTHxHEIGHT in millimetres, e.g. 40x50")
                }
                layout = try .roll(width: width, height: height)
            }
            (layout.moduleWidth, layout.quietZone) = (moduleWidth, quietZone)
            return layout
        } catch let error as LabelError { throw ValidationError("\(error)") }
    }

    private func report(_ drawn: [Drawn]) throws {
        if json {
            return try Console.json(
                .array(
                    drawn.map { code in
                        .object([
                            "uri": .text(code.text), "file": .text(code.file ?? output.path),
                            "format": .text(format.rawValue), "version": .number(UInt64(code.symbol.version.number)),
                            "level": .text(code.symbol.level.letter), "modules": .number(UInt64(code.symbol.modules)),
                            "moduleWidth": .decimal(code.width),
                            "size": .decimal(code.symbol.size(moduleWidth: code.width, quietZone: quietZone)),
                        ])
                    }
                )
            )
        }
        guard let largest = drawn.max(by: { $0.symbol.modules < $1.symbol.modules }) else { return }
        let size = largest.symbol.size(moduleWidth: largest.width, quietZone: quietZone)
        let what = drawn.count == 1 ? "1 code" : "\(drawn.count) codes, the largest"
        Console.note(
            "\(what): version \(largest.symbol.version.number)-\(largest.symbol.level.letter), \(largest.symbol.modules) modules, "
                + "\(millimetres(size)) mm wide with its quiet zone at \(millimetres(largest.width)) mm a module"
        )
    }

    private func millimetres(_ value: Double) -> String { JSONValue.decimalText(value) }
}

extension JSONValue {
    /// A number of millimetres, to the micrometre.
    static func decimal(_ value: Double) -> JSONValue {
        Number(decimalText(value)).map { JSONValue(.number($0)) } ?? JSONValue(.null)
    }

    /// Three digits behind the point, zeros at the end left out.
    static func decimalText(_ value: Double) -> String {
        var text = String(format: "%.3f", value)
        while text.hasSuffix("0") { text.removeLast() }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
