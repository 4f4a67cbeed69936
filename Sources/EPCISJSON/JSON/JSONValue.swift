public import EPCIS

/// A JSON value (RFC 8259) and where it stood: nothing rounded, nothing reordered.
public struct JSONValue: Sendable {
    /// What JSON can say.
    public enum Content: Sendable {
        /// `null`.
        case null
        /// `true` or `false`.
        case boolean(Bool)
        /// A number, to the digit.
        case number(Number)
        /// A string, escapes resolved.
        case string(String)
        /// An array.
        case array([JSONValue])
        /// An object in the order of its text; names are unique.
        case object([JSONMember])
    }

    /// The value.
    public var content: Content
    /// The byte of the input at which the value begins; 0 for a value that was not read.
    public var offset: Int

    /// A value that begins at `offset`.
    public init(_ content: Content, offset: Int = 0) {
        self.content = content
        self.offset = offset
    }

    /// The value of the member called `name`; `nil` where there is none or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = content else { return nil }
        return members.first { $0.name.isExactly(name) }?.value
    }

    /// What a person calls this kind of value.
    var kindName: String {
        switch content {
        case .null: "null"
        case .boolean: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// One member of a JSON object.
public struct JSONMember: Sendable {
    /// The name, escapes resolved.
    public var name: String
    /// The value.
    public var value: JSONValue

    /// The member `name: value`.
    public init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}
