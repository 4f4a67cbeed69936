import Testing

@testable import GS1

/// What the public rows of TDS 2.3 annex E.3 do not show: the other schemes of the same examples, and the limits of each field.
@Suite struct EPCBinaryVariationTests {
    @Test(arguments: [
        (
            "urn:epc:id:sgtin:9521141.012345.32a%2Fb", "SGTIN-198",
            "3676451FD40C0E59B2C2BF100000000000000000000000000000"
        ),
        ("urn:epc:id:gsrn:9521141.1234567890", "GSRN-96", "2D76451FD4499602D2000000"),
        ("urn:epc:id:gsrnp:9521141.1234567890", "GSRNP-96", "2E76451FD4499602D2000000"),
        ("urn:epc:id:sgcn:9521141.67890.04711", "SGCN-96", "3F76451FD612640000019907"),
        ("urn:epc:id:cpi:9521141.98765.12345", "CPI-96", "3C76451FD400C0E680003039"),
        ("urn:epc:id:itip:9521141.012345.01.02.981", "ITIP-110", "4076451FD40C0E40820000000F54"),
        (
            "urn:epc:id:itip:9521141.012345.01.02.mw133", "ITIP-212",
            "4176451FD40C0E4082DBDD8B36600000000000000000000000000000"
        ),
        ("urn:epc:id:gdti:9521141.12345.006847", "GDTI-113", "3A76451FD460720000000007AE7F8000"),
    ])
    func partitioned(urn: String, scheme: String, hexadecimal: String) throws {
        let scheme = try #require(EPCBinary.Scheme(name: scheme))
        let tag = try EPCBinary(Identifier(urn), scheme: scheme, filter: 3)
        #expect(tag.hexadecimal() == hexadecimal)
        let read = try EPCBinary(hexadecimal: hexadecimal)
        #expect(read == tag && read.filter == 3 && read.identifier?.text == urn && read.companyPrefixLength == 7)
    }

    @Test(arguments: [
        ("https://id.example.com/8018/952114112345678906", "GSRN++", "E7395211411234567890692832F8C3B786CCB6C0"),
        ("https://id.gs1.org/8017/952114112345678906", "GSRNP+", "F53952114112345678906000"),
        (
            "https://id.example.com/01/79521141123453/21/32a%2Fb", "SGTIN++",
            "FD3795211411234538566CB0AFC525065F1876F0D996D800"
        ),
        ("https://id.example.com/00/095201234567891235", "SSCC++", "EF309520123456789123592832F8C3B786CCB6C0"),
        ("https://id.gs1.org/8003/0952114112345432a%2Fb", "GRAI+", "F13095211411234548566CB0AFC4"),
        ("https://id.example.com/253/95211411234545678", "GDTI++", "EA395211411234540458BA4A0CBE30EDE1B32DB0"),
        ("https://id.example.com/255/952114167890904711", "SGCN++", "EC3952114167890950933C94197C61DBC3665B60"),
        ("https://id.gs1.org/8010/95211415PQ7%2FZ43/8011/12345", "CPI+", "F0395211415E87A145BAFB4D19A8C0E4"),
        (
            "https://id.example.com/8006/095211411234540102/21/rif981", "ITIP++",
            "ED309521141123454010266AE27FDF3592832F8C3B786CCB6C00"
        ),
    ])
    func plus(link: String, scheme: String, hexadecimal: String) throws {
        let scheme = try #require(EPCBinary.Scheme(name: scheme))
        let tag = try EPCBinary(Identifier(link), scheme: scheme, filter: 3)
        #expect(tag.hexadecimal() == hexadecimal)
        let read = try EPCBinary(hexadecimal: hexadecimal)
        #expect(read == tag && read.filter == 3 && read.digitalLink() == link)
    }

