import GS1
import Testing

@Suite struct EPCBinaryTests {
    @Test func aTagOfAShopItem() throws {
        let tag = try EPCBinary(hexadecimal: "3066C4409047E140075BCD15")
        #expect(tag.scheme == .sgtin96)
        #expect(tag.filter == 3)
        #expect(tag.companyPrefixLength == 11)
        #expect(tag.elements == [Element(ai: 1, value: "09506000134352"), Element(ai: 21, value: "123456789")])
        #expect(tag.identifier?.text == "urn:epc:id:sgtin:95060001343.05.123456789")
        #expect(tag.digitalLink() == "https://id.gs1.org/01/09506000134352/21/123456789")
        #expect(tag.hexadecimal() == "3066C4409047E140075BCD15")

        let item = Identifier("urn:epc:id:sgtin:95060001343.05.123456789")
        #expect(try EPCBinary(item, scheme: .sgtin96, filter: 3) == tag)
        // A Digital Link does not tell the length of the company prefix: it comes from the issuer's enrolment.
        let link = Identifier("https://id.gs1.org/01/09506000134352/21/123456789")
        #expect(try EPCBinary(link, scheme: .sgtin96, filter: 3, companyPrefixLength: 11) == tag)
        #expect(throws: EPCBinaryError.self) { try EPCBinary(link, scheme: .sgtin96, filter: 3) }
        #expect(throws: EPCBinaryError.self) { try EPCBinary(item, scheme: .sgtin96, companyPrefixLength: 8) }
    }

