/// Spells the examples of the rules: EPCIS JSON with what every event has in front.
enum RuleExample {
    /// The time of the examples, against which the tests set now.
    static let time = "2026-03-01T08:00:00+08:00"

    static func object(_ fields: String, at time: String = time) -> String { event("ObjectEvent", fields, at: time) }
    static func aggregation(_ fields: String, at time: String = time) -> String {
        event("AggregationEvent", fields, at: time)
    }
    static func association(_ fields: String) -> String { event("AssociationEvent", fields, at: time) }
    static func transaction(_ fields: String) -> String { event("TransactionEvent", fields, at: time) }
    static func transformation(_ fields: String) -> String { event("TransformationEvent", fields, at: time) }

    /// Events one after the other.
    static func events(_ events: String...) -> String {
        var text = "["
        for (index, event) in events.enumerated() { text += index == 0 ? event : ",\n \(event)" }
        return text + "]"
    }

    /// An Object event that observes one case of goods, with one further field or more.
    static func observing(_ fields: String, at time: String = time) -> String {
        object(#""action": "OBSERVE", "epcList": ["\#(item)"], "# + fields, at: time)
    }

    static func event(_ type: String, _ fields: String, at time: String, offset: String = "+08:00") -> String {
        #"{"type": "\#(type)", "eventTime": "\#(time)", "eventTimeZoneOffset": "\#(offset)", \#(fields)}"#
    }

    /// A serialised trade item, a second one, a lot, two pallets and a place: keys of the GS1 demonstration prefix.
    static let item = "https://id.gs1.org/01/09521101530018/21/A1"
    static let otherItem = "https://id.gs1.org/01/09521101530018/21/A2"
    static let lot = "https://id.gs1.org/01/09521101530018/10/L1"
    static let pallet = "https://id.gs1.org/00/095211010000000016"
    static let otherPallet = "https://id.gs1.org/00/095211010000000023"
    static let place = "https://id.gs1.org/414/9521101000016"
}
