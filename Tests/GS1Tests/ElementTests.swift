import GS1
import TestSupport
import Testing

@Suite struct ElementTests {
    @Test func checkDigits() {
        #expect(CheckDigit.mod10("0950600013435".utf8) == UInt8(ascii: "2"))
        #expect(CheckDigit.mod10("34012345111111111".utf8) == UInt8(ascii: "1"))
        #expect(CheckDigit.mod10("".utf8) == nil)
        #expect(CheckDigit.mod10("12a".utf8) == nil)
    }

    @Test func anyWrongDigitIsNoticed() {
        let digits = Array("09506000134352".utf8)
        for place in digits.indices {
            for digit in UInt8(0x30)...0x39 where digit != digits[place] {
                var changed = digits
                changed[place] = digit
                #expect(CheckDigit.mod10(changed.dropLast()) != changed.last)
            }
        }
    }

    @Test(arguments: [
        (1, "09506000134352", PackedValue.number(9_506_000_134_352)),
        (0, "000000000000000000", .number(0)),
        (17, "260101", .number(260_101)),
        (21, "0", .number(0)),
        (21, "12345", .number(12345)),
        (21, "012345", .text("012345")),
        (21, "", .text("")),
        (21, "9223372036854775807", .number(9_223_372_036_854_775_807)),
        (21, "9223372036854775808", .text("9223372036854775808")),
        (21, "99999999999999999999", .text("99999999999999999999")),
        (10, "+1", .text("+1")),
        (1, "123", .text("123")),
    ])
    func packing(ai: Int, value: String, packed: PackedValue) {
        let element = Element(ai: ai, value: value)
        #expect(element.packed == packed)
        #expect(Element(ai: ai, packed: packed) == element)
    }

    @Test(arguments: [
        (1, PackedValue.number(100_000_000_000_000)),
        (1, .text("09506000134352")),
        (21, .text("12345")),
        (21, .text("0")),
        (21, .number(1 << 63)),
        (17, .number(1_000_000)),
        (-1, .number(1)),
        (10000, .number(1)),
    ])
    func thereIsOnePackingOnly(ai: Int, packed: PackedValue) {
        #expect(Element(ai: ai, packed: packed) == nil)
    }

    @Test func packingIsInvertible() {
        forAll(2000) { random in
            let ai = [0, 1, 10, 17, 21, 414, 8006, 8018, 8019].randomElement(using: &random) ?? 1
            let text = String(
                (0..<Int.random(in: 0...20, using: &random)).map { _ in "0012399A".randomElement(using: &random) ?? "0"
                }
            )
            let element = Element(ai: ai, value: text)
            try check(Element(ai: ai, packed: element.packed) == element, "(\(ai))\(text)")
            let number = PackedValue.number(random.next() >> UInt64.random(in: 0..<64, using: &random))
            if let unpacked = Element(ai: ai, packed: number) {
                try check(unpacked.packed == number, "(\(ai)) \(number)")
            }
        }
    }

    @Test func elementStrings() {
        let text = #"(01)09506000134352(21)A\(B)"#
        let elements = [Element(ai: 1, value: "09506000134352"), Element(ai: 21, value: "A(B)")]
        #expect(ElementString(text)?.elements == elements)
        #expect(ElementString(elements)?.text == text)
        #expect(ElementString("(95)x(8200)http://a")?.elements.count == 2)
    }

    @Test(arguments: [
        "", "01", "(01)", "()12345", "(1)12345", "(001)09506000134352", "(01)09506000134351", "(10)(11)981225",
        "(10)12345^",
        "(17)9(90)217", "(10)A\\", "(10)A\\B", "(10)A\\)", "(10", "(10)A(", "(+1)2", "(10)ü", "(10)A B", "(10000)1",
        "x(10)A",
    ])
    func brokenElementStringsAreRefused(text: String) {
        #expect(ElementString(text) == nil)
    }

    @Test func elementStringsSurviveTheirText() {
        let characters = Array("()\\()#%&/09AZaz'\"")
        forAll(2000) { random in
            let text = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                let value = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                    characters.randomElement(using: &random) ?? "0"
                }
                return "(\([10, 21, 90, 91, 8200].randomElement(using: &random) ?? 10))\(String(value))"
            }.joined()
            guard let read = ElementString(text) else { return }
            try check(read.text == text, "\(text) became \(read.text)")
            try check(ElementString(read.text) == read, text)
            try check(ElementString(read.elements) == read, text)
        }
    }
}

@Suite struct ElementStringTests {
    @Test func scanDataAndPrintedTextAreTheSameElements() throws {
        let read = try ElementString(unbracketed: "010950600013435210ABC123\u{1D}17261231")
        #expect(read.text == "(01)09506000134352(10)ABC123(17)261231")
        #expect(try ElementString(bracketed: read.text) == read)
        #expect(read.unbracketed == "010950600013435210ABC123\u{1D}17261231")
    }

    @Test func everyErrorSaysWhichAIAndWhere() {
        let month = #expect(throws: GS1Error.self) { try ElementString(bracketed: #"(10)A\(B(17)261301"#) }
        #expect(month?.ai == 17 && month?.position == 14)
        let character = #expect(throws: GS1Error.self) { try ElementString(bracketed: #"(10)A\(B^"#) }
        #expect(character?.ai == 10 && character?.position == 8)
        let unknown = #expect(throws: GS1Error.self) { try ElementString(unbracketed: "10ABC\u{1D}891") }
        #expect(unknown?.code == .unknownAI && unknown?.position == 6)
        let length = #expect(throws: GS1Error.self) { try ElementString(unbracketed: "8111123") }
        #expect(length?.code == .valueTooShort && length?.ai == 8111)
    }

    @Test func whatMayStandTogether() throws {
        let lot = try #require(ElementString("(10)ABC(17)261231"))
        #expect(lot.associationErrors.map(\.code) == [.requiredAI, .requiredAI])
        #expect(
            lot.associationErrors.first?.reason.hasSuffix("it needs (01), or (02), or (03), or (8006), or (8026)")
                == true
        )
        let twoGTINs = try #require(ElementString("(01)09506000134352(02)09506000134352(37)5(00)340123451111111111"))
        let errors = twoGTINs.associationErrors
        #expect(errors.map(\.code) == [.excludedAI, .excludedAI])
        #expect(errors.map(\.ai) == [1, 2] && errors.last?.position == 18)
        #expect(try ElementString(bracketed: "(01)09506000134352(10)ABC").associationErrors.isEmpty)
    }
}
