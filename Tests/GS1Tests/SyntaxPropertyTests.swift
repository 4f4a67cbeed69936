import TestSupport
import Testing

@testable import GS1

@Suite struct SyntaxPropertyTests {
    @Test func everyApplicationIdentifierHasRightValuesInEverySpelling() {
        forAll(10) { random in
            for ai in ValueGenerator.all {
                let element = ValueGenerator.element(ai, &random)
                do throws(GS1Error) { try element.check() } catch { throw Falsified("\(element): \(error)") }
                let string = ElementString(unchecked: [element])
                try check(try ElementString(bracketed: string.text) == string, string.text)
                try check(try ElementString(unbracketed: string.unbracketed) == string, string.text)
                try check(ElementString(string.text) == string, string.text)
            }
        }
    }

    @Test func elementSetsSurviveEverySpelling() {
        forAll(2000) { random in
            let string = ElementString(unchecked: ValueGenerator.elements(&random))
            try check(try ElementString(bracketed: string.text) == string, string.text)
            try check(try ElementString(unbracketed: string.unbracketed) == string, string.text)
            for error in string.associationErrors {
                try check(error.position < string.text.utf8.count && !error.reason.isEmpty, string.text)
            }
        }
    }

    @Test func digitalLinksSurviveTheirText() {
        forAll(1500) { random in
            let link = try ValueGenerator.link(&random)
            try check(try DigitalLink(parsing: link.text) == link, link.text)
            let canonical = try DigitalLink(parsing: link.canonical)
            try check(canonical.path == link.path && canonical.canonical == link.canonical, link.canonical)
            try check(Set(canonical.elements) == Set(link.elements), link.canonical)
            try check(try DigitalLink(link.elements, stem: link.stem).path == link.path, link.text)
            if let identifier = link.identifier {
                try check(Identifier(identifier.text).elements == link.path, identifier.text)
                try check(Identifier(link.text).elements == link.path, link.text)
            } else {
                try check(link.path.first?.ai == 415 || link.path.first?.ai == 8013, link.text)
            }
        }
    }

    @Test func scansSurviveTheirTransmission() {
        let symbologies: [SymbologyIdentifier?] = [
            .gs1_128, .gs1DataBar, .gs1DataMatrix, .gs1QRCode, .gs1DotCode, .ean13, .ean8, .itf14, .qrCode, .dataMatrix,
            .dotCode, nil,
        ]
        forAll(3000) { random in
            let symbology = symbologies.randomElement(using: &random) ?? nil
            let content: ScanData.Content
            switch symbology?.carriage {
            case .text:
                content =
                    Bool.random(using: &random)
                    ? .digitalLink(try ValueGenerator.link(&random))
                    : .text(ValueGenerator.text(9, "^|(01]é中\u{1D}", &random))
            case .gtin(let digits):
                let body = ValueGenerator.text(digits - 1, "0123456789", &random)
                let gtin = body + String(UnicodeScalar(CheckDigit.mod10(body.utf8) ?? 0))
                let key = Element(ai: 1, value: String(repeating: "0", count: 14 - digits) + gtin)
                let isAlone = digits == 14 || Bool.random(using: &random)
                let rest = isAlone ? [] : ValueGenerator.elements(&random).filter { $0.ai != 1 }
                // A composite component, which an ITF-14 has not, has no `|`, which stands in no value.
                content = .elements(ElementString(unchecked: [key] + rest))
            default: content = .elements(ElementString(unchecked: ValueGenerator.elements(&random)))
            }
            let scan: ScanData
            do throws(GS1Error) { scan = try ScanData(content, in: symbology) } catch {
                // Short elements may look like a GTIN to a scanner that does not say what it read.
                try check(symbology == nil && error.code == .ambiguousScan, "\(content) \(error)")
                return
            }
            try check(try ScanData(scan.transmission) == scan, scan.transmission)
        }
    }

