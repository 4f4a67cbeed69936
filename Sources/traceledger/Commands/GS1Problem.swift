import EPCISJSON
import GS1

/// What is wrong with a GS1 identifier, as `gs1 check` lists it.
struct GS1Problem: Error, Equatable, CustomStringConvertible {
    /// The stable name.
    let code: String
    /// The application identifier; nil where no one AI is wrong.
    var ai: Int?
    /// The first wrong character of the value, counted from 1; nil where no one place is wrong.
    var position: Int?
    /// What is wrong, in a sentence.
    let reason: String
    /// What to do, in a sentence.
    let remedy: String

    /// The problem that an error of the library is.
    ///
    /// - Parameter start: where in the value the error's positions begin; nil where they are none of it.
    init(_ error: GS1Error, from start: Int? = 0) {
        code = error.code.text
        ai = error.ai
        position = start.map { error.position + $0 + 1 }
        reason = error.reason
        remedy = error.remedy
    }

    /// The problem with the memory of a tag in hexadecimal, or with a compressed link's segment.
    init(_ error: EPCBinaryError, in text: String) {
        let (bits, prefix) = text.hasPrefix("ex") ? (6, 2) : text.hasPrefix("eh") ? (4, 2) : (4, 0)
        self.init(
            code: "malformed-epc",
            position: error.bit.map { $0 / bits + prefix + 1 },
            reason: error.description,
            remedy: "Read the tag again and give all of its EPC from the header on, without the PC word."
        )
    }

    private init(code: String, position: Int?, reason: String, remedy: String) {
        self.code = code
        self.position = position
        self.reason = reason
        self.remedy = remedy
    }

    /// A Digital Link that readers take and version 1.6 of the syntax does not: with what it should be.
    static func superseded(by link: DigitalLink, _ problem: GS1Problem) -> GS1Problem {
        guard problem.code == GS1Error.Code.noPrimaryKey.text else { return problem }
        return GS1Problem(
            code: "superseded-name",
            position: problem.position,
            reason: "the path has a short name of before version 1.3 of the syntax, e.g. gtin for 01",
            remedy: "Write \(link.text)"
        )
    }

    /// What `body` gives, or the problem that its error is.
    static func of<Result>(_ body: () throws(GS1Error) -> Result) throws -> Result {
        do throws(GS1Error) { return try body() } catch { throw GS1Problem(error) }
    }

    /// What `body` makes of the memory of a tag, or the problem that its error is.
    static func of<Result>(_ text: String, _ body: () throws(EPCBinaryError) -> Result) throws -> Result {
        do throws(EPCBinaryError) { return try body() } catch { throw GS1Problem(error, in: text) }
    }

    /// `(01) the check digit is wrong: it should be 2 (character 17). Compare with the label: ...`
    var description: String { "\(reason)\(position.map { " (character \($0))" } ?? ""). \(remedy)" }

    /// The problem as `gs1 check --json` has it.
    var document: JSONValue {
        .object([
            "code": .text(code), "ai": .text(aiText), "position": .number(position.map(UInt64.init)),
            "reason": .text(reason), "remedy": .text(remedy),
        ])
    }

    /// The problem as a line.
    var line: String {
        let fields = ["problem", position.map { "\($0)" } ?? "-", code, aiText ?? "-", reason, remedy]
        return fields.joined(separator: "\t") + "\n"
    }

    private var aiText: String? { ai.map { Element(ai: $0, value: "").aiText } }
}