    @Test func aPlusSchemeCarriesDateDataAndHostname() throws {
        let link = Identifier("https://example.com/01/09506000134352/10/L%2F1/21/S1?17=261231&3103=001250")
        let tag = try EPCBinary(link, scheme: .dsgtinPlusPlus, filter: 1)
        #expect(tag.elements.map(\.ai) == [1, 21, 17])
        #expect(tag.data == [Element(ai: 10, value: "L/1"), Element(ai: 3103, value: "001250")])
        #expect(tag.hostname == "example.com")
        #expect(tag.digitalLink() == link.text)
        #expect(
            tag.digitalLink(stem: "https://a.b/c")
                == "https://a.b/c/01/09506000134352/10/L%2F1/21/S1?17=261231&3103=001250"
        )
        #expect(tag.identifier?.text == "https://example.com/01/09506000134352/21/S1")
        #expect(try EPCBinary(hexadecimal: tag.hexadecimal()) == tag)
        #expect(try EPCBinary(bytes: tag.bytes()) == tag)
        #expect(try EPCBinary(bytes: tag.bytes(alignedTo: .byte)) == tag)
    }

    @Test func compressionGoesBothWays() throws {
        let link = "https://example.com/01/09528765123457/21/123456789123"
        for compressed in ["https://example.com/eh30164596f40c0e5cbe991a83", "https://example.com/exMBZFlvQMDly-mRqD"] {
            #expect(try EPCBinary.expand(compressed) == link)
        }
        let tag = try EPCBinary(Identifier(link), scheme: .sgtin96, companyPrefixLength: 7)
        #expect(tag.compressed() == "exMBZFlvQMDly-mRqD")
        #expect(tag.compressed(.hexadecimal) == "eh30164596f40c0e5cbe991a83")
        #expect(tag.compressedDigitalLink(stem: "https://example.com") == "https://example.com/exMBZFlvQMDly-mRqD")
        #expect(
            try EPCBinary.expand("https://e.com/a/exMBZFlvQMDly-mRqD?linkType=all#f")
                == "https://e.com/a/01/09528765123457/21/123456789123?linkType=all#f"
        )
        let dated = try EPCBinary(
            Identifier("https://e.com/01/09528765123457/21/1?17=261231"),
            scheme: .dsgtinPlus,
            filter: 0
        )
        let short = try #require(dated.compressedDigitalLink(stem: "https://e.com"))
        #expect(
            try EPCBinary.expand(short + "?linkType=all")
                == "https://e.com/01/09528765123457/21/1?17=261231&linkType=all"
        )
    }

    @Test func aGeneralIdentifierHasNoKey() throws {
        let tag = try EPCBinary(.init(manager: 952_056, objectClass: 2718, serial: 1414))
        #expect(tag.hexadecimal() == "3500E86F8000A9E000000586")
        #expect(tag.identifier?.text == "urn:epc:id:gid:952056.2718.1414")
        #expect(try EPCBinary(Identifier("urn:epc:id:gid:952056.2718.1414"), scheme: .gid96) == tag)
        #expect(tag.digitalLink() == nil)
        #expect(tag.compressedDigitalLink(stem: "https://a.b") == nil)
        for text in [
            "", "urn:epc:id:gid:1.2", "urn:epc:id:gid:1.2.3.4", "urn:epc:id:gid:01.2.3", "urn:epc:id:gid:1.2.",
            "urn:epc:id:gid:1.2.99999999999", "urn:epc:id:gid:268435456.2.3", "urn:epc:id:gid:1..3",
        ] {
            #expect(throws: EPCBinaryError.self, "\(text)") { try EPCBinary(Identifier(text), scheme: .gid96) }
        }
    }

    @Test func aLocationWithoutExtensionIsWrittenWithZero() throws {
        let place = [Element(ai: 414, value: "9521141123454")]
        let classic = try EPCBinary(scheme: .sgln96, elements: place, companyPrefixLength: 7)
        #expect(classic.hexadecimal() == "3216451FD460720000000000")
        let plus = try EPCBinary(scheme: .sglnPlus, elements: place)
        for tag in [classic, plus, try EPCBinary(scheme: .sgln195, elements: place, companyPrefixLength: 7)] {
            #expect(tag.elements == place)
            #expect(try EPCBinary(hexadecimal: tag.hexadecimal()) == tag)
        }
        let zero = place + [Element(ai: 254, value: "0")]
        #expect(throws: EPCBinaryError.self) { try EPCBinary(scheme: .sglnPlus, elements: zero) }
    }

    @Test func everySchemeHasItsName() {
        for scheme in EPCBinary.Scheme.allCases { #expect(EPCBinary.Scheme(name: scheme.name) == scheme) }
        #expect(EPCBinary.Scheme.allCases.count == 44)
        #expect(EPCBinary.Scheme(name: "sgtin-96") == nil)
        #expect(EPCBinary.Scheme.ssccPlusPlus.rawValue == 0xEF)
        #expect(EPCBinary.Scheme.itipPlusPlus.rawValue == 0xED)
        #expect(EPCBinary.Scheme.sgtinPlusPlus.rawValue == 0xFD)
        #expect(EPCBinary.Scheme.itip212.rawValue == 0x41)
        #expect(EPCBinary.Scheme.gdti113.rawValue == 0x3A)
    }

    @Test(
        arguments: [
            // Text, the bit of the problem, a word of the reason.
            ("", 0, "header"), ("3", 0, "header"), ("3G", 4, "hexadecimal"),
            ("000000000000000000000000", 0, "programmed"),
            ("2F0000000000000000000000", 0, "USDOD"), ("E20000000000000000000000", 0, "TID"),
            ("FE0000000000000000000000", 0, "reserved"), ("3B00", 0, "ADI"),
            ("3016", 14, "company prefix"), ("307EC4409047E140075BCD15", 11, "partition"),
            // The company prefix of partition 5 has seven digits.
            ("3076FFFFFF47E140075BCD15", 14, "digits"), ("3066C440907FFFC0075BCD15", 51, "digits"),
            // Two bytes of zeros behind a whole EPC are a word too many, any 1 is one too many.
            ("3066C4409047E140075BCD150000", 96, "zeros"), ("3066C4409047E140075BCD150001", 111, "neither"),
            ("3066C4409047E140075BCD15000", 96, "zeros"),
            // SSCC-96: 24 zeros behind the key.
            ("311BA1B300CE0A6A83000001", 72, "reserved field"),
            // A wrong check digit of a GTIN in SGTIN+, four bits that are no digit, a reserved encoding indicator.
            ("F73795211411234528566CB0AFC4", 12, "check digit"), ("F737952114112345A8566CB0AFC4", 64, "digit"),
            ("F7379521141123453C566CB0AFC4", 68, "reserved"),
        ] as [(String, Int, String)]
    )
    func isRefused(text: String, bit: Int, word: String) {
        do throws(EPCBinaryError) {
            let tag = try EPCBinary(hexadecimal: text)
            Issue.record("\(text) is \(tag.elements)")
        } catch {
            #expect(error.bit == bit, "\(error)")
            #expect(error.reason.contains(word), "\(error)")
        }
    }

    @Test func valuesThatASchemeCannotHoldAreNotWritten() {
        let gtin = Element(ai: 1, value: "09506000134352")
        func serial(_ value: String) -> [Element] { [gtin, Element(ai: 21, value: value)] }
        let wrong: [(EPCBinary.Scheme, [Element], Int?, String?, [Element])] = [
            (.sgtin96, serial("007"), 7, nil, []), (.sgtin96, serial("274877906944"), 7, nil, []),
            (.sgtin96, serial("A"), 7, nil, []), (.sgtin96, serial("1"), nil, nil, []),
            (.sgtin96, serial("1"), 5, nil, []),
            (.sgtin96, serial("1"), 13, nil, []), (.sgtin96, [gtin], 7, nil, []), (.sgtin96, [], 7, nil, []),
            (.sgtin96, serial("1"), 7, "a.b", []), (.sgtin96, serial("1"), 7, nil, [Element(ai: 10, value: "A")]),
            (.sgtinPlus, serial("1"), 7, nil, []), (.sgtinPlus, serial(""), nil, nil, []),
            (.sgtinPlus, serial("1"), nil, nil, [Element(ai: 21, value: "1")]),
            (.sgtinPlus, serial("1"), nil, nil, [Element(ai: 17, value: "260230")]),
            (.sgtinPlus, serial("1"), nil, nil, [Element(ai: 9999, value: "1")]),
            (.sgtinPlusPlus, serial("1"), nil, nil, []), (.sgtinPlusPlus, serial("1"), nil, "", []),
            (.sgtinPlusPlus, serial("1"), nil, "a:80", []), (.sgtinPlusPlus, serial("1"), nil, "ü", []),
            (.dsgtinPlus, serial("1"), nil, nil, []),
            (.dsgtinPlus, serial("1") + [Element(ai: 12, value: "260101")], nil, nil, []),
            (.graiPlus, [Element(ai: 8003, value: "09521141123454")], nil, nil, []),
            (.gid96, serial("1"), nil, nil, []),
        ]
        for (scheme, elements, length, hostname, data) in wrong {
            #expect(throws: EPCBinaryError.self, "\(scheme) \(elements)") {
                try EPCBinary(
                    scheme: scheme,
                    elements: elements,
                    companyPrefixLength: length,
                    hostname: hostname,
                    data: data
                )
            }
        }
        #expect(throws: EPCBinaryError.self) { try EPCBinary(scheme: .sgtinPlus, elements: serial("1"), filter: 8) }
        for link in [
            "https://a.b/01/09506000134352/21/1?linkType=all", "https://a.b/c/01/09506000134352/21/1",
            "http://a.b/01/09506000134352/21/1", "urn:x",
        ] {
            #expect(throws: EPCBinaryError.self, "\(link)") { try EPCBinary(Identifier(link), scheme: .sgtinPlusPlus) }
        }
    }
}
