internal import EPCIS
internal import GS1

/// Makes templates of the JSON of a mapping. Refusals are at bytes of the mapping.
struct CSVTemplateCompiler {
    private(set) var columns: [CSVMapping.Column] = []
    private let identifiers: JSONValue?
    private let time: JSONValue?
    private let number: JSONValue?

    /// The verbs: exactly one of them makes an object a value of cells.
    private static let verbs = ["$text", "$number", "$time", "$date", "$identifier", "$choose"]

    init(_ mapping: JSONValue) throws(Refusal) {
        identifiers = mapping["identifiers"]
        time = mapping["time"]
        number = mapping["number"]
        try identifiers?.checkNames("identifiers", ["as", "companyPrefixLength"])
        try time?.checkNames("time", ["format", "offset"])
        try number?.checkNames("number", ["decimal", "grouping"])
    }

    mutating func event(_ json: JSONValue) throws(Refusal) -> CSVTemplate {
        _ = try json.members("an event")
        if let context = json["@context"] {
            throw Refusal(context.offset, "\"@context\" belongs beside \"events\", not into an event")
        }
        let template = try template(json)
        guard case .object = template.content, template.hasCells else {
            throw Refusal(json.offset, "the event takes nothing from the CSV: write {Column} where a cell belongs")
        }
        return template
    }

    private mutating func template(_ json: JSONValue) throws(Refusal) -> CSVTemplate {
        switch json.content {
        case .string(let text):
            let cell = try cellText(text, json.offset)
            guard cell.hasColumns else { return constant(JSONValue(.string(cell.literal), offset: json.offset)) }
            return CSVTemplate(.cell(CSVCell(kind: .text(cell))), offset: json.offset)
        case .array(let items):
            var templates: [CSVTemplate] = []
            for item in items { templates.append(try template(item)) }
            return CSVTemplate(.list(templates), offset: json.offset)
        case .object(let members): return try object(json, members)
        case .null, .boolean, .number: return constant(json)
        }
    }

    /// What stands neither in an array nor for an event: rows cannot be put together for it alone.
    private mutating func part(_ json: JSONValue) throws(Refusal) -> CSVTemplate {
        let value = try template(json)
        guard value.by == nil else { throw Refusal(json.offset, "$by belongs to an event or to an item of an array") }
        return value
    }

    private func constant(_ json: JSONValue) -> CSVTemplate {
        let place = CSVPlace.mapping(json.offset).code
        return CSVTemplate(.constant(JSONValue(json.content, offset: place)), offset: json.offset)
    }

    private mutating func object(_ json: JSONValue, _ members: [JSONMember]) throws(Refusal) -> CSVTemplate {
        var own: [CSVTemplate.Member] = []
        var result: CSVTemplate
        if let verb = members.first(where: { member in Self.verbs.contains { $0.isExactly(member.name) } }) {
            result = CSVTemplate(.cell(try cell(json, verb)), offset: json.offset)
        } else {
            for member in members where !member.name.isExactly("$by") && !member.name.isExactly("$when") {
                guard member.name.utf8.first != UInt8(ascii: "$") else {
                    throw Refusal(
                        member.value.offset,
                        "\"\(member.name)\" is unknown: there are \(Self.verbs.joined(separator: ", ")), $by and $when"
                    )
                }
                let value = try part(member.value)
                own.append(CSVTemplate.Member(name: member.name, value: value))
            }
            result = CSVTemplate(.object(own), offset: json.offset)
        }
        if let by = json["$by"] {
            var list: [Int] = []
            for name in try by.strings("$by") { list.append(try column(name, by.offset)) }
            guard !list.isEmpty else { throw by.wrong("$by", mustBe: "an array of at least one column") }
            result.by = list
        }
        if let when = json["$when"] { result.conditions = try conditions(when) }
        return result
    }

    private mutating func conditions(_ json: JSONValue) throws(Refusal) -> [CSVCondition] {
        if case .string(let name) = json.content {
            return [CSVCondition(column: try column(name, json.offset), values: nil)]
        }
        var conditions: [CSVCondition] = []
        for member in try json.members("$when") {
            let value = member.value
            let values = if case .string(let text) = value.content { [text] } else { try value.strings(member.name) }
            conditions.append(CSVCondition(column: try column(member.name, value.offset), values: values))
        }
        return conditions
    }

    private mutating func cell(_ json: JSONValue, _ verb: JSONMember) throws(Refusal) -> CSVCell {
        let value = verb.value
        let kind: CSVCell.Kind
        var options: [String] = []
        switch verb.name {
        case "$text":
            options = ["escape"]
            var text = try cells(value, "$text")
            text.escapes = try json["escape"]?.boolean("escape") ?? false
            kind = .text(text)
        case "$number":
            options = ["decimal", "grouping"]
            kind = .number(try cells(value, "$number"), try CSVNumberFormat(json, default: number))
        case "$time":
            options = ["format", "offset"]
            kind = .time(try cells(value, "$time"), try CSVTimeFormat(json, default: time, isDate: false))
        case "$date":
            options = ["format"]
            kind = .time(try cells(value, "$date"), try CSVTimeFormat(json, default: nil, isDate: true))
        case "$identifier":
            options = ["as", "companyPrefixLength"]
            kind = .identifier(try elements(value), try form(json))
        default:
            options = ["from"]
            kind = .choice(try cells(value, "$choose"), try choices(json))
        }
        try json.checkNames(verb.name, [verb.name, "take", "$by", "$when"] + options)
        var cell = CSVCell(kind: kind)
        if let take = json["take"] {
            guard let known = CSVCell.Take(rawValue: try take.string("take")) else {
                throw take.wrong("take", mustBe: "same, first or last")
            }
            cell.take = known
        }
        return cell
    }

