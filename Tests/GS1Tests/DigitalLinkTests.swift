import GS1
import Testing

@Suite struct DigitalLinkTests {
    @Test func aLinkHasPathAttributesAndMore() throws {
        let link = try DigitalLink(
            parsing: "https://brand.example/p/01/09506000134352/10/L1?linkType=gs1:pip&17=261231&3103=000195#top"
        )
        #expect(link.stem == "https://brand.example/p")
        #expect(link.path == [Element(ai: 1, value: "09506000134352"), Element(ai: 10, value: "L1")])
        #expect(link.attributes == [Element(ai: 17, value: "261231"), Element(ai: 3103, value: "000195")])
        #expect(link.parameters == [.init(name: "linkType", value: "gs1:pip")])
        #expect(link.fragment == "top")
        #expect(link.canonical == "https://id.gs1.org/01/09506000134352/10/L1?17=261231&3103=000195")
        #expect(link.identifier?.text == "https://brand.example/p/01/09506000134352/10/L1")
    }

    @Test func elementsBecomeALink() throws {
        let elements = try ElementString(bracketed: "(17)261231(21)A/B(01)09506000134352").elements
        #expect(try DigitalLink(elements).text == "https://id.gs1.org/01/09506000134352/21/A%2FB?17=261231")
        #expect(
            try DigitalLink(elements, stem: "https://a.b/", parameters: [.init(name: "k", value: "v")]).text
                == "https://a.b/01/09506000134352/21/A%2FB?17=261231&k=v"
        )
    }

    @Test func whatTheSyntaxHasNoMoreIsReadWhereAllowed() throws {
        let old = "https://id.gs1.org/gtin/9506000134352/ser/A"
        #expect(throws: GS1Error.self) { try DigitalLink(parsing: old) }
        let link = try DigitalLink(parsing: old, allowing: [.shortNames, .shortGTINs])
        #expect(link.text == "https://id.gs1.org/01/09506000134352/21/A")
    }

    @Test(arguments: [
        ("ftp://a/01/09506000134352", GS1Error.Code.uriScheme, 0), ("https://a b/01/09506000134352", .uriHost, 9),
        ("https://a", .uriHost, 9), ("https://a/x", .noPrimaryKey, 9),
        ("https://a/01/09506000134352/21/A B", .uriCharacter, 32),
        ("https://a/01/09506000134351", .incorrectCheckDigit, 26),
        ("https://a/01/09506000134352/21/A%2", .wrongEscape, 31),
        ("https://a/01/09506000134352/21/A/10/B", .qualifierOrder, 10),
        ("https://a/01/09506000134352?17=261301", .illegalMonth, 33),
        ("https://a/01/09506000134352?21=A", .belongsInPath, 28),
        ("https://a/01/09506000134352?254=A", .notAnAttribute, 28),
        ("https://a/01/09506000134352?17=261231&17=261231", .repeatedAI, 38),
        ("https://a/01/09506000134352?89=1", .unknownAI, 28),
        ("https://a/01/09506000134352?17=", .emptyValue, 31), ("https://a/01/09506000134352/21/", .emptyValue, 31),
    ])
    func wrongLinks(text: String, code: GS1Error.Code, position: Int) {
        let error = #expect(throws: GS1Error.self) { try DigitalLink(parsing: text) }
        #expect(error?.code == code && error?.position == position, "\(text): \(String(describing: error))")
    }

    @Test func wrongElementsMakeNoLink() throws {
        let gtin = Element(ai: 1, value: "09506000134352")
        for elements in [
            [], [Element(ai: 10, value: "A")], [gtin, Element(ai: 1, value: "09506000134369")],
            [gtin, Element(ai: 254, value: "A")],
            [Element(ai: 1, value: "1")], [gtin, Element(ai: 89, value: "A")],
        ] {
            #expect(throws: GS1Error.self) { try DigitalLink(elements) }
        }
        for stem in ["", "https://", "ftp://a", "https://a?", "https://a b"] {
            #expect(throws: GS1Error.self) { try DigitalLink([gtin], stem: stem) }
        }
        for parameter in [("10", "A"), ("a&b", nil), ("a=b", nil), ("", nil), ("a b", "c"), ("a", "b#")]
            as [(String, String?)]
        {
            #expect(throws: GS1Error.self) {
                try DigitalLink([gtin], parameters: [.init(name: parameter.0, value: parameter.1)])
            }
        }
        #expect(throws: GS1Error.self) { try DigitalLink([gtin], fragment: "a#b") }
    }
}

@Suite struct ScanDataTests {
    @Test func aScannerSaysWhatItRead() throws {
        let pallet = try ScanData("]C100340123451111111111")
        #expect(pallet.symbology == .gs1_128 && pallet.elements == [Element(ai: 0, value: "340123451111111111")])
        let pack = try ScanData("]d2010950600013435210ABC\u{1D}17261231")
        #expect(pack.elements.map(\.ai) == [1, 10, 17])
        #expect(try ScanData("]E09506000134352").elements == [Element(ai: 1, value: "09506000134352")])
        #expect(try ScanData("]I119506000134359").elements == [Element(ai: 1, value: "19506000134359")])
        #expect(try ScanData("]E402345673").elements == [Element(ai: 1, value: "00000002345673")])
        #expect(try ScanData("]Q1https://id.gs1.org/01/09506000134352?17=261231").elements.map(\.ai) == [1, 17])
        #expect(try ScanData("]C011010820260101000001").content == .text("11010820260101000001"))
    }

    @Test func aScannerThatDoesNotSayIsUnderstoodWhereOneReadingIsRight() throws {
        #expect(try ScanData("010950600013435210ABC").elements.map(\.ai) == [1, 10])
        #expect(try ScanData("6901234567892").elements == [Element(ai: 1, value: "06901234567892")])
        #expect(try ScanData("https://id.gs1.org/01/09506000134352").elements.map(\.ai) == [1])
        let error = #expect(throws: GS1Error.self) { try ScanData("17251234") }
        #expect(error?.code == .illegalMonth || error?.code == .illegalDay)
        // (17) 4 December 2025 and an EAN-8 alike.
        let both = #expect(throws: GS1Error.self) { try ScanData("17251204") }
        #expect(both?.code == .ambiguousScan)
        #expect(try ScanData("17251204", takingDigitsAsGTIN: true).elements.map(\.ai) == [1])
    }

    @Test func aWrongScanSaysWhere() {
        let error = #expect(throws: GS1Error.self) { try ScanData("]C1010950600013435110ABC") }
        #expect(error?.code == .incorrectCheckDigit && error?.position == 18)
    }
}
