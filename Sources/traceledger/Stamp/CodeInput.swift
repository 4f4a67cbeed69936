import EPCISJSON
import QRReader
import TraceLabels
import TraceProof
import TraceStatements

/// The texts of codes that the command line names: one itself, those of a file, one a line, or those in a picture.
struct CodeInput {
    /// A text, and what messages call it.
    struct Code: Sendable {
        let name: String
        let text: String
    }

    let codes: [Code]

    /// Reads what `argument` names.
    ///
    /// - Throws: `CommandFailure` (2) where there is no code in it.
    init(_ argument: String) throws {
        if CodeInput.isLink(argument) {
            codes = [Code(name: "code", text: argument)]
            return
        }
        let file = try InputFile(argument)
        if file.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) || file.bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            codes = try CodeInput.picture(file)
        } else {
            codes = try CodeInput.lines(file)
        }
        guard !codes.isEmpty else { throw CommandFailure(.usage, "\(file.name): there is no code in it") }
    }

    /// Whether a text begins as a link does, in any case.
    static func isLink(_ text: String) -> Bool {
        let start = text.prefix(8).lowercased()
        return start.hasPrefix("http://") || start.hasPrefix("https://")
    }

    private static func picture(_ file: InputFile) throws -> [Code] {
        let image: GreyImage
        do { image = try GreyImage(file: file.bytes) } catch { throw CommandFailure(.usage, "\(file.name): \(error)") }
        let found = QRReader.read(image)
        guard !found.isEmpty else {
            throw CommandFailure(
                .usage,
                "\(file.name): no QR code can be read in it: take the picture nearer, sharper and without glare"
            )
        }
        return found.enumerated().map { place, code in
            Code(name: found.count == 1 ? file.name : "\(file.name), code \(place + 1)", text: code.text)
        }
    }

    /// A code a line; of a table the last cell, as `stamp create --format csv` writes it.
    private static func lines(_ file: InputFile) throws -> [Code] {
        var codes: [Code] = []
        var isTable = false
        for (place, bytes) in file.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            var line = bytes
            if line.last == 0x0D { line.removeLast() }
            if line.isEmpty { continue }
            if codes.isEmpty, place == 0, line.suffix(4).elementsEqual(",uri".utf8) {
                isTable = true
                continue
            }
            var text = String(decoding: line, as: UTF8.self)
            if isTable {
                var reader = CSVRecordReader(Array(line), .standard)
                text = (try? reader.next())?.cells.last ?? ""
            }
            codes.append(Code(name: "\(file.name), line \(place + 1)", text: text))
        }
        if codes.count == 1 { codes = [Code(name: file.name, text: codes[0].text)] }
        return codes
    }
}

extension CodeInput.Code {
    /// The stamp that the text is.
    ///
    /// - Throws: `CommandFailure` (2) that says why it is none.
    func stamp() throws -> Stamp {
        do { return try Stamp(parsing: text) } catch {
            throw CommandFailure(.usage, "\(name): \(error.description.onOneLine)")
        }
    }
}
