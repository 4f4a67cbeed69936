public import EPCIS
internal import GS1

extension JSONValue {
    /// The JSON object of an event without its `@context`, members in the order of the standard's examples.
    ///
    /// An extension field with the name of a field that the event also has as such is left out.
    public init(_ event: EPCISEvent) {
        var object = ObjectBuilder()
        object.add("type", event.kind.name)
        object.add("eventTime", event.eventTime)
        object.add("eventTimeZoneOffset", event.eventTimeZoneOffset.text)
        object.add("recordTime", event.recordTime)
        object.add("eventID", event.eventID)
        object.add("certificationInfo", event.certificationInfo.map { JSONValue($0) })
        object.add(what: event)
        object.add("bizStep", event.bizStep)
        object.add("disposition", event.disposition)
        object.add("persistentDisposition", event.persistentDisposition.map { JSONValue($0) })
        object.add("readPoint", event.readPoint.map { JSONValue($0) })
        object.add("bizLocation", event.bizLocation.map { JSONValue($0) })
        object.add("bizTransactionList", event.bizTransactionList) { JSONValue($0) }
        object.add("sourceList", event.sourceList) { JSONValue($0, role: "source") }
        object.add("destinationList", event.destinationList) { JSONValue($0, role: "destination") }
        object.add("sensorElementList", event.sensorElementList) { JSONValue($0) }
        object.add("ilmd", event.ilmd.map { JSONValue(field: .fields($0)) })
        object.add("errorDeclaration", event.errorDeclaration.map { JSONValue($0) })
        if let items = event.shownItems?.field { object.add(items.name, JSONValue(field: items.value)) }
        object.add(event.extensions)
        self = object.value
    }

    private init(_ certificates: CertificationInfo) {
        if !certificates.isList, certificates.references.count == 1, let only = certificates.references.first {
            self.init(.string(only))
        } else {
            self.init(.array(certificates.references.map { JSONValue(.string($0)) }))
        }
    }

    private init(_ states: PersistentDisposition) {
        var object = ObjectBuilder()
        object.add("set", states.set)
        object.add("unset", states.unset)
        self = object.value
    }

    private init(_ declaration: ErrorDeclaration) {
        var object = ObjectBuilder()
        object.add("declarationTime", declaration.declarationTime)
        object.add("reason", declaration.reason)
        object.add("correctiveEventIDs", declaration.correctiveEventIDs) { JSONValue(.string($0)) }
        object.add(declaration.extensions)
        self = object.value
    }

    private init(_ location: Location) {
        var object = ObjectBuilder()
        object.add("id", location.id)
        object.add(location.extensions)
        self = object.value
    }

    private init(_ transaction: BusinessTransaction) {
        var object = ObjectBuilder()
        object.add("type", transaction.type)
        object.add("bizTransaction", transaction.bizTransaction)
        object.add(transaction.extensions)
        self = object.value
    }

    private init(_ end: SourceOrDestination, role: String) {
        var object = ObjectBuilder()
        object.add("type", end.type)
        object.add(role, end.id)
        object.add(end.extensions)
        self = object.value
    }

    fileprivate init(_ quantity: QuantityElement) {
        var object = ObjectBuilder()
        object.add("epcClass", quantity.epcClass)
        object.add("quantity", quantity.quantity)
        object.add("uom", quantity.uom)
        object.add(quantity.extensions)
        self = object.value
    }
}

extension ObjectBuilder {
    fileprivate mutating func add(what event: EPCISEvent) {
        add("parentID", event.parentID)
        add("epcList", event.epcList)
        add("childEPCs", event.childEPCs)
        add("inputEPCList", event.inputEPCList)
        add("outputEPCList", event.outputEPCList)
        add("quantityList", event.quantityList) { JSONValue($0) }
        add("childQuantityList", event.childQuantityList) { JSONValue($0) }
        add("inputQuantityList", event.inputQuantityList) { JSONValue($0) }
        add("outputQuantityList", event.outputQuantityList) { JSONValue($0) }
        add("transformationID", event.transformationID)
        add("action", event.action?.name)
    }
}