    @Test func contentThatASymbolDoesNotCarryIsRefused() throws {
        let gtin = ElementString(unchecked: [Element(ai: 1, value: "19506000134359")])
        #expect(throws: GS1Error.self) { try ScanData(.elements(gtin), in: .ean13) }
        #expect(throws: GS1Error.self) { try ScanData(.elements(gtin), in: .qrCode) }
        #expect(throws: GS1Error.self) { try ScanData(.text("PLAIN"), in: .gs1QRCode) }
        #expect(throws: GS1Error.self) { try ScanData(.text("https://example.com/x"), in: .qrCode) }
        #expect(throws: GS1Error.self) { try ScanData(.text("PLAIN"), in: nil) }
    }

    @Test func mutationsNeverTrapAndErrorsStayInTheText() {
        let alphabet = Array("0123456789()\\%/?#&=|]^{ +éCeQ13E\u{1D}\u{0}".utf8)
        forAll(3000) { random in
            let string = ElementString(unchecked: ValueGenerator.elements(&random))
            let texts = [
                string.text, string.unbracketed, try ValueGenerator.link(&random).text, "]C1" + string.unbracketed,
                "]E09506000134352|]e0" + string.unbracketed,
            ]
            var bytes = Array((texts.randomElement(using: &random) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                let byte = alphabet.randomElement(using: &random) ?? 0
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = byte
                case 1: bytes.insert(byte, at: place)
                case 2: bytes.remove(at: place)
                default: bytes.removeSubrange(place...)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            try attempt(text) { text throws(GS1Error) in
                let read = try ElementString(bracketed: text)
                return (try ElementString(bracketed: read.text)) == read && read.text.hasSameUTF8(as: text)
            }
            try attempt(text) { text throws(GS1Error) in
                let read = try ElementString(unbracketed: text)
                return (try ElementString(unbracketed: read.unbracketed)) == read
            }
            try attempt(text) { text throws(GS1Error) in
                let read = try DigitalLink(parsing: text, allowing: [.shortGTINs, .shortNames, .unknownAttributes])
                return (try DigitalLink(parsing: read.text, allowing: .unknownAttributes)) == read
            }
            try attempt(text) { text throws(GS1Error) in
                let read = try ScanData(text)
                return (try ScanData(read.transmission)) == read
            }
            try check(Identifier(text).text == text, text)
        }
    }

    private func attempt(_ text: String, _ body: (String) throws(GS1Error) -> Bool) throws {
        var isStable = true
        do throws(GS1Error) { isStable = try body(text) } catch {
            try check(error.position >= 0 && error.length >= 0, "\(error.code) in \(text)")
            try check(error.position + error.length <= text.utf8.count, "\(error.code) in \(text)")
        }
        try check(isStable, text)
    }

    @Test(arguments: [
        // A meat market's 20-digit code, Ecode, a Handle of the industrial internet, an OID, a social credit code, Chinese.
        "11010820260101000001", "E=2010123456789012345678", "88.101.5/1234567", "https://88.cn/88.101.5/1234567",
        "urn:oid:1.2.156.3088", "91500000MA5U123456", "批次 2026", "", " ", "]", "(", "urn:epc:", "https://", "\u{0}",
    ])
    func whatIsNotGS1StaysOther(text: String) {
        let identifier = Identifier(text)
        #expect(identifier.text == text && identifier.elements.isEmpty && identifier.form == .verbatim)
        #expect(identifier.elementString == nil && identifier.classElements.isEmpty)
        #expect((try? ElementString(bracketed: text)) == nil)
        #expect((try? DigitalLink(parsing: text)) == nil)
    }

    @Test func anyTextMayBeAnIdentifier() {
        forAll(5000) { random in
            let text = ValueGenerator.text(
                Int.random(in: 0...60, using: &random),
                "0123456789./:%()urnepcidhts批\u{0}\u{1D}",
                &random
            )
            let identifier = Identifier(text)
            try check(identifier.text == text, text)
            _ = identifier.elementString(classLevel: true)
            _ = try? ScanData(text)
        }
    }
}
