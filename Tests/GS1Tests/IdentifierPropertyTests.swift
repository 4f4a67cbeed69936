import GS1
import TestSupport
import Testing

/// The invariant the compact payload rests on: unless the form is verbatim, elements and form give the text back.
@Suite struct IdentifierPropertyTests {
    private func checkInvariant(_ text: String) throws {
        let identifier = Identifier(text)
        try check(identifier.text == text, "\(text) became \(identifier.text)")
        if identifier.form != .verbatim {
            let again = Identifier(elements: identifier.elements, form: identifier.form)
            try check(again == identifier, "\(text) is respelt as \(again?.text ?? "nothing")")
        }
        if let elementString = identifier.elementString {
            try check(ElementString(elementString)?.elements == identifier.elements, elementString)
        }
        for element in identifier.elements {
            try check(Element(ai: element.ai, packed: element.packed) == element, "\(element)")
        }
    }

    @Test func generatedKeysAreGivenBack() {
        forAll(5000) { random in
            let elements = Keys.random(&random)
            var spelt: [Identifier] = []
            for length in 5...13 {
                if let urn = Identifier(elements: elements, form: .urn(companyPrefixLength: length)) {
                    // A (01) or (8006) with other qualifiers, an extension 0 and a GMN have no URN; every other key has.
                    try check((6...12).contains(length), "\(urn) has a prefix of \(length)")
                    spelt.append(urn)
                }
            }
            if Keys.haveURN(elements) { try check(!spelt.isEmpty, "\(elements) has no URN") }
            let stem = ["https://id.gs1.org", "http://a.b:1/01/2/x", "HTTPS://a/"].randomElement(using: &random) ?? ""
            guard let link = Identifier(elements: elements, form: .digitalLink(stem: stem)) else {
                throw Falsified("\(elements) has no Digital Link")
            }
            spelt.append(link)
            for identifier in spelt {
                try check(
                    Identifier(identifier.text) == identifier,
                    "\(identifier) reads as \(Identifier(identifier.text))"
                )
                try checkInvariant(identifier.text)
            }
        }
    }

    @Test func mutationsNeverBreakTheInvariant() {
        let alphabet = Array("0123456789.*:%/?#&2FfüaA-_!()\\ \u{0}urnidpathttps")
        forAll(20000) { random in
            let elements = Keys.random(&random)
            let length = Int.random(in: 6...12, using: &random)
            let form: Identifier.Form =
                Bool.random(using: &random) ? .urn(companyPrefixLength: length) : .digitalLink(stem: "https://a.b")
            guard let identifier = Identifier(elements: elements, form: form) else { return }
            var text = Array(identifier.text)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<text.count, using: &random)
                let character = alphabet.randomElement(using: &random) ?? "0"
                switch Int.random(in: 0..<4, using: &random) {
                case 0: text[place] = character
                case 1: text.insert(character, at: place)
                case 2: if text.count > 1 { text.remove(at: place) }
                default: text = Array(text.prefix(max(1, place)))
                }
            }
            try checkInvariant(String(text))
        }
    }

    @Test func wrongElementsAreNotSpelt() {
        let gtin = Element(ai: 1, value: "09506000134352")
        let wrong: [[Element]] = [
            [], [Element(ai: 21, value: "A")], [gtin, gtin], [gtin, Element(ai: 254, value: "A")],
            [gtin, Element(ai: 21, value: "A"), Element(ai: 10, value: "B")], [gtin, Element(ai: 21, value: "")],
            [gtin, Element(ai: 21, value: "A B")], [gtin, Element(ai: 21, value: "ü")],
            [Element(ai: 1, value: "09506000134351")], [Element(ai: 8003, value: "14012345666663")],
            [Element(ai: -1, value: "1")], [Element(ai: 415, value: "4012345000054")],
        ]
        for elements in wrong {
            #expect(Identifier(elements: elements, form: .urn(companyPrefixLength: 7)) == nil)
            #expect(Identifier(elements: elements, form: .digitalLink(stem: "https://a")) == nil)
        }
        for stem in [
            "", "https://", "https:///a", "a", "ftp://a", "https://a?", "https://a#", "https://a b", "https://ü",
        ] {
            #expect(Identifier(elements: [gtin], form: .digitalLink(stem: stem)) == nil)
        }
        // The prefix of an asset number must be digits.
        #expect(Identifier(elements: [Element(ai: 8004, value: "40A2345X")], form: .urn(companyPrefixLength: 6)) == nil)
        #expect(Identifier(elements: [Element(ai: 8004, value: "401234")], form: .urn(companyPrefixLength: 6)) == nil)
    }
}

