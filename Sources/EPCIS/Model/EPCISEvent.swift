public import GS1

/// One EPCIS 2.0 event (EPCIS 2.0 section 7.4), every field of every event type, nothing lost.
///
/// One type serves all five event types, as the JSON binding does; which fields a type may have is validation's matter.
/// A `nil` list was absent, an empty one was there and empty.
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

    /// `type`.
    public var kind: Kind
    /// When the event happened, as its author claims.
    public var eventTime: Timestamp
    /// The local offset at the place of the event.
    public var eventTimeZoneOffset: TimeZoneOffset
    /// When a repository recorded it; not part of the event's own content.
    public var recordTime: Timestamp?
    /// A globally unique URI of the event.
    public var eventID: String?
    /// What makes an earlier event with the same ``eventID`` declared wrong.
    public var errorDeclaration: ErrorDeclaration?
    /// Certificates that the event refers to.
    public var certificationInfo: CertificationInfo?

    /// What: `action`.
    public var action: Action?
    /// What: `epcList` of Object and Transaction events.
    public var epcList: [Identifier]?
    /// What: `quantityList` of Object and Transaction events.
    public var quantityList: [QuantityElement]?
    /// What: `parentID` of Aggregation, Association and Transaction events.
    public var parentID: Identifier?
    /// What: `childEPCs` of Aggregation and Association events.
    public var childEPCs: [Identifier]?
    /// What: `childQuantityList` of Aggregation and Association events.
    public var childQuantityList: [QuantityElement]?
    /// What: inputs of a Transformation event.
    public var inputEPCList: [Identifier]?
    /// What: inputs of a Transformation event, by class.
    public var inputQuantityList: [QuantityElement]?
    /// What: outputs of a Transformation event.
    public var outputEPCList: [Identifier]?
    /// What: outputs of a Transformation event, by class.
    public var outputQuantityList: [QuantityElement]?
    /// What: joins Transformation events that are one.
    public var transformationID: Identifier?

    /// Why: the business step.
    public var bizStep: Term?
    /// Why: the state of the objects after the event.
    public var disposition: Term?
    /// Why: states that stay until unset.
    public var persistentDisposition: PersistentDisposition?
    /// Why: orders, despatch advices, invoices.
    public var bizTransactionList: [BusinessTransaction]?
    /// Why: where a transfer began.
    public var sourceList: [SourceOrDestination]?
    /// Why: where a transfer ends.
    public var destinationList: [SourceOrDestination]?

    /// Where: the place of the event.
    public var readPoint: Location?
    /// Where: the place of the objects after the event.
    public var bizLocation: Location?

    /// How: sensor readings.
    public var sensorElementList: [SensorElement]?
    /// Instance or lot master data: made with the objects, never changed.
    public var ilmd: [Field]?

    /// Fields of other namespaces, by their JSON names (`prefix:name`), and any field that this type does not know.
    public var extensions: [Field]
    /// The `prefix` to namespace pairs of the document that the event's own names use.
    public var namespaces: [Namespace]
    /// What the `@context` held beyond the standard one and ``namespaces``: kept, never fetched, never interpreted.
    public var context: FieldValue?

    /// An event with the fields that every event has.
    public init(kind: Kind, eventTime: Timestamp, eventTimeZoneOffset: TimeZoneOffset) {
        self.kind = kind
        self.eventTime = eventTime
        self.eventTimeZoneOffset = eventTimeZoneOffset
        extensions = []
        namespaces = []
    }
}
