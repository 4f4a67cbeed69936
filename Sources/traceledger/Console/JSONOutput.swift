import EPCIS
import EPCISJSON
import TraceProof

extension JSONValue {
    /// Bytes as lower-case hexadecimal.
    static func hex(_ bytes: some Collection<UInt8>) -> JSONValue { .text(Hex.encode(bytes)) }

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