/// Random well-formed keys of all kinds.
private enum Keys {
    static func random(_ random: inout SeededGenerator) -> [Element] {
        func text(_ most: Int, _ alphabet: [Character] = Array("0019!\"%&'()*+,-./:;<=>?AZ_az")) -> String {
            String(
                (0..<Int.random(in: 1...most, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "0"
                }
            )
        }
        func digits(_ count: Int) -> String {
            (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
        }
        func checked(_ digits: String) -> String {
            digits + (CheckDigit.mod10(digits.utf8).map { String(UnicodeScalar($0)) } ?? "")
        }
        func some(_ ai: Int, _ value: String) -> [Element] {
            Bool.random(using: &random) ? [Element(ai: ai, value: value)] : []
        }
        func serial(_ value: String) -> String { Bool.random(using: &random) ? value : "" }

        switch Int.random(in: 0..<16, using: &random) {
        case 0: return [Element(ai: 0, value: checked(digits(17)))]
        case 1:
            return [Element(ai: 1, value: checked(digits(13)))] + some(22, text(20)) + some(10, text(20))
                + some(21, text(20))
        case 2: return [Element(ai: 1, value: checked(digits(13))), Element(ai: 235, value: text(28))]
        case 3: return [Element(ai: 253, value: checked(digits(12)) + serial(text(17)))]
        case 4: return [Element(ai: 255, value: checked(digits(12)) + serial(text(12, Array("0123456789"))))]
        case 5: return [Element(ai: 401, value: digits(12) + text(18))]
        case 6: return [Element(ai: 402, value: checked(digits(16)))]
        case 7: return [Element(ai: 414, value: checked(digits(12)))] + some(254, text(20))
        case 8: return [Element(ai: 417, value: checked(digits(12)))]
        case 9: return [Element(ai: 8003, value: "0" + checked(digits(12)) + serial(text(16)))]
        case 10: return [Element(ai: 8004, value: digits(12) + text(18))]
        case 11:
            return [Element(ai: 8006, value: checked(digits(13)) + digits(4))] + some(10, text(20)) + some(21, text(20))
        case 12:
            return [Element(ai: 8010, value: digits(12) + text(18, Array("#-/09AZ")))]
                + some(8011, text(12, Array("019")))
        case 13:
            let model = digits(5) + text(18)
            guard let pair = CheckDigit.mod1021(model.utf8) else { return [] }
            return [Element(ai: 8013, value: model + String(decoding: [pair.0, pair.1], as: UTF8.self))]
        case 14: return [Element(ai: 8017, value: checked(digits(17)))] + some(8019, text(10, Array("0123456789")))
        default: return [Element(ai: 8018, value: checked(digits(17)))]
        }
    }

    static func haveURN(_ elements: [Element]) -> Bool {
        guard elements.count < 3, let key = elements.first, key.ai != 8013 else { return false }
        guard let qualifier = elements.dropFirst().first else { return true }
        switch (key.ai, qualifier.ai) {
        case (1, 22), (8006, 10), (8017, 8019): return false
        case (414, 254): return qualifier.value != "0"
        default: return true
        }
    }
}
