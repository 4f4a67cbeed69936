internal import EPCIS
internal import GS1

/// A value read as what the standard says a field holds; anything else is refused with the field's name and a remedy.
///
/// `field` is the name that messages use.
extension JSONValue {
    func wrong(_ field: String, mustBe expected: String, _ remedy: String = "") -> Refusal {
        let found: String
        switch content {
        case .null: found = "null: leave the field out"
        case .boolean(let value): found = value ? "true" : "false"
        default: found = kindName
        }
        // "the document" and "an event" are no names of fields.
        let name = field.utf8.contains(UInt8(ascii: " ")) ? field : "\"\(field)\""
        return Refusal(offset, "\(name) must be \(expected), not \(found)\(remedy)")
    }

    func string(_ field: String) throws(Refusal) -> String {
        guard case .string(let text) = content else { throw wrong(field, mustBe: "a string") }
        return text
    }

    func identifier(_ field: String) throws(Refusal) -> Identifier {
        guard case .string(let text) = content else { throw wrong(field, mustBe: "a string with a URI") }
        return Identifier(text)
    }

    func term(_ field: String) throws(Refusal) -> Term {
        guard case .string(let text) = content else { throw wrong(field, mustBe: "a string with one term or URI") }
        return Term(text)
    }

    func number(_ field: String) throws(Refusal) -> Number {
        guard case .number(let number) = content else {
            let isNumberInQuotes = if case .string(let text) = content { Number(text) != nil } else { false }
            throw wrong(field, mustBe: "a number", isNumberInQuotes ? ": write it without quotes" : "")
        }
        return number
    }

    func boolean(_ field: String) throws(Refusal) -> Bool {
        guard case .boolean(let value) = content else {
            throw wrong(field, mustBe: "true or false without quotes")
        }
        return value
    }

    func timestamp(_ field: String) throws(Refusal) -> Timestamp {
        let text = try string(field)
        guard let time = Timestamp(text) else {
            throw Refusal(
                offset,
                "\"\(field)\" is not a time: write date, time and offset such as 2026-03-01T08:00:00.000+08:00 or end with Z"
            )
        }
        return time
    }

    func timeZoneOffset(_ field: String) throws(Refusal) -> TimeZoneOffset {
        guard let offset = TimeZoneOffset(try string(field)) else {
            throw Refusal(
                offset,
                "\"\(field)\" is not an offset: write sign, hours and minutes such as +08:00, at most 14:00"
            )
        }
        return offset
    }

    func list<Element>(
        _ field: String,
        _ element: (JSONValue) throws(Refusal) -> Element
    ) throws(Refusal) -> [Element] {
        guard case .array(let values) = content else {
            throw wrong(field, mustBe: "an array", ": put it in [ ] also when there is only one")
        }
        var elements: [Element] = []
        elements.reserveCapacity(values.count)
        for value in values { elements.append(try element(value)) }
        return elements
    }

    func identifiers(_ field: String) throws(Refusal) -> [Identifier] {
        try list(field) { value throws(Refusal) in try value.identifier(field) }
    }

    func strings(_ field: String) throws(Refusal) -> [String] {
        try list(field) { value throws(Refusal) in try value.string(field) }
    }

    func members(_ field: String) throws(Refusal) -> [JSONMember] {
        guard case .object(let members) = content else { throw wrong(field, mustBe: "an object in { }") }
        return members
    }

    /// The member `name` of the object `field`, which must be there.
    func required(_ name: String, of field: String, _ remedy: String) throws(Refusal) -> JSONValue {
        guard let value = self[name] else { throw Refusal(offset, "\(field) has no \"\(name)\": \(remedy)") }
        return value
    }

    /// The value as an extension field holds it: names in the one order.
    var fieldValue: FieldValue {
        switch content {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .number(let number): .number(number)
        case .string(let text): .text(text)
        case .array(let elements): .list(elements.map(\.fieldValue))
        case .object(let members): .fields(members.fields)
        }
    }

    /// The JSON of an extension field.
    init(field value: FieldValue) {
        switch value {
        case .null: self.init(.null)
        case .boolean(let value): self.init(.boolean(value))
        case .number(let number): self.init(.number(number))
        case .text(let text): self.init(.string(text))
        case .list(let values): self.init(.array(values.map { JSONValue(field: $0) }))
        case .fields(let fields): self.init(.object(fields.map { JSONMember($0.name, JSONValue(field: $0.value)) }))
        }
    }
}

extension [JSONMember] {
    /// The members as fields, in the one order of names.
    var fields: [Field] {
        var fields = map { Field($0.name, $0.value.fieldValue) }
        fields.sortNames()
        return fields
    }
}

extension JSONMember {
    /// The member as an extension field.
    var field: Field { Field(name, value.fieldValue) }
}
