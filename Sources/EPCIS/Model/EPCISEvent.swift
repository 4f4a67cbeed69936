/// One EPCIS 2.0 event (EPCIS 2.0 section 7.4), every field of every event type, nothing lost.
///
/// One type serves all five event types, as the JSON binding does; which fields a type may have is validation's matter.
/// A `nil` list was absent, an empty one was there and empty.
///
/// An event that was made by ``init(payload:)`` keeps the payload, which is checked to its last byte, and reads a field from
/// it each time it is asked for: take a list into a variable before a loop. The first change reads all fields for good.
public struct EPCISEvent: Hashable, Sendable {
    /// The event types of EPCIS 2.0.
    public enum Kind: Int, Hashable, Sendable, CaseIterable {
        /// `ObjectEvent`.
        case object = 0
        /// `AggregationEvent`.
        case aggregation = 1
        /// `TransactionEvent`.
        case transaction = 2
        /// `TransformationEvent`.
        case transformation = 3
        /// `AssociationEvent`.
        case association = 4
    }

    /// What happened to the objects: EPCIS 2.0 section 7.3.1.
    public enum Action: Int, Hashable, Sendable, CaseIterable {
        /// `ADD`.
        case add = 0
        /// `OBSERVE`.
        case observe = 1
        /// `DELETE`.
        case delete = 2
    }

    /// The fields as values; empty while ``record`` has them. An array of one is a box that is copied when it is written.
    var box: [EventFields] = []
    /// The payload that the fields are read from; `nil` once they are values.
    var record: EventRecord?

    /// An event with the fields that every event has.
    public init(kind: Kind, eventTime: Timestamp, eventTimeZoneOffset: TimeZoneOffset) {
        box = [EventFields(kind: kind, eventTime: eventTime, eventTimeZoneOffset: eventTimeZoneOffset)]
    }

    /// All fields as values.
    var values: EventFields {
        get { record?.values ?? box[0] }
        _modify {
            if let record {
                box = [record.values]
                self.record = nil
            }
            yield &box[0]
        }
    }

    /// Whether both have the same fields, however they came to be.
    public static func == (left: EPCISEvent, right: EPCISEvent) -> Bool {
        if let payload = left.record?.payload, payload == right.record?.payload { return true }
        return left.values == right.values
    }

    /// Hashes the fields.
    public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}
