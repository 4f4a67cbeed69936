internal import EPCIS

extension JSONValue {
    /// The nesting of arrays and objects beyond which a text is refused.
    public static let maximumDepth = 64

    /// The value of the JSON text `bytes`: RFC 8259, UTF-8 without byte order mark, names unique in their object, no lone
    /// surrogates, nesting up to ``maximumDepth``, nothing after the value.
    ///
    /// Time and memory grow with the size of the input, which the caller bounds.
    /// - Throws: `JSONError` with line and column, and what was expected there.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        do {
            self = try JSONParser.value(of: bytes)
        } catch {
            throw JSONError(at: JSONPosition(ofByte: error.offset, in: bytes), error.reason)
        }
    }
}

/// One pass over the bytes, one byte of look-ahead.
struct JSONParser {
    let bytes: [UInt8]
    var index = 0

    static func value(of bytes: [UInt8]) throws(Refusal) -> JSONValue {
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
            throw Refusal(0, "the text begins with a byte order mark: save it as UTF-8 without one")
        }
        var parser = JSONParser(bytes: bytes)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == bytes.count else {
            throw parser.unexpected("the end of the text")
        }
        return value
    }

    /// The byte at the index; 0, which no rule accepts, at the end.
    @inline(__always) var current: UInt8 { index < bytes.count ? bytes[index] : 0 }

    @inline(__always) mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: byte) else { return false }
        index += 1
        return true
    }

    mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    mutating func value(depth: Int) throws(Refusal) -> JSONValue {
        let start = index
        switch current {
        case UInt8(ascii: "\""): return JSONValue(.string(try string()), offset: start)
        case UInt8(ascii: "{"): return JSONValue(.object(try members(depth: depth + 1)), offset: start)
        case UInt8(ascii: "["): return JSONValue(.array(try elements(depth: depth + 1)), offset: start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return JSONValue(.number(try number()), offset: start)
        case UInt8(ascii: "t") where take(word: "true"): return JSONValue(.boolean(true), offset: start)
        case UInt8(ascii: "f") where take(word: "false"): return JSONValue(.boolean(false), offset: start)
        case UInt8(ascii: "n") where take(word: "null"): return JSONValue(.null, offset: start)
        default: throw unexpected("a value")
        }
    }

    private mutating func members(depth: Int) throws(Refusal) -> [JSONMember] {
        try open(depth)
        var members: [JSONMember] = []
        if take("}") { return members }
        var nameOffsets: [Int] = []
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw unexpected("a member name in double quotes") }
            nameOffsets.append(index)
            let name = try string()
            skipSpace()
            guard take(":") else { throw unexpected("\":\" after the member name") }
            skipSpace()
            members.append(JSONMember(name, try value(depth: depth)))
            skipSpace()
        } while take(",")
        guard take("}") else { throw unexpected("\",\" or \"}\" in the object") }
        if let twin = JSONParser.duplicate(in: members) {
            throw Refusal(nameOffsets[twin], "the object has the member \"\(members[twin].name)\" twice")
        }
        return members
    }

    private mutating func elements(depth: Int) throws(Refusal) -> [JSONValue] {
        try open(depth)
        var elements: [JSONValue] = []
        if take("]") { return elements }
        repeat {
            skipSpace()
            elements.append(try value(depth: depth))
            skipSpace()
        } while take(",")
        guard take("]") else { throw unexpected("\",\" or \"]\" in the array") }
        return elements
    }

    private mutating func open(_ depth: Int) throws(Refusal) {
        guard depth <= JSONValue.maximumDepth else {
            throw Refusal(index, "arrays and objects are nested more than \(JSONValue.maximumDepth) deep")
        }
        index += 1
        skipSpace()
    }

    /// The index of the first member whose name an earlier one has; small objects pairwise, large ones by sorting.
    private static func duplicate(in members: [JSONMember]) -> Int? {
        if members.count <= 32 {
            for later in members.indices {
                for earlier in 0..<later where members[earlier].name.isExactly(members[later].name) { return later }
            }
            return nil
        }
        let order = members.indices.sorted { left, right in
            let (first, second) = (members[left].name.utf8, members[right].name.utf8)
            return first.elementsEqual(second) ? left < right : first.lexicographicallyPrecedes(second)
        }
        let twins = zip(order, order.dropFirst()).filter { members[$0].name.isExactly(members[$1].name) }
        return twins.map(\.1).min()
    }

    /// The grammar of numbers is `Number`'s; here they only end where no number goes on.
    private mutating func number() throws(Refusal) -> Number {
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                index += 1
                continue
            default: break
            }
            break
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        guard let number = Number(text) else {
            throw Refusal(start, "this is not a JSON number: write digits without leading zeros, e.g. 12, -0.5 or 1e6")
        }
        return number
    }

    private mutating func take(word: String) -> Bool {
        let end = index + word.utf8.count
        guard end <= bytes.count, bytes[index..<end].elementsEqual(word.utf8) else { return false }
        index = end
        return true
    }

    func unexpected(_ expected: String) -> Refusal {
        guard index < bytes.count else { return Refusal(index, "the text ends where \(expected) is expected") }
        let found = bytes[index]
        let name = (0x21...0x7E).contains(found) ? "\"\(Unicode.Scalar(found))\"" : "byte \(found)"
        return Refusal(index, "\(expected) is expected, not \(name)")
    }
}

extension String {
    /// Byte for byte the same: `==` would take canonically equivalent texts for one.
    @inline(__always) func isExactly(_ other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
