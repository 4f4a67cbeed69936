import EPCIS
import EPCISJSON
import TestSupport
import Testing

/// Every rule by its own examples, the ones that `Docs/Validation.md` prints.
@Suite struct ValidationRuleTests {
    static let now = Timestamp("2026-03-02T00:00:00Z")

    static func problems(_ json: String) throws -> [DocumentProblem] {
        var validator = DocumentValidator(EventValidator(now: now))
        return try validator.validate(json: Array(json.utf8), named: "example").problems
    }

    @Test(arguments: ValidationRule.all.map(\.code))
    func `A rule's examples keep it and break it`(_ code: String) throws {
        let rule = try #require(ValidationRule.all.first { $0.code == code })
        let kept = try Self.problems(rule.passing)
        #expect(kept == [], "the passing example of \(code)")
        let broken = try Self.problems(rule.failing)
        #expect(broken.contains { $0.code == code && $0.severity == rule.severity }, "\(code): \(broken)")
    }

    @Test(arguments: ValidationRule.all.map(\.code))
    func `A rule can be set to error, warning or off by its code`(_ code: String) throws {
        let rule = try #require(ValidationRule.all.first { $0.code == code })
        for severity in [ValidationRule.Severity.error, .warning, nil] {
            var settings = RuleSettings()
            let isKnown = settings.set(code, to: severity)
            #expect(isKnown)
            var validator = DocumentValidator(EventValidator(settings: settings, now: Self.now))
            let found = try validator.validate(json: Array(rule.failing.utf8), named: "x").problems
            #expect(Set(found.filter { $0.code == code }.map(\.severity)) == Set([severity].compactMap { $0 }))
        }
    }

    @Test func `Codes are unique and name their layer`() {
        let codes = ValidationRule.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        for rule in ValidationRule.all {
            #expect(rule.code.hasPrefix("\(rule.layer.name)."))
            #expect(!rule.sentence.hasSuffix(".") && !rule.remedy.hasSuffix(".") && !rule.remedy.isEmpty)
        }
        var settings = RuleSettings()
        let isUnknown = !settings.set("structure.absent", to: nil)
        let isLayer = settings.set("sense", to: nil)
        #expect(isUnknown && isLayer)
    }

    @Test func `A problem has its place, and the nearest term is offered`() throws {
        let json = """
            {"type": "EPCISDocument", "epcisBody": {"eventList": [
              {"type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00+08:00", "eventTimeZoneOffset": "+08:00",
               "action": "OBSERVE", "epcList": ["urn:epc:id:sgtin:9521101.053001.A1"],
               "bizStep": "recieving"},
              {"type": "ObjectEvent", "eventTime": "today"}
            ]}}
            """
        let found = try Self.problems(json)
        #expect(
            found.map(\.description) == [
                "example, event 1, line 4, column 15 (/epcisBody/eventList/0/bizStep): error structure.term-unknown: "
                    + "\"recieving\" is no business step of CBV 2.0; write \"receiving\", or a URI of your own vocabulary",
                "example, event 2, line 5, column 40 (/epcisBody/eventList/1/eventTime): error structure.unreadable: "
                    + "\"eventTime\" is not a time; write date, time and offset such as 2026-03-01T08:00:00.000+08:00 "
                    + "or end with Z",
            ]
        )
    }

    @Test(
        arguments: [
            // An EPC URN's fault has its place; schemes that are no GS1 keys, and raw memory, are valid in EPCIS.
            (
                "urn:epc:id:sgtin:95060.00013435.1",
                "the company prefix is not 6 to 12 digits long: it has 5 (character 18)"
            ),
            ("urn:epc:id:giai:9506000.A/B", "a character stands bare that an EPC URI must escape (character 26)"),
            ("urn:epc:id:gid:95100000.12345.400", nil), ("urn:epc:id:usdod:2S194.12345678901", nil),
            ("urn:epc:id:bic:CSQU3054383", nil), ("urn:epc:raw:96.x30141F0D2C5A5A5A5A5A5A5A", nil),
            // On other hosts than GS1's a path with a day or a small number is anybody's.
            ("https://erp.example/po/01/20260301", nil), ("https://farm.example/00/17", nil),
            ("https://brand.example/x/01/09521101530017/21/A1", "it should be 8 (character 41)"),
            // What was understood is held to the whole dictionary.
            ("urn:epc:id:itip:4012345.012345.03.02.9", "piece's number"),
            ("urn:epc:id:cpi:9506000.AB.012", "leading zero"),
            (
                "https://id.gs1.org/8006/040123451234560302",
                "piece's number is above the count of pieces (character 39)"
            ),
            // What may and must not stand together.
            (
                "https://id.gs1.org/01/09521101530018/21/A1?3103=000195&3105=019500",
                "(3103) two AIs may not stand together: (3105)"
            ),
            ("https://id.gs1.org/00/095211010000000016?17=271231", "it needs (01), or (02), or (03)"),
            ("https://id.gs1.org/00/095211010000000016?02=09521101530018&37=24&17=271231", nil),
            ("https://id.gs1.org/253/4012345555554?8030=abc", "a digital signature needs a key with its serial"),
            ("https://id.gs1.org/8006/040123451234560102/22/V/21/S?17=271231", nil),
            ("https://id.gs1.org/01/09521101530018/21/A1?linkType=gs1:pip&3103=000195", nil),
        ] as [(String, String?)]
    )
    func `What is wrong with an identifier is said of it once`(_ id: String, _ sentence: String?) throws {
        let found = try Self.problems(RuleExampleText.observing(id)).filter { $0.severity == .error }
        #expect(found.count == (sentence == nil ? 0 : 1), "\(found)")
        if let sentence { #expect(found.first?.sentence.contains(sentence) == true, "\(found)") }
    }
}

private enum RuleExampleText {
    static func observing(_ id: String) -> String {
        #"{"type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00+08:00", "eventTimeZoneOffset": "+08:00", "#
            + #""action": "OBSERVE", "epcList": ["\#(id)"]}"#
    }
}
