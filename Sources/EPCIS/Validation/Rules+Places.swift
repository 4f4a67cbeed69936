import GS1

extension ValidationRule {
    /// What the identifiers of places and parties must be: CBV 2.0 sections 8.3, 8.4 and 8.6.
    static let places: [ValidationRule] = [
        ValidationRule(
            .identifiers,
            "place-expected",
            .error,
            "a place is meant, and the GS1 key names something else",
            remedy: "write the GLN of the place, e.g. https://id.gs1.org/414/9521101000016, a geo: or another URI",
            passing: RuleExample.observing(#""readPoint": {"id": "\#(RuleExample.place)"}"#),
            failing: RuleExample.observing(#""readPoint": {"id": "\#(RuleExample.item)"}"#)
        ) { examined, findings in
            let event = examined.event
            func check(_ path: String, _ id: Identifier) {
                guard let key = id.elements.first, key.ai != 414 else { return }
                findings.add(path, "\(id.spoken) is not the key of a place")
            }
            if let place = event.readPoint { check("/readPoint/id", place.id) }
            if let place = event.bizLocation { check("/bizLocation/id", place.id) }
            forEachEnd(event) { path, end in
                if end.isOf(type: "location") { check(path, end.id) }
            }
        },
        ValidationRule(
            .identifiers,
            "party-expected",
            .error,
            "a party is meant, and the GS1 key names something else",
            remedy: "write the GLN of the party, e.g. https://id.gs1.org/417/9521101000009, or another URI",
            passing: RuleExample.observing(
                #""sourceList": [{"type": "owning_party", "source": "https://id.gs1.org/417/9521101000009"}]"#
            ),
            failing: RuleExample.observing(
                #""sourceList": [{"type": "owning_party", "source": "\#(RuleExample.pallet)"}]"#
            )
        ) { examined, findings in
            forEachEnd(examined.event) { path, end in
                guard end.isParty, let key = end.id.elements.first, key.ai != 417, key.ai != 414 else { return }
                findings.add(path, "\(end.id.spoken) is not the key of a party")
            }
        },
        ValidationRule(
            .identifiers,
            "party-as-place",
            .warning,
            "a party is named by the key of a place",
            remedy: "write the party's GLN with 417, or as urn:epc:id:pgln:",
            passing: RuleExample.observing(
                #""sourceList": [{"type": "owning_party", "source": "https://id.gs1.org/417/9521101000009"}]"#
            ),
            failing: RuleExample.observing(
                #""sourceList": [{"type": "owning_party", "source": "\#(RuleExample.place)"}]"#
            )
        ) { examined, findings in
            forEachEnd(examined.event) { path, end in
                guard end.isParty, end.id.elements.first?.ai == 414 else { return }
                findings.add(path, "\(end.id.spoken) is the key of a place, and a party is meant")
            }
        },
    ]

    private static func forEachEnd(_ event: EPCISEvent, _ body: (String, SourceOrDestination) -> Void) {
        for (index, end) in (event.sourceList ?? []).enumerated() { body("/sourceList/\(index)/source", end) }
        for (index, end) in (event.destinationList ?? []).enumerated() {
            body("/destinationList/\(index)/destination", end)
        }
    }
}

extension SourceOrDestination {
    /// Whether this end is of this type of CBV 2.0, however it is spelt.
    func isOf(type name: String) -> Bool {
        guard let (_, code) = Vocabulary.sourceDestinationTypes.lookUp(type),
            let bare = Vocabulary.sourceDestinationTypes.term(code)
        else { return false }
        return bare.text.utf8.elementsEqual(name.utf8)
    }

    /// Whether this end is an owning or possessing party.
    var isParty: Bool { isOf(type: "owning_party") || isOf(type: "possessing_party") }
}
