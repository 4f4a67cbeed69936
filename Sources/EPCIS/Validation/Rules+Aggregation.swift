import GS1

extension ValidationRule {
    /// Containers: what is in which, as far as it is known here. What changed hands since is left to others.
    static let aggregation: [ValidationRule] = [
        ValidationRule(
            .sense,
            "two-parents",
            .error,
            "the object is packed into a second container while it is still in another",
            remedy: "record the unpacking of the first (DELETE), or correct the identifier",
            passing: RuleExample.events(
                packing(RuleExample.pallet, at: "2026-03-01T08:00:00+08:00"),
                unpacking(RuleExample.pallet, at: "2026-03-01T08:30:00+08:00"),
                packing(RuleExample.otherPallet, at: "2026-03-01T09:00:00+08:00")
            ),
            failing: RuleExample.events(
                packing(RuleExample.pallet, at: "2026-03-01T08:00:00+08:00"),
                packing(RuleExample.otherPallet, at: "2026-03-01T09:00:00+08:00")
            )
        ) { examined, findings in
            let event = examined.event
            guard examined.isFresh, event.kind == .aggregation, event.action == .add, let parent = event.parentID else {
                return
            }
            let time = event.eventTime.milliseconds
            for (index, child) in (event.childEPCs ?? []).enumerated() {
                guard let open = examined.history.openParent(of: ObjectKey(child), at: time), open != ObjectKey(parent)
                else { continue }
                findings.add("/childEPCs/\(index)", "\(child.spoken) is still packed in another container")
            }
        },
        ValidationRule(
            .sense,
            "unpacked-never-packed",
            .error,
            "the object is taken out of a container that it is not in",
            remedy: "record the packing (ADD) first, or correct the identifier",
            passing: RuleExample.events(
                packing(RuleExample.pallet, at: "2026-03-01T08:00:00+08:00"),
                unpacking(RuleExample.pallet, at: "2026-03-01T08:30:00+08:00")
            ),
            failing: RuleExample.events(
                packing(RuleExample.pallet, at: "2026-03-01T08:00:00+08:00"),
                unpacking(RuleExample.pallet, RuleExample.otherItem, at: "2026-03-01T08:30:00+08:00")
            ),
            check: checkUnpacking
        ),
    ]

    private static func checkUnpacking(_ examined: ExaminedEvent, _ findings: inout Findings) {
        let event = examined.event
        guard examined.isFresh, event.kind == .aggregation, event.action == .delete, let parent = event.parentID else {
            return
        }
        let (history, parentKey) = (examined.history, ObjectKey(parent))
        let time = event.eventTime.milliseconds
        let container = history.objects[parentKey]
        if event.childEPCs.isNilOrEmpty {
            // Made here, never filled here, never out of our hands.
            guard event.childQuantityList.isNilOrEmpty, let made = container?.commissioned, container?.filled == nil,
                made.time <= time, !history.changedHands(parentKey, since: made.time)
            else { return }
            return findings.add("/parentID", "nothing was ever packed into \(parent.spoken)")
        }
        for (index, child) in (event.childEPCs ?? []).enumerated() {
            let key = ObjectKey(child)
            if let open = history.openParent(of: key, at: time) {
                if open != parentKey {
                    findings.add("/childEPCs/\(index)", "\(child.spoken) is packed in another container than this")
                }
                continue
            }
            let state = history.objects[key]
            // A record of later packing or unpacking says nothing about now.
            guard state?.parentFact?.time ?? .min <= time else { continue }
            // Only a container or an object whose way is known from its filling or making on can contradict.
            let since = container?.filled?.time ?? state?.commissioned?.time
            guard let since, since <= time, !history.changedHands(key, since: since),
                !history.changedHands(parentKey, since: since)
            else { continue }
            findings.add("/childEPCs/\(index)", "\(child.spoken) is not packed in \(parent.spoken)")
        }
    }

    private static func packing(_ parent: String, at time: String) -> String {
        RuleExample.aggregation(
            #""action": "ADD", "bizStep": "packing", "parentID": "\#(parent)", "childEPCs": ["\#(RuleExample.item)"]"#,
            at: time
        )
    }

    private static func unpacking(_ parent: String, _ item: String = RuleExample.item, at time: String) -> String {
        RuleExample.aggregation(
            #""action": "DELETE", "bizStep": "unpacking", "parentID": "\#(parent)", "childEPCs": ["\#(item)"]"#,
            at: time
        )
    }
}
