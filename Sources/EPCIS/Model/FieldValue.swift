/// A value of an extension or ILMD field: what JSON can say, numbers kept to the digit.
public indirect enum FieldValue: Hashable, Sendable {
    /// JSON null.
    case null
    /// JSON true or false.
    case boolean(Bool)
    /// A number, to the digit.
    case number(Number)
    /// A string.
    case text(String)
    /// An array.
    case list([FieldValue])
    /// An object; names are unique, order carries no meaning.
    case fields([Field])
}

/// One named value; the name as written in JSON, e.g. `example:batch` or `@id`.
public struct Field: Hashable, Sendable {
    /// The name as written.
    public var name: String
    /// The value.
    public var value: FieldValue

    /// The field `name: value`.
    public init(_ name: String, _ value: FieldValue) {
        self.name = name
        self.value = value
    }
}

/// A decimal number by its exact text, so that `452.0` stays `452.0` and no digit is ever rounded away.
public struct Number: Hashable, Sendable {
    /// The number as JSON writes it (RFC 8259 section 6).
    public let text: String

    /// The number with this JSON text; `nil` where it is not one.
    public init?(_ text: String) {
        guard Number.isJSON(text) else { return nil }
        self.text = text
    }

    /// A whole number.
    public init(_ value: Int64) { text = "\(value)" }

    static func isJSON(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
        func takeDigits() -> Int {
            var count = 0
            while isDigit(rest.first) {
                rest.removeFirst()
                count += 1
            }
            return count
        }
        if rest.first == 0x2D { rest.removeFirst() }
        let leadingZero = rest.first == 0x30
        let whole = takeDigits()
        guard whole > 0, !(leadingZero && whole > 1) else { return false }
        if rest.first == 0x2E {
            rest.removeFirst()
            guard takeDigits() > 0 else { return false }
        }
        if rest.first == 0x65 || rest.first == 0x45 {
            rest.removeFirst()
            if rest.first == 0x2B || rest.first == 0x2D { rest.removeFirst() }
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}

/// A namespace that a JSON-LD `@context` binds to a prefix.
public struct Namespace: Hashable, Sendable {
    /// The prefix before the colon.
    public var prefix: String
    /// The namespace URI that it stands for.
    public var uri: String

    /// `prefix` bound to `uri`.
    public init(prefix: String, uri: String) {
        self.prefix = prefix
        self.uri = uri
    }
}
