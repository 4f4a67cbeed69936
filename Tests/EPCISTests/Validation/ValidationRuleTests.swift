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
}
