public import GS1

/// The fields: read from the payload where there is one, else from the values.
extension EPCISEvent {
    /// `type`.
    public var kind: Kind {
        get { if let record { record.kind } else { box[0].kind } }
        _modify { yield &values.kind }
    }

    /// When the event happened, as its author claims.
    public var eventTime: Timestamp {
        get { if let record { record.eventTime } else { box[0].eventTime } }
        _modify { yield &values.eventTime }
    }

    /// The local offset at the place of the event.
    public var eventTimeZoneOffset: TimeZoneOffset {
        get { if let record { record.eventTimeZoneOffset } else { box[0].eventTimeZoneOffset } }
        _modify { yield &values.eventTimeZoneOffset }
    }

    /// When a repository recorded it; not part of the event's own content.
    public var recordTime: Timestamp? {
        get { if let record { record.time(PayloadKey.recordTime) } else { box[0].recordTime } }
        _modify { yield &values.recordTime }
    }

    /// A globally unique URI of the event.
    public var eventID: String? {
        get { if let record { record.identifier(PayloadKey.eventID)?.text } else { box[0].eventID } }
        _modify { yield &values.eventID }
    }

    /// What makes an earlier event with the same ``eventID`` declared wrong.
    public var errorDeclaration: ErrorDeclaration? {
        get { if let record { record.errorDeclaration } else { box[0].errorDeclaration } }
        _modify { yield &values.errorDeclaration }
    }

    /// Certificates that the event refers to.
    public var certificationInfo: CertificationInfo? {
        get { if let record { record.certificationInfo } else { box[0].certificationInfo } }
        _modify { yield &values.certificationInfo }
    }

    /// What: `action`.
    public var action: Action? {
        get { if let record { record.action } else { box[0].action } }
        _modify { yield &values.action }
    }

    /// What: `epcList` of Object and Transaction events.
    public var epcList: [Identifier]? {
        get { if let record { record.identifiers(PayloadKey.epcList) } else { box[0].epcList } }
        _modify { yield &values.epcList }
    }

    /// What: `quantityList` of Object and Transaction events.
    public var quantityList: [QuantityElement]? {
        get { if let record { record.quantities(PayloadKey.quantityList) } else { box[0].quantityList } }
        _modify { yield &values.quantityList }
    }

    /// What: `parentID` of Aggregation, Association and Transaction events.
    public var parentID: Identifier? {
        get { if let record { record.identifier(PayloadKey.parentID) } else { box[0].parentID } }
        _modify { yield &values.parentID }
    }

    /// What: `childEPCs` of Aggregation and Association events.
    public var childEPCs: [Identifier]? {
        get { if let record { record.identifiers(PayloadKey.childEPCs) } else { box[0].childEPCs } }
        _modify { yield &values.childEPCs }
    }

    /// What: `childQuantityList` of Aggregation and Association events.
    public var childQuantityList: [QuantityElement]? {
        get { if let record { record.quantities(PayloadKey.childQuantityList) } else { box[0].childQuantityList } }
        _modify { yield &values.childQuantityList }
    }

    /// What: inputs of a Transformation event.
    public var inputEPCList: [Identifier]? {
        get { if let record { record.identifiers(PayloadKey.inputEPCList) } else { box[0].inputEPCList } }
        _modify { yield &values.inputEPCList }
    }

    /// What: inputs of a Transformation event, by class.
    public var inputQuantityList: [QuantityElement]? {
        get { if let record { record.quantities(PayloadKey.inputQuantityList) } else { box[0].inputQuantityList } }
        _modify { yield &values.inputQuantityList }
    }

    /// What: outputs of a Transformation event.
    public var outputEPCList: [Identifier]? {
        get { if let record { record.identifiers(PayloadKey.outputEPCList) } else { box[0].outputEPCList } }
        _modify { yield &values.outputEPCList }
    }

    /// What: outputs of a Transformation event, by class.
    public var outputQuantityList: [QuantityElement]? {
        get { if let record { record.quantities(PayloadKey.outputQuantityList) } else { box[0].outputQuantityList } }
        _modify { yield &values.outputQuantityList }
    }

    /// What: joins Transformation events that are one.
    public var transformationID: Identifier? {
        get { if let record { record.identifier(PayloadKey.transformationID) } else { box[0].transformationID } }
        _modify { yield &values.transformationID }
    }

    /// Why: the business step.
    public var bizStep: Term? {
        get { if let record { record.term(PayloadKey.bizStep, .bizSteps) } else { box[0].bizStep } }
        _modify { yield &values.bizStep }
    }

    /// Why: the state of the objects after the event.
    public var disposition: Term? {
        get { if let record { record.term(PayloadKey.disposition, .dispositions) } else { box[0].disposition } }
        _modify { yield &values.disposition }
    }

    /// Why: states that stay until unset.
    public var persistentDisposition: PersistentDisposition? {
        get { if let record { record.persistentDisposition } else { box[0].persistentDisposition } }
        _modify { yield &values.persistentDisposition }
    }

    /// Why: orders, despatch advices, invoices.
    public var bizTransactionList: [BusinessTransaction]? {
        get { if let record { record.bizTransactionList } else { box[0].bizTransactionList } }
        _modify { yield &values.bizTransactionList }
    }

    /// Why: where a transfer began.
    public var sourceList: [SourceOrDestination]? {
        get { if let record { record.ends(PayloadKey.sourceList) } else { box[0].sourceList } }
        _modify { yield &values.sourceList }
    }

    /// Why: where a transfer ends.
    public var destinationList: [SourceOrDestination]? {
        get { if let record { record.ends(PayloadKey.destinationList) } else { box[0].destinationList } }
        _modify { yield &values.destinationList }
    }

    /// Where: the place of the event.
    public var readPoint: Location? {
        get { if let record { record.location(PayloadKey.readPoint) } else { box[0].readPoint } }
        _modify { yield &values.readPoint }
    }

    /// Where: the place of the objects after the event.
    public var bizLocation: Location? {
        get { if let record { record.location(PayloadKey.bizLocation) } else { box[0].bizLocation } }
        _modify { yield &values.bizLocation }
    }

    /// How: sensor readings.
    public var sensorElementList: [SensorElement]? {
        get { if let record { record.sensorElementList } else { box[0].sensorElementList } }
        _modify { yield &values.sensorElementList }
    }

    /// Instance or lot master data: made with the objects, never changed.
    public var ilmd: [Field]? {
        get { if let record { record.fields(PayloadKey.ilmd) } else { box[0].ilmd } }
        _modify { yield &values.ilmd }
    }

    /// What: the tree over the items that the event commissions, on Object events with action ADD.
    public var items: ItemTreeRoot? {
        get { if let record { record.items } else { box[0].items } }
        _modify { yield &values.items }
    }

    /// Fields of other namespaces, by their JSON names (`prefix:name`), and any field that this type does not know.
    public var extensions: [Field] {
        get { if let record { record.fields(PayloadKey.extensions) ?? [] } else { box[0].extensions } }
        _modify { yield &values.extensions }
    }

    /// The `prefix` to namespace pairs of the document that the event's own names use.
    public var namespaces: [Namespace] {
        get { if let record { record.namespaces } else { box[0].namespaces } }
        _modify { yield &values.namespaces }
    }

    /// What the `@context` held beyond the standard one and ``namespaces``: kept, never fetched, never interpreted.
    public var context: FieldValue? {
        get { if let record { record.context } else { box[0].context } }
        _modify { yield &values.context }
    }
}
