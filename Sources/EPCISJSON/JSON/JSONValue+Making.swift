internal import EPCIS

/// Documents that the programs print and serve.
extension JSONValue {
    /// A string, or null.
    package static func text(_ value: String?) -> JSONValue { JSONValue(value.map { .string($0) } ?? .null) }

    /// A whole number.
    package static func number(_ value: some BinaryInteger) -> JSONValue {
        Number("\(value)").map { JSONValue(.number($0)) } ?? JSONValue(.null)
    }

    /// A whole number, or null.
    package static func number(_ value: UInt64?) -> JSONValue { value.map { .number($0) } ?? JSONValue(.null) }

    /// True or false.
    package static func boolean(_ value: Bool) -> JSONValue { JSONValue(.boolean(value)) }

    /// An array.
    package static func array(_ values: [JSONValue]) -> JSONValue { JSONValue(.array(values)) }

    /// An object whose members stand in the order given.
    package static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { ($0.key, $0.value) })
    }

    /// An object whose members stand in the order given.
    package static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        JSONValue(.object(members.map { JSONMember($0.0, $0.1) }))
    }

    /// The text, where it is one.
    package var string: String? {
        if case .string(let text) = content { return text }
        return nil
    }
}
