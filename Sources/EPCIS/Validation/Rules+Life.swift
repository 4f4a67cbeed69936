import GS1

extension ValidationRule {
    /// What can happen to an object, and in which order.
    static let life: [ValidationRule] = [
        ValidationRule(
            .sense,
            "commissioned-twice",
            .error,
            "the object was commissioned already",
            remedy: "give it a serial of its own; an object that is only seen again has action OBSERVE",
            passing: RuleExample.events(
                commissioning(RuleExample.item, at: "2026-03-01T08:00:00+08:00"),
                commissioning(RuleExample.otherItem, at: "2026-03-01T09:00:00+08:00")
            ),
            failing: RuleExample.events(
                commissioning(RuleExample.item, at: "2026-03-01T08:00:00+08:00"),
                commissioning(RuleExample.item, at: "2026-03-01T09:00:00+08:00")
            )
        ) { examined, findings in
            let event = examined.event
            guard event.kind == .object, event.action == .add else { return }
            forEachKnown(examined) { path, id, state in
                if state.commissioned != nil, state.ended == nil {
                    findings.add(path(), "\(id.spoken) was commissioned already")
                }
            }
        },
        ValidationRule(
            .sense,
            "seen-before-commissioned",
            .warning,
            "the object was seen before it was commissioned",
            remedy: "check the times of both events; before commissioning there is only encoding and reserving",
            passing: RuleExample.events(
                commissioning(RuleExample.item, at: "2026-03-01T08:00:00+08:00"),
                RuleExample.observing(#""bizStep": "storing""#, at: "2026-03-01T09:00:00+08:00")
            ),
            failing: RuleExample.events(
                RuleExample.observing(#""bizStep": "storing""#, at: "2026-03-01T07:00:00+08:00"),
                commissioning(RuleExample.item, at: "2026-03-01T08:00:00+08:00")
            )
        ) { examined, findings in
            let event = examined.event
            let time = event.eventTime.milliseconds
            let commissions = event.kind == .object && event.action == .add
            let isPreparation = EventStep(event).isPreparation
            forEachKnown(examined) { path, id, state in
                if commissions, state.commissioned == nil, state.firstSeen < time {
                    findings.add(path(), "\(id.spoken) was seen before it is commissioned here")
                } else if !commissions, !isPreparation, let made = state.commissioned, time < made.time {
                    findings.add(path(), "\(id.spoken) was commissioned only later")
                }
            }
        },
        ValidationRule(
            .sense,
            "seen-after-end",
            .error,
            "the object was decommissioned or destroyed before",
            remedy: "check the identifier and the times; if the end was recorded by mistake, declare that event wrong",
            passing: RuleExample.events(
                RuleExample.observing(#""bizStep": "storing""#, at: "2026-03-01T08:00:00+08:00"),
                ending("2026-03-01T09:00:00+08:00")
            ),
            failing: RuleExample.events(
                ending("2026-03-01T08:00:00+08:00"),
                RuleExample.observing(#""bizStep": "storing""#, at: "2026-03-01T09:00:00+08:00")
            )
        ) { examined, findings in
            let event = examined.event
            let time = event.eventTime.milliseconds
            let ends = EventStep(event).endsLife(event)
            let commissions = event.kind == .object && event.action == .add
            forEachKnown(examined) { path, id, state in
                if !ends, !commissions, let end = state.ended, time > end.time {
                    findings.add(path(), "\(id.spoken) was decommissioned or destroyed before this event")
                } else if ends, state.ended == nil, state.lastSeen > time {
                    findings.add(path(), "\(id.spoken) was seen after its end in this event")
                }
            }
        },
        ValidationRule(
            .sense,
            "received-before-shipped",
            .error,
            "the goods were received before they were shipped",
            remedy: "check the times and offsets of both events, and that they name the right despatch advice",
            passing: RuleExample.events(
                moving("shipping", at: "2026-03-01T08:00:00+08:00"),
                moving("receiving", at: "2026-03-01T11:00:00+08:00")
            ),
            failing: RuleExample.events(
                moving("receiving", at: "2026-03-01T08:00:00+08:00"),
                moving("shipping", at: "2026-03-01T11:00:00+08:00")
            )
        ) { examined, findings in
            let step = EventStep(examined.event)
            guard step.isShipping || step.isReceiving else { return }
            let time = examined.event.eventTime.milliseconds
            let marks = examined.event.transferMarks
            guard !marks.isEmpty else { return }
            forEachKnown(examined, withClasses: true) { path, id, state in
                let other = step.isShipping ? state.received : state.shipped
                guard let other, other.marks.contains(where: { marks.contains($0) }) else { return }
                if step.isShipping, !other.isMatched, other.fact.time < time {
                    findings.add(path(), "\(id.spoken) is shipped after it was received in the same transfer")
                } else if step.isReceiving, time < state.firstShipped ?? .min {
                    findings.add(path(), "\(id.spoken) is received before it was shipped in the same transfer")
                }
            }
        },
        ValidationRule(
            .sense,
            "handed-over-expired",
            .warning,
            "the goods had expired when they were handed over",
            remedy: "check the date in their master data; expired goods do not leave",
            passing: RuleExample.events(
                expiring("2026-12-31"),
                RuleExample.observing(#""bizStep": "shipping""#, at: "2026-03-01T09:00:00+08:00")
            ),
            failing: RuleExample.events(
                expiring("2026-02-28", at: "2026-01-10T08:00:00+08:00"),
                RuleExample.observing(#""bizStep": "shipping""#, at: "2026-03-01T09:00:00+08:00")
            )
        ) { examined, findings in
            let event = examined.event
            guard event.hasStep("shipping") || event.hasStep("retail_selling") || event.hasStep("dispensing") else {
                return
            }
            forEachKnown(examined, withClasses: true) { path, id, state in
                if let expires = state.expires, event.localDay > expires {
                    findings.add(path(), "\(id.spoken) had expired when it was handed over")
                }
            }
        },
    ]

    /// Calls `body` with each object of a fresh event that something is known of.
    private static func forEachKnown(
        _ examined: ExaminedEvent,
        withClasses: Bool = false,
        _ body: (() -> String, Identifier, History.Object) -> Void
    ) {
        guard examined.isFresh else { return }
        examined.forEachObject { name, index, id in
            guard !id.isClass, let state = examined.history.objects[ObjectKey(id)] else { return }
            body({ ExaminedEvent.path(name, index) }, id, state)
        }
        guard withClasses else { return }
        for list in examined.quantityLists {
            for (index, element) in list.elements.enumerated() {
                guard let state = examined.history.objects[ObjectKey(element.epcClass)] else { continue }
                body({ "/\(list.name)/\(index)/epcClass" }, element.epcClass, state)
            }
        }
    }

    private static func commissioning(_ item: String, at time: String) -> String {
        RuleExample.object(#""action": "ADD", "bizStep": "commissioning", "epcList": ["\#(item)"]"#, at: time)
    }

    private static func ending(_ time: String) -> String {
        RuleExample.object(
            #""action": "DELETE", "bizStep": "destroying", "epcList": ["\#(RuleExample.item)"]"#,
            at: time
        )
    }

    private static func moving(_ step: String, at time: String) -> String {
        RuleExample.observing(
            #""bizStep": "\#(step)", "bizTransactionList": "#
                + #"[{"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:9521101000009:ASN-7"}]"#,
            at: time
        )
    }

    private static func expiring(_ date: String, at time: String = RuleExample.time) -> String {
        RuleExample.object(
            #""action": "ADD", "epcList": ["\#(RuleExample.item)"], "ilmd": {"cbvmda:itemExpirationDate": "\#(date)"}"#,
            at: time
        )
    }
}
