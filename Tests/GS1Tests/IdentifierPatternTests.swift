import GS1
import Testing

/// Patterns of EPC TDS section 8, and what the keys that they stand for begin with.
@Suite struct IdentifierPatternTests {
    @Test func aPatternSaysWhatAKeyBeginsWith() throws {
        for (text, key, start, instance) in [
            ("urn:epc:idpat:sgtin:9506000.013435.*", 1, "9506000134350", IdentifierPattern.Instance.qualifier(21)),
            ("urn:epc:idpat:sgtin:9506000.*.*", 1, "9506000", .qualifier(21)),
            ("urn:epc:idpat:sgtin:*.*.*", 1, "", .qualifier(21)),
            ("urn:epc:idpat:sscc:9521102.*", 0, "9521102", .key),
            ("urn:epc:idpat:sgln:9521101.00010.*", 414, "952110100010", .qualifier(254)),
            ("urn:epc:idpat:grai:9521102.00071.*", 8003, "0952110200071", .appended),
            ("urn:epc:idpat:gdti:9521102.*.*", 253, "9521102", .appended),
            ("urn:epc:idpat:giai:9521101.*", 8004, "9521101", .key),
            ("urn:epc:idpat:itip:9521141.012345.04.*.*", 8006, "9521141123450404", .qualifier(21)),
            ("urn:epc:idpat:cpi:9521141.A%2FB.*", 8010, "9521141A/B", .qualifier(8011)),
            ("urn:epc:idpat:upui:9521141.089456.*", 1, "9521141894560", .qualifier(235)),
        ] {
            let pattern = try #require(IdentifierPattern(text), "\(text)")
            #expect((pattern.key, pattern.start) == (key, start), "\(text)")
            #expect(pattern.instance == instance, "\(text)")
        }
    }

    @Test func theStartIsThatOfEveryIdentifierItStandsFor() throws {
        for (text, pattern) in [
            ("urn:epc:id:sgtin:9506000.713435.A", "urn:epc:idpat:sgtin:9506000.713435.*"),
            ("urn:epc:id:sgtin:950600013435.7.A", "urn:epc:idpat:sgtin:950600013435.7.*"),
            ("urn:epc:id:sscc:952110.29000000001", "urn:epc:idpat:sscc:952110.*"),
            ("urn:epc:id:sgln:952110100010..D", "urn:epc:idpat:sgln:952110100010..*"),
            ("urn:epc:id:grai:9521102.00071.5", "urn:epc:idpat:grai:9521102.*.*"),
            ("urn:epc:id:itip:9521141.712345.04.08.X", "urn:epc:idpat:itip:9521141.712345.04.08.*"),
            ("urn:epc:id:gsrn:9521141.1234567890", "urn:epc:idpat:gsrn:9521141.*"),
        ] {
            let key = try #require(Identifier(text).elements.first, "\(text)")
            let start = try #require(IdentifierPattern(pattern), "\(pattern)").start
            #expect(key.companyPrefixFirst.hasPrefix(start), "\(key.companyPrefixFirst) and \(start)")
            #expect(!start.isEmpty)
        }
        #expect(Element(ai: 1, value: "09506000134352").companyPrefixFirst == "95060001343502")
        #expect(Element(ai: 0, value: "395211020000260816").companyPrefixFirst == "952110200002608136")
        #expect(Element(ai: 414, value: "9521101000108").companyPrefixFirst == "9521101000108")
        #expect(Element(ai: 1, value: "1").companyPrefixFirst == "1")
    }

    @Test func whatIsNoPatternIsNone() {
        for text in [
            "", "urn:epc:id:sgtin:9506000.013435.A", "urn:epc:idpat:sgtin:9506000.013435.A",
            "urn:epc:idpat:sgtin:9506000.*",
            "urn:epc:idpat:sgtin:9506000.*.*.*", "urn:epc:idpat:sgtin:*.013435.*", "urn:epc:idpat:sgtin:9506000.*.1",
            "urn:epc:idpat:sgtin:95060.00013435.*", "urn:epc:idpat:sgtin:9506000.01343.*",
            "urn:epc:idpat:sgtin:950600x.013435.*",
            "urn:epc:idpat:sgtin:9506000..*", "urn:epc:idpat:lgtin:9506000.013435.*", "urn:epc:idpat:nosuch:*.*",
            "urn:epc:idpat:sgtin", "urn:epc:idpat:", "urn:epc:idpat:itip:9521141.012345.4.*.*",
            "URN:EPC:IDPAT:SGTIN:*.*.*",
            "urn:epc:idpat:cpi:9521141.A%2.*", "urn:epc:idpat:cpi:9521141..*",
        ] {
            #expect(IdentifierPattern(text) == nil, "\(text)")
        }
    }
}
