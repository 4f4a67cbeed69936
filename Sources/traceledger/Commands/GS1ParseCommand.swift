import ArgumentParser
import EPCISJSON
import Foundation
import GS1

/// `gs1 parse`: what an identifier is, and what it says.
struct GS1ParseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse",
        abstract: "Say what an identifier is and what it says, a line a fact.",
        discussion: """
            Older and sloppier Digital Links are read too (/gtin/ for /01/, GTINs of 13 digits, attributes that are in no \
            dictionary); `gs1 check` is strict. Years get the century that is nearest to today.

            Example:
              traceledger gs1 parse 'https://id.gs1.org/01/09506000134352?17=261231'
            """
    )

    @OptionGroup var input: GS1Input

    func run() async throws {
        try input.answer(isList: true) { text in
            let value = try GS1Value(reading: text, as: input.kind)
            return GS1Input.Answer(text: value.facts, document: value.document(of: text))
        }
    }
}

extension GS1Value {
    /// What the value says, a line a fact.
    var facts: String {
        var lines = [["kind", kind.rawValue]]
        if let symbology { lines.append(["symbology", symbology.text]) }
        if let link {
            lines.append(["stem", link.stem])
            lines += link.parameters.map { ["parameter", $0.name, $0.value ?? ""] }
            if let fragment = link.fragment { lines.append(["fragment", fragment]) }
        }
        if let tag {
            lines += [["scheme", tag.scheme.name], ["filter", "\(tag.filter)"], ["bits", "\(tag.bitCount)"]]
            if let hostname = tag.hostname { lines.append(["hostname", hostname]) }
        }
        if let companyPrefixLength { lines.append(["companyPrefixLength", "\(companyPrefixLength)"]) }
        for element in elements {
            let fields = ["element", element.aiText, element.value, element.title ?? "-", element.meaning ?? ""]
            lines.append(fields.last == "" ? fields.dropLast() : fields)
        }
        for (name, spelling) in spellings { if let spelling { lines.append([name, spelling]) } }
        return lines.map { $0.joined(separator: "\t") + "\n" }.joined()
    }

    /// What the value says, as JSON.
    func document(of text: String) -> JSONValue {
        JSONValue.object(["input": .text(text), "kind": .text(kind.rawValue), "symbology": .text(symbology?.text)])
            .adding([
                "stem": .text(link?.stem),
                "parameters": .array(
                    (link?.parameters ?? []).map { .object(["name": .text($0.name), "value": .text($0.value)]) }
                ),
                "fragment": .text(link?.fragment), "scheme": .text(tag?.scheme.name),
                "filter": .number(tag.map { UInt64($0.filter) }), "bits": .number(tag.map { UInt64($0.bitCount) }),
                "hostname": .text(tag?.hostname), "companyPrefixLength": .number(companyPrefixLength.map(UInt64.init)),
                "elements": .array(elements.map(\.document)),
            ])
            .adding(["elementString": .text(spellings[0].text), "digitalLink": .text(spellings[1].text)])
            .adding(["urn": .text(spellings[2].text)])
    }

    /// The same elements in the canonical spelling of each kind that can say them.
    private var spellings: [(name: String, text: String?)] {
        [
            ("elementString", ElementString(elements)?.text), ("digitalLink", try? canonicalLink()),
            ("urn", urn(companyPrefixLength: companyPrefixLength)),
        ]
    }
}

extension Element {
    /// The data title of the dictionary.
    var title: String? { ApplicationIdentifier(ai).map(\.title).flatMap { $0.isEmpty ? nil : $0 } }

    /// The date of the value with its century: the two of a period, with the time where it has one.
    private var dates: [GS1Date] {
        let year = Calendar(identifier: .gregorian).component(.year, from: Date())
        guard let first = try? date(referenceYear: year) else { return [] }
        guard ai == 7007, value.utf8.count == 12,
            let last = try? GS1Date(String(value.dropFirst(6)), referenceYear: year)
        else { return [first] }
        return [first, last]
    }

    /// What the value means, where it is a date: `2026-12-31`, `2026-02-28 (day 00: the last of the month)`.
    var meaning: String? {
        guard let first = dates.first else { return nil }
        var text = dates.map(\.text).joined(separator: " to ")
        let time = ai == 7007 ? "" : String(value.dropFirst(6))
        if !time.isEmpty, time != "9999" {
            let pairs = stride(from: 0, to: time.count, by: 2).map { String(time.dropFirst($0).prefix(2)) }
            text += "T" + pairs.joined(separator: ":")
        }
        return first.day == nil ? text + " (day 00: the last of the month)" : text
    }

    fileprivate var document: JSONValue {
        .object([
            "ai": .text(aiText), "title": .text(title), "value": .text(value), "date": .text(dates.first?.text),
            "meaning": .text(meaning),
        ])
    }
}

extension GS1Date {
    /// `2026-02-28`.
    fileprivate var text: String {
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(effectiveDay))"
    }
}