    @Test(arguments: [
        // The largest that fits, and what is one more or one longer.
        ("SGTIN-96", "urn:epc:id:sgtin:9521141.012345.274877906943", "urn:epc:id:sgtin:9521141.012345.274877906944"),
        ("SGTIN-96", "urn:epc:id:sgtin:9521141.012345.0", "urn:epc:id:sgtin:9521141.012345.01"),
        ("SGTIN-96", "urn:epc:id:sgtin:952114112345.9.1", "urn:epc:id:sgtin:952114112345.9.A"),
        ("SGTIN-198", "urn:epc:id:sgtin:952114.1234567.12345678901234567890", nil),
        ("SGLN-96", "urn:epc:id:sgln:952114112345..2199023255551", "urn:epc:id:sgln:952114112345..2199023255552"),
        ("SGLN-195", "urn:epc:id:sgln:9521141.12345.%25%25%25%25%25%25%25%25%25%25%25%25%25%25%25%25%25%25%25%25", nil),
        ("GRAI-96", "urn:epc:id:grai:9521141.12345.274877906943", "urn:epc:id:grai:9521141.12345.274877906944"),
        ("GRAI-170", "urn:epc:id:grai:9521141.12345.1234567890123456", nil),
        ("GIAI-96", "urn:epc:id:giai:952114.4611686018427387903", "urn:epc:id:giai:952114.4611686018427387904"),
        ("GIAI-96", "urn:epc:id:giai:952114112345.4398046511103", "urn:epc:id:giai:952114112345.4398046511104"),
        ("GIAI-202", "urn:epc:id:giai:952114.123456789012345678901234", nil),
        ("GIAI-202", "urn:epc:id:giai:952114112345.a.b.c.d.e.f.g.h.i", nil),
        ("GDTI-96", "urn:epc:id:gdti:9521141.12345.2199023255551", "urn:epc:id:gdti:9521141.12345.2199023255552"),
        ("GDTI-113", "urn:epc:id:gdti:9521141.12345.00000000000000000", "urn:epc:id:gdti:9521141.12345.1A"),
        ("GDTI-174", "urn:epc:id:gdti:9521141.12345.ABCDEFGHIJKLMNOPQ", nil),
        ("SGCN-96", "urn:epc:id:sgcn:9521141.67890.999999999999", nil),
        ("CPI-96", "urn:epc:id:cpi:9521141.99999999.2147483647", "urn:epc:id:cpi:9521141.99999999.2147483648"),
        ("CPI-96", "urn:epc:id:cpi:952114112345.0.0", "urn:epc:id:cpi:952114112345.1000.0"),
        ("CPI-var", "urn:epc:id:cpi:952114.ABCDEFGHIJKLMNOPQR%23-%2F901.999999999999", nil),
        (
            "ITIP-110", "urn:epc:id:itip:9521141.012345.99.99.274877906943",
            "urn:epc:id:itip:9521141.012345.99.99.274877906944"
        ),
        ("ITIP-212", "urn:epc:id:itip:9521141.012345.01.99.ABCDEFGHIJKLMNOPQRST", nil),
        ("SSCC-96", "urn:epc:id:sscc:952114.99999999999", nil), ("SSCC-96", "urn:epc:id:sscc:952114112345.00000", nil),
        ("GSRN-96", "urn:epc:id:gsrn:952114112345.99999", nil),
        ("GSRNP-96", "urn:epc:id:gsrnp:952114.99999999999", nil),
    ])
    func limits(scheme: String, fits: String, doesNot: String?) throws {
        let scheme = try #require(EPCBinary.Scheme(name: scheme))
        for filter in UInt8(0)...7 {
            let tag = try EPCBinary(Identifier(fits), scheme: scheme, filter: filter)
            let read = try EPCBinary(bytes: tag.bytes())
            #expect(read == tag && read.filter == filter && read.identifier?.text == fits)
        }
        if let doesNot {
            #expect(!Identifier(doesNot).elements.isEmpty)
            #expect(throws: EPCBinaryError.self) { try EPCBinary(Identifier(doesNot), scheme: scheme) }
        }
    }

    @Test func everyDateOfADSGTIN() throws {
        for (indicator, ai) in [11, 13, 15, 16, 17, 7006, 7007].enumerated() {
            let link = "https://id.gs1.org/01/09521141123454/21/1?\(ai)=261200"
            let tag = try EPCBinary(Identifier(link), scheme: .dsgtinPlus)
            // Header, data toggle and filter, then the date's indicator and seven, four and five bits: 26, 12, 00.
            #expect(tag.hexadecimal().hasPrefix("FB0\(indicator)3580095211411234540"))
            #expect(try EPCBinary(hexadecimal: tag.hexadecimal()).digitalLink() == link)
        }
        for other in ["12=261231", "7003=2612311200", "7007=261201261231"] {
            let link = Identifier("https://id.gs1.org/01/09521141123454/21/1?\(other)")
            #expect(throws: EPCBinaryError.self) { try EPCBinary(link, scheme: .dsgtinPlus) }
        }
    }
}
