import EPCISJSON
import TestSupport
import Testing

/// RFC 8259, case by case.
@Suite struct JSONReaderTests {
    /// A text and its compact form; the same where the second is nil.
    static let accepted: [(String, String?)] = [
        ("null", nil), ("true", nil), ("false", nil), ("\"\"", nil), ("[]", nil), ("{}", nil),
        ("0", nil), ("-0", nil), ("-0.0", nil), ("1e5", nil), ("1E+5", nil), ("1.5e-10", nil),
        ("123456789012345678901234567890.123456789012345678901234567890", nil),
        (" \t\r\n[ 1 , 2 ]\n ", "[1,2]"), ("{ \"a\" : { \"b\" : [ ] } }", "{\"a\":{\"b\":[]}}"),
        (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\b\f\n\r\t""#), (#""\u0000\u001F\u007f""#, "\"\\u0000\\u001f\u{7F}\""),
        (#""\u00e9\u4E2D""#, "\"é中\""), (#""\uD83C\uDF3E""#, "\"🌾\""), (#""\ud834\udd1e""#, "\"𝄞\""),
        (#""\uFFFF\uE000""#, "\"\u{FFFF}\u{E000}\""), ("\"/\u{2028}\u{2029}\u{FEFF}\"", nil),
        (#"{"":0,"A":1,"a":2}"#, nil), ("{\"é\":1,\"e\u{301}\":2}", nil), (#"{"a/b~c":1}"#, nil),
        ("[[[[[[[[[[1]]]]]]]]]]", nil), (#"["\\u000A"]"#, nil),
    ]

    /// A text, the line and column at which it is refused, and a part of the reason.
    static let refused: [(String, Int, Int, String)] = [
        ("", 1, 1, "the text ends where a value is expected"), ("  \n ", 2, 2, "the text ends"),
        ("nul", 1, 1, "a value is expected"), ("nulll", 1, 5, "the end of the text"), ("True", 1, 1, "a value"),
        ("NaN", 1, 1, "a value"), ("Infinity", 1, 1, "a value"), ("-Infinity", 1, 1, "not a JSON number"),
        ("01", 1, 1, "not a JSON number"), ("-01", 1, 1, "not a JSON number"), ("1.", 1, 1, "not a JSON number"),
        (".5", 1, 1, "a value"), ("+1", 1, 1, "a value"), ("-", 1, 1, "not a JSON number"), ("1e", 1, 1, "not a JSON"),
        ("1e+", 1, 1, "not a JSON number"), ("1.e3", 1, 1, "not a JSON number"), ("--1", 1, 1, "not a JSON number"),
        ("1 2", 1, 3, "the end of the text"), ("0x10", 1, 2, "the end of the text"), ("１", 1, 1, "a value"),
        ("[1,]", 1, 4, "a value"), ("[,1]", 1, 2, "a value"), ("[1 2]", 1, 4, "\",\" or \"]\""), ("[1", 1, 3, "ends"),
        ("[1}", 1, 3, "\",\" or \"]\""), ("]", 1, 1, "a value"), ("[\n1,\n2;]", 3, 2, "\",\" or \"]\""),
        ("{", 1, 2, "a member name"), ("{\"a\"}", 1, 5, "\":\""), ("{\"a\":}", 1, 6, "a value"),
        ("{a:1}", 1, 2, "a member"),
        ("{'a':1}", 1, 2, "double quotes"), ("{\"a\":1,}", 1, 8, "a member name"), ("{\"a\" 1}", 1, 6, "\":\""),
        ("{\"a\":1 \"b\":2}", 1, 8, "\",\" or \"}\""), ("{1:1}", 1, 2, "a member name"), ("{\"a\":1]", 1, 7, "\"}\""),
        ("{\"a\":1,\n \"\\u0061\":2}", 2, 2, "the member \"a\" twice"), ("/* */1", 1, 1, "a value"),
        ("1//", 1, 2, "end"),
        ("\"abc", 1, 1, "no closing quote"), ("\"\\", 1, 2, "a backslash"), ("\"a\\\"", 1, 1, "no closing quote"),
        ("\"\\x41\"", 1, 2, "a backslash"), ("\"\\u12\"", 1, 2, "four hexadecimal digits"),
        ("\"\\u12G4\"", 1, 2, "four hexadecimal digits"), ("\"\\u\"", 1, 2, "four hexadecimal digits"),
        ("\"é\\uD800\"", 1, 3, "surrogate"), ("\"\\uDC00\"", 1, 2, "surrogate"), ("\"\\uD800\\n\"", 1, 2, "surrogate"),
        ("\"\\uD800\\uD800\"", 1, 2, "surrogate"), ("\"\\uDC00\\uD800\"", 1, 2, "surrogate"),
        ("\"a\nb\"", 1, 3, "control character"), ("\"\t\"", 1, 2, "control character"),
        ("\"\u{0}\"", 1, 2, "control character"), ("\u{0}", 1, 1, "not byte 0"), ("\u{A0}1", 1, 1, "a value"),
        ("\u{FEFF}1", 1, 1, "byte order mark"), ("1\u{0}", 1, 2, "the end of the text"), ("[1]]", 1, 4, "the end"),
    ]

    @Test(arguments: accepted)
    func `What RFC 8259 allows is read and written`(text: String, compact: String?) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        let written = String(decoding: value.serialized(), as: UTF8.self)
        #expect(written.utf8.elementsEqual((compact ?? text).utf8), "\(written)")
        let pretty = try JSONValue(parsing: value.serialized(.pretty))
        #expect(pretty.firstDifference(from: value, ignoring: []) == nil)
    }

    @Test(arguments: refused)
    func `What it does not is refused with its place`(text: String, line: Int, column: Int, reason: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
        #expect(error?.position == JSONPosition(line: line, column: column), "\(text): \(error?.description ?? "")")
        #expect(error?.reason.contains(reason) == true, "\(text): \(error?.description ?? "")")
        #expect(error?.pointer == nil)
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0x8C],
            [0xFF], [0xC3], [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]]
    )
    func `Bytes that are not UTF-8 are refused in any string`(bad: [UInt8]) {
        for escape in ["", "\\n"] {
            let bytes = Array("[\"é\(escape)".utf8) + bad + Array("\"]".utf8)
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
            #expect(error?.position == JSONPosition(line: 1, column: 4 + escape.utf8.count))
            #expect(error?.reason.contains("not UTF-8") == true)
        }
    }

    @Test func `Nesting is bounded`() throws {
        func nested(_ depth: Int, _ open: String, _ close: String) -> [UInt8] {
            Array((String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
        }
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            _ = try JSONValue(parsing: nested(JSONValue.maximumDepth, open, close))
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: nested(65, open, close)) }
            #expect(error?.position.column == 64 * open.utf8.count + 1)
            #expect(throws: JSONError.self) { try JSONValue(parsing: nested(1_000_000, open, close)) }
        }
    }

    @Test func `A name that comes twice is found among many`() throws {
        let names = (0..<5000).map { "\"name\($0)\":\($0)" }
        let object = Array("{\(names.joined(separator: ","))}".utf8)
        #expect(try JSONValue(parsing: object)["name4999"]?.offset == object.count - 5)
        let twice = Array("{\(names.joined(separator: ",")),\n\"name77\":0,\"name3\":0}".utf8)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: twice) }
        #expect(error?.position == JSONPosition(line: 2, column: 1))
    }

    @Test func `A pointer finds a value and its place`() throws {
        let bytes = Array("{\"a/b\": [1,\n {\"m~n\": \"x\"}], \"\": 2}".utf8)
        let root = try JSONValue(parsing: bytes)
        let value = try #require(root[pointer: "/a~1b/1/m~0n"])
        #expect(JSONPosition(ofByte: value.offset, in: bytes) == JSONPosition(line: 2, column: 10))
        #expect(root[pointer: ""]?.offset == 0)
        #expect(root[pointer: "/"]?.offset == bytes.count - 2)
        for absent in ["a", "/a/b", "/a~1b/2", "/a~1b/01", "/a~1b/-", "/a~1b/1/m~0n/0"] {
            #expect(root[pointer: absent] == nil, "\(absent)")
        }
    }

    @Test func `The layouts are these`() throws {
        let value = try JSONValue(parsing: Array(#"{"a":[],"b":{},"c":[1,{"d":"/"}]}"#.utf8))
        let pretty = """
            {
              "a": [],
              "b": {},
              "c": [
                1,
                {
                  "d": "/"
                }
              ]
            }

            """
        #expect(String(decoding: value.serialized(.pretty), as: UTF8.self) == pretty)
    }

    /// Whatever the bytes, the reader answers or refuses; what it reads is written in a form that reads the same.
    @Test func `Mutated texts never trap`() {
        let seeds = Self.accepted.map { Array($0.0.utf8) } + [Array(EPCISJSONExampleTests.shipping.utf8)]
        forAll(2000) { random in
            var bytes = seeds[Int.random(in: seeds.indices, using: &random)]
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert("\"\\{}[]:,ud0-.eE".utf8.randomElement(using: &random) ?? 0, at: index)
                }
            }
            guard let value = try? JSONValue(parsing: bytes) else { return }
            let again = try JSONValue(parsing: value.serialized())
            try check(again.firstDifference(from: value, ignoring: []) == nil, "\(bytes)")
        }
    }
}
