/// What a CBOR item is, by its first byte (RFC 8949 section 3.1).
public enum CBORKind: Equatable, Sendable {
    /// Major type 0.
    case unsigned
    /// Major type 1.
    case negative
    /// Major type 2.
    case bytes
    /// Major type 3.
    case text
    /// Major type 4.
    case array
    /// Major type 5.
    case map
    /// Major type 6.
    case tag
    /// `false` or `true`.
    case boolean
    /// `null`.
    case null
    /// `undefined`.
    case undefined
    /// Another simple value.
    case simple
    /// A number of 16, 32 or 64 bits of IEEE 754.
    case float

    init(initialByte: UInt8) {
        switch initialByte >> 5 {
        case 0: self = .unsigned
        case 1: self = .negative
        case 2: self = .bytes
        case 3: self = .text
        case 4: self = .array
        case 5: self = .map
        case 6: self = .tag
        default:
            switch initialByte {
            case 0xF4, 0xF5: self = .boolean
            case 0xF6: self = .null
            case 0xF7: self = .undefined
            case 0xF9...0xFB: self = .float
            default: self = .simple
            }
        }
    }

    /// The name for error messages, with its article.
    var name: String {
        switch self {
        case .unsigned: "an unsigned integer"
        case .negative: "a negative integer"
        case .bytes: "a byte string"
        case .text: "a text string"
        case .array: "an array"
        case .map: "a map"
        case .tag: "a tag"
        case .boolean: "a boolean"
        case .null: "null"
        case .undefined: "undefined"
        case .simple: "a simple value"
        case .float: "a float"
        }
    }
}
