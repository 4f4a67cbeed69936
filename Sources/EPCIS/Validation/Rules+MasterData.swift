import GS1

extension ValidationRule {
    /// Master data of lots and items: CBV 2.0 section 9.
    static let masterData: [ValidationRule] = [
        ValidationRule(
            .identifiers,
            "date-malformed",
            .error,
            "the date is not a day of the calendar",
            remedy: "write year, month and day as 2026-03-31; the day 00 of a barcode is the last of its month",
            passing: ilmd(#""cbvmda:itemExpirationDate": "2026-12-31""#),
            failing: ilmd(#""cbvmda:itemExpirationDate": "2026-12-00""#)
        ) { examined, findings in
            forEachText(examined.event) { path, field, text in
                guard field.isOfGS1, field.name.ends(with: "Date"), MasterData.day(text) == nil else { return }
                findings.add(path, "\"\(text)\" is not a day of the calendar")
            }
        },
        ValidationRule(
            .identifiers,
            "country-malformed",
            .error,
            "the country is not a code of ISO 3166-1",
            remedy: "write two capitals, e.g. CN, or three digits",
            passing: ilmd(#""cbvmda:countryOfOrigin": "CN""#),
            failing: ilmd(#""cbvmda:countryOfOrigin": "China""#)
        ) { examined, findings in
            forEachText(examined.event) { path, field, text in
                guard field.isOfGS1, field.name.ends(with: "countryOfOrigin") else { return }
                let linter = text.utf8.count == 2 ? Linter.iso3166alpha2 : .iso3166
                do throws(GS1Error) { try linter.check(text) } catch {
                    findings.add(path, "\"\(text)\" is not a code of ISO 3166-1")
                }
            }
        },
        ValidationRule(
            .sense,
            "expiry-before-production",
            .error,
            "the goods expire before they were made",
            remedy: "check whether the dates were exchanged, or the year mistyped",
            passing: ilmd(#""cbvmda:productionDate": "2026-03-01", "cbvmda:itemExpirationDate": "2028-02-28""#),
            failing: ilmd(#""cbvmda:productionDate": "2026-03-01", "cbvmda:itemExpirationDate": "2025-02-28""#)
        ) { examined, findings in
            guard let data = MasterData(examined.event), let expiry = data.expiry else { return }
            let made = data.production?.start ?? examined.event.localDay
            guard expiry.start < made else { return }
            findings.add(
                "/ilmd/\(expiry.name.pointerToken)",
                data.production.map { "\"\(expiry.name)\" is before \"\($0.name)\"" }
                    ?? "\"\(expiry.name)\" is before the day on which the goods were made"
            )
        },
        ValidationRule(
            .sense,
            "made-after-event",
            .error,
            "the goods were made after the event that made them",
            remedy: "correct the date in the master data, or the time of the event",
            passing: ilmd(#""cbvmda:productionDate": "2026-03-01""#),
            failing: ilmd(#""cbvmda:productionDate": "2026-03-10""#)
        ) { examined, findings in
            guard let made = MasterData(examined.event)?.production, made.start > examined.event.localDay else {
                return
            }
            findings.add("/ilmd/\(made.name.pointerToken)", "\"\(made.name)\" is after the day of the event")
        },
        ValidationRule(
            .sense,
            "lot-contradicts",
            .error,
            "the lot in the master data is not the lot in the identifier",
            remedy: "correct the one that is wrong; capitals and zeros count",
            passing: RuleExample.object(
                #""action": "ADD", "quantityList": [{"epcClass": "\#(RuleExample.lot)", "quantity": 24}], "#
                    + #""ilmd": {"cbvmda:lotNumber": "L1"}"#
            ),
            failing: RuleExample.object(
                #""action": "ADD", "quantityList": [{"epcClass": "\#(RuleExample.lot)", "quantity": 24}], "#
                    + #""ilmd": {"cbvmda:lotNumber": "L7"}"#
            )
        ) { examined, findings in
            let event = examined.event
            guard let lot = MasterData(event)?.lot else { return }
            let made = (event.kind == .transformation ? event.outputQuantityList : event.quantityList) ?? []
            let lots = made.compactMap { $0.epcClass.elements.first { $0.ai == 10 }?.value }
            guard !lots.isEmpty, !lots.contains(where: { $0.utf8.elementsEqual(lot.text.utf8) }) else { return }
            findings.add(
                "/ilmd/\(lot.name.pointerToken)",
                "\"\(lot.text)\" is not the lot in the identifier, \(lots[0])"
            )
        },
    ]

    private static func forEachText(_ event: EPCISEvent, _ body: (String, Field, String) -> Void) {
        for field in event.ilmd ?? [] {
            if case .text(let text) = field.value { body("/ilmd/\(field.name.pointerToken)", field, text) }
        }
    }

    private static func ilmd(_ fields: String) -> String {
        RuleExample.object(#""action": "ADD", "epcList": ["\#(RuleExample.item)"], "ilmd": {\#(fields)}"#)
    }
}

extension Field {
    /// Whether the name is of GS1's own namespaces, whose fields have known formats.
    var isOfGS1: Bool {
        name.begins(with: "cbvmda:") || name.begins(with: "gs1:") || name.begins(with: "urn:epcglobal:cbv:mda:")
    }
}

extension EPCISEvent {
    /// The beginning of the event's day at its place, as if that were at UTC.
    var localDay: Int64 {
        let local = eventTime.milliseconds + Int64(eventTimeZoneOffset.minutes) * 60_000
        let rest = local % 86_400_000
        return local - (rest < 0 ? rest + 86_400_000 : rest)
    }
}
