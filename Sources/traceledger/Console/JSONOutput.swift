import EPCIS
import EPCISJSON
import TraceProof

extension JSONValue {
    /// A string.
    static func text(_ value: String) -> JSONValue { JSONValue(.string(value)) }

    /// A string, or null.
    static func text(_ value: String?) -> JSONValue { value.map { .text($0) } ?? JSONValue(.null) }

    /// A whole number.
    static func number(_ value: UInt64) -> JSONValue {
        Number("\(value)").map { JSONValue(.number($0)) } ?? JSONValue(.null)
    }

    /// A whole number, or null.
    static func number(_ value: UInt64?) -> JSONValue { value.map { .number($0) } ?? JSONValue(.null) }

    /// Bytes as lower-case hexadecimal.
    static func hex(_ bytes: some Collection<UInt8>) -> JSONValue { .text(Hex.encode(bytes)) }

    /// True or false.
    static func boolean(_ value: Bool) -> JSONValue { JSONValue(.boolean(value)) }

    /// An array.
    static func array(_ values: [JSONValue]) -> JSONValue { JSONValue(.array(values)) }

    /// An object whose members stand in the order given.
    static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        JSONValue(.object(members.map { JSONMember($0.key, $0.value) }))
    }

    /// The same object with further members at its end.
    func adding(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        guard case .object(let own) = content else { return self }
        return JSONValue(.object(own + members.map { JSONMember($0.key, $0.value) }))
    }
}

extension Console {
    /// Writes the one JSON document of a command.
    static func json(_ value: JSONValue) throws { try write(value.serialized(.pretty)) }
}