    private mutating func choices(_ json: JSONValue) throws(Refusal) -> [(text: String, value: CSVTemplate)] {
        let from = try json.required("from", of: "$choose", "say what each text of the cell stands for")
        var choices: [(text: String, value: CSVTemplate)] = []
        for member in try from.members("from") { choices.append((member.name, try part(member.value))) }
        return choices
    }

    /// The elements of a key; qualifiers are put in the order of a Digital Link path.
    private mutating func elements(_ json: JSONValue) throws(Refusal) -> [(ai: Int, text: CSVCellText)] {
        var elements: [(ai: Int, text: CSVCellText)] = []
        for member in try json.members("$identifier") {
            guard (2...4).contains(member.name.utf8.count), member.name.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let ai = Int(member.name)
            else {
                throw Refusal(
                    member.value.offset,
                    "\"\(member.name)\" is no application identifier such as 01, 10 or 21"
                )
            }
            elements.append((ai, try cellText(try member.value.string(member.name), member.value.offset)))
        }
        guard elements.contains(where: \.text.hasColumns) else {
            throw Refusal(json.offset, "$identifier takes nothing from the CSV: write {Column} where a cell belongs")
        }
        let order = [22: 1, 10: 2, 21: 3, 235: 3, 254: 3, 7040: 3, 8011: 3, 8019: 3, 8020: 3]
        return elements.sorted { (order[$0.ai] ?? 0) < (order[$1.ai] ?? 0) }
    }

    private func form(_ json: JSONValue) throws(Refusal) -> Identifier.Form {
        guard let way = json["as"] ?? identifiers?["as"] else {
            throw Refusal(
                json.offset,
                "say how identifiers are written: \"as\": \"https://id.gs1.org\" or \"as\": \"urn\""
            )
        }
        let text = try way.string("as")
        guard text.isExactly("urn") else {
            guard text.utf8.starts(with: "https://".utf8) || text.utf8.starts(with: "http://".utf8) else {
                throw way.wrong("as", mustBe: "\"urn\" or the beginning of a Digital Link such as https://id.gs1.org")
            }
            return .digitalLink(stem: text)
        }
        guard let length = json["companyPrefixLength"] ?? identifiers?["companyPrefixLength"] else {
            throw Refusal(
                way.offset,
                "an EPC URN needs the length of the GS1 company prefix, which the key does not tell: give \"companyPrefixLength\""
            )
        }
        guard let count = Int(try length.number("companyPrefixLength").text), (6...12).contains(count) else {
            throw length.wrong("companyPrefixLength", mustBe: "a whole number from 6 to 12")
        }
        return .urn(companyPrefixLength: count)
    }

    private mutating func cells(_ json: JSONValue, _ verb: String) throws(Refusal) -> CSVCellText {
        let text = try cellText(try json.string(verb), json.offset)
        guard text.hasColumns else { throw json.wrong(verb, mustBe: "text with a column in braces such as {Weight}") }
        return text
    }

    /// Takes `{Column}` apart from what stands around it.
    private mutating func cellText(_ text: String, _ offset: Int) throws(Refusal) -> CSVCellText {
        var result = CSVCellText()
        var literal: [UInt8] = []
        var rest = text.utf8[...]
        func flush() { if !literal.isEmpty { result.parts.append(.literal(String(decoding: literal, as: UTF8.self))) } }
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") else {
                literal.append(byte)
                continue
            }
            if rest.first == byte {
                literal.append(byte)
                rest.removeFirst()
                continue
            }
            guard byte == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
                throw Refusal(offset, "a brace stands alone: write {Column} for a cell, {{ or }} for a brace")
            }
            flush()
            literal = []
            result.parts.append(.column(try column(String(Substring(rest[..<end])), offset)))
            rest = rest[rest.index(after: end)...]
        }
        flush()
        return result
    }

    private mutating func column(_ name: String, _ offset: Int) throws(Refusal) -> Int {
        if let known = columns.firstIndex(where: { $0.name.isExactly(name) }) { return known }
        guard columns.count < CSVRecordReader.maximumColumns else {
            throw Refusal(offset, "the mapping takes more than \(CSVRecordReader.maximumColumns) columns")
        }
        columns.append(CSVMapping.Column(name: name, offset: offset))
        return columns.count - 1
    }
}

extension CSVCellText {
    /// The text of a template without columns.
    fileprivate var literal: String {
        parts.reduce(into: "") { if case .literal(let text) = $1 { $0 += text } }
    }
}
