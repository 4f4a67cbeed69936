extension ValidationRule {
    /// Times, and the IDs by which events refer to each other.
    static let clock: [ValidationRule] = [
        ValidationRule(
            .sense,
            "time-future",
            .error,
            "the event lies in the future",
            remedy: "check date, hour and offset; clocks may differ by five minutes",
            passing: RuleExample.observing(#""bizStep": "storing""#),
            failing: RuleExample.observing(#""bizStep": "storing""#, at: "2027-03-01T08:00:00+08:00")
        ) { examined, findings in
            guard let now = examined.now, examined.event.eventTime.milliseconds > now + 300_000 else { return }
            findings.add("/eventTime")
        },
        ValidationRule(
            .sense,
            "time-long-past",
            .warning,
            "the event lies more than two years back",
            remedy: "check the year; a record made so late is less credible",
            passing: RuleExample.observing(#""bizStep": "storing""#),
            failing: RuleExample.observing(#""bizStep": "storing""#, at: "2016-03-01T08:00:00+08:00")
        ) { examined, findings in
            guard let now = examined.now, examined.event.eventTime.milliseconds < now - 731 * 86_400_000 else { return }
            findings.add("/eventTime")
        },
        ValidationRule(
            .sense,
            "offset-contradicts",
            .warning,
            "\"eventTime\" is written with another offset than \"eventTimeZoneOffset\"",
            remedy: "write both with the offset at the place of the event, or \"eventTime\" with Z",
            passing: RuleExample.observing(#""bizStep": "storing""#, at: "2026-03-01T00:00:00Z"),
            failing: RuleExample.observing(#""bizStep": "storing""#, at: "2026-03-01T08:00:00+01:00")
        ) { examined, findings in
            let suffix = String(decoding: examined.event.eventTime.text.utf8.suffix(6), as: UTF8.self)
            guard let written = TimeZoneOffset(suffix), written.minutes != 0 else { return }
            if written.minutes != examined.event.eventTimeZoneOffset.minutes { findings.add("/eventTimeZoneOffset") }
        },
        ValidationRule(
            .sense,
            "offset-impossible",
            .warning,
            "no place on earth has this offset",
            remedy: "write the offset at the place of the event: -12:00 to +14:00 in quarters of an hour",
            passing: RuleExample.event("ObjectEvent", seen, at: "2026-03-01T00:00:00Z", offset: "+05:45"),
            failing: RuleExample.event("ObjectEvent", seen, at: "2026-03-01T00:00:00Z", offset: "+05:47")
        ) { examined, findings in
            let minutes = examined.event.eventTimeZoneOffset.minutes
            if !minutes.isMultiple(of: 15) || minutes < -720 { findings.add("/eventTimeZoneOffset") }
        },
        ValidationRule(
            .sense,
            "recorded-before-event",
            .warning,
            "the event was recorded before it happened",
            remedy: "correct \"eventTime\" or \"recordTime\"",
            passing: RuleExample.observing(#""recordTime": "2026-03-01T08:00:05+08:00""#),
            failing: RuleExample.observing(#""recordTime": "2026-03-01T07:00:00+08:00""#)
        ) { examined, findings in
            guard let recorded = examined.event.recordTime else { return }
            if recorded.milliseconds < examined.event.eventTime.milliseconds { findings.add("/recordTime") }
        },
        ValidationRule(
            .sense,
            "declared-before-event",
            .error,
            "the event was declared wrong before it happened",
            remedy: "correct \"declarationTime\"; \"eventTime\" stays as it was in the wrong event",
            passing: declaring("2026-03-01T12:00:00+08:00"),
            failing: declaring("2026-02-01T12:00:00+08:00"),
            isOfDeclarations: true
        ) { examined, findings in
            guard let declared = examined.event.errorDeclaration?.declarationTime else { return }
            if declared.milliseconds < examined.event.eventTime.milliseconds {
                findings.add("/errorDeclaration/declarationTime")
            }
        },
        ValidationRule(
            .sense,
            "corrective-event-unknown",
            .warning,
            "the event that should say it right is not known",
            remedy: "record the corrective event as well, or correct its ID",
            passing: RuleExample.events(
                declaring("2026-03-01T12:00:00+08:00", correctedBy: "urn:uuid:8b2c3c43-70c0-43a7-a921-1f54dd843048"),
                RuleExample.observing(#""eventID": "urn:uuid:8b2c3c43-70c0-43a7-a921-1f54dd843048""#)
            ),
            failing: declaring(
                "2026-03-01T12:00:00+08:00",
                correctedBy: "urn:uuid:8b2c3c43-70c0-43a7-a921-1f54dd843048"
            ),
            isOfDeclarations: true
        ) { examined, findings in
            for (index, id) in (examined.event.errorDeclaration?.correctiveEventIDs ?? []).enumerated() {
                let key = ObjectKey(text: id)
                if !examined.history.announced.contains(key), examined.history.eventIDs[key] == nil {
                    findings.add("/errorDeclaration/correctiveEventIDs/\(index)", "no event with the ID \(id) is known")
                }
            }
        },
        ValidationRule(
            .sense,
            "event-id-reused",
            .error,
            "another event has this event ID already",
            remedy: "give the event an ID of its own; to correct the other, repeat it with an \"errorDeclaration\"",
            passing: RuleExample.events(
                RuleExample.observing(#""eventID": "urn:uuid:6ee7d26b-d214-49ae-a4b4-8ab163450b68""#),
                RuleExample.observing(#""eventID": "urn:uuid:8b2c3c43-70c0-43a7-a921-1f54dd843048""#)
            ),
            failing: RuleExample.events(
                RuleExample.observing(#""eventID": "urn:uuid:6ee7d26b-d214-49ae-a4b4-8ab163450b68""#),
                RuleExample.observing(
                    #""eventID": "urn:uuid:6ee7d26b-d214-49ae-a4b4-8ab163450b68", "bizStep": "storing""#
                )
            )
        ) { examined, findings in
            // A hash ID names the event in every spelling of it.
            guard examined.isFresh, let id = examined.event.eventID, !id.begins(with: "ni:///sha-256;"),
                examined.history.eventIDs[ObjectKey(text: id)] != nil
            else { return }
            findings.add("/eventID")
        },
        ValidationRule(
            .sense,
            "event-hash-wrong",
            .warning,
            "the event ID is the CBV hash of another event",
            remedy: "calculate it again with `traceledger event hash`, after the last change to the event",
            passing: RuleExample.object(
                #""eventID": "ni:///sha-256;"#
                    + "8cce757cec0790f7cc6eb427eb857faf996218e911542d6e6f37b897a468c4ea" + #"?ver=CBV2.0", "#
                    + #""action": "OBSERVE", "epcList": ["\#(RuleExample.item)"]"#
            ),
            failing: RuleExample.observing(
                #""eventID": "ni:///sha-256;"#
                    + "6817ed9bbeea1e721e474e9734ceea183d45ba7e2dc9d74ddbe19c1ec2a14ac3" + #"?ver=CBV2.0""#
            )
        ) { examined, findings in
            guard let id = examined.event.eventID, id.begins(with: "ni:///sha-256;"), id.ends(with: "?ver=CBV2.0")
            else {
                return
            }
            let hash = EventHash(of: examined.event, ignoring: examined.ignoredFields)
            // Where the text of the standard can be read in two ways, the sender may have read it in the other.
            if hash.ambiguities.isEmpty, !hash.id.utf8.elementsEqual(id.utf8) { findings.add("/eventID") }
        },
        ValidationRule(
            .sense,
            "event-repeated",
            .warning,
            "the same event stands in the input twice",
            remedy: "leave one of them out; a ledger takes it once",
            passing: RuleExample.events(
                RuleExample.observing(#""bizStep": "storing""#),
                RuleExample.observing(#""bizStep": "picking""#)
            ),
            failing: RuleExample.events(
                RuleExample.observing(#""bizStep": "storing""#),
                RuleExample.observing(#""bizStep": "storing""#)
            )
        ) { examined, findings in
            if examined.isRepeated { findings.add("") }
        },
    ]

    private static let seen = #""action": "OBSERVE", "epcList": ["\#(RuleExample.item)"]"#

    private static func declaring(_ time: String, correctedBy id: String? = nil) -> String {
        let corrective = id.map { #", "correctiveEventIDs": ["\#($0)"]"# } ?? ""
        return RuleExample.observing(
            #""eventID": "urn:uuid:6ee7d26b-d214-49ae-a4b4-8ab163450b68", "#
                + #""errorDeclaration": {"declarationTime": "\#(time)"\#(corrective)}"#
        )
    }
}
