import GS1

/// The fields of an ``EPCISEvent`` as values, by the names of its properties.
struct EventFields: Hashable, Sendable {
    var kind: EPCISEvent.Kind
    var eventTime: Timestamp
    var eventTimeZoneOffset: TimeZoneOffset
    var recordTime: Timestamp?
    var eventID: String?
    var errorDeclaration: ErrorDeclaration?
    var certificationInfo: CertificationInfo?
    var action: EPCISEvent.Action?
    var epcList: [Identifier]?
    var quantityList: [QuantityElement]?
    var parentID: Identifier?
    var childEPCs: [Identifier]?
    var childQuantityList: [QuantityElement]?
    var inputEPCList: [Identifier]?
    var inputQuantityList: [QuantityElement]?
    var outputEPCList: [Identifier]?
    var outputQuantityList: [QuantityElement]?
    var transformationID: Identifier?
    var bizStep: Term?
    var disposition: Term?
    var persistentDisposition: PersistentDisposition?
    var bizTransactionList: [BusinessTransaction]?
    var sourceList: [SourceOrDestination]?
    var destinationList: [SourceOrDestination]?
    var readPoint: Location?
    var bizLocation: Location?
    var sensorElementList: [SensorElement]?
    var ilmd: [Field]?
    var items: ItemTreeRoot?
    var extensions: [Field] = []
    var namespaces: [Namespace] = []
    var context: FieldValue?

    init(kind: EPCISEvent.Kind, eventTime: Timestamp, eventTimeZoneOffset: TimeZoneOffset) {
        self.kind = kind
        self.eventTime = eventTime
        self.eventTimeZoneOffset = eventTimeZoneOffset
    }
}
