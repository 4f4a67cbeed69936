import GS1
import TraceProof

extension PreHashWriter {
    /// Writes the event: the fields of the table, then the rest in the order of code points.
    ///
    /// The published hashes of CBV 2.0 have business transactions, destinations, ILMD, sources and the event's extensions
    /// in one sorted sequence behind the sensor elements; the table has them in another order. What is published wins,
    /// and ``HashAmbiguity/Reason/fieldOrder`` tells.
    mutating func write(_ event: EPCISEvent) {
        leaf("eventType", bytes: Array(event.kind.hashedName.utf8))
        if event.parentID != nil, event.epcList?.isEmpty == false { note(.parentBesideEPCs, "parentID") }
        unlessIgnored("eventTime") { $0.leaf("eventTime", event.eventTime) }
        unlessIgnored("eventTimeZoneOffset") {
            $0.leaf("eventTimeZoneOffset", bytes: Array(event.eventTimeZoneOffset.text.utf8))
        }
        unlessIgnored("certificationInfo") { $0.certificates(event.certificationInfo) }
        what(event)
        unlessIgnored("bizStep") { $0.leaf("bizStep", event.bizStep, .bizSteps) }
        unlessIgnored("disposition") { $0.leaf("disposition", event.disposition, .dispositions) }
        unlessIgnored("persistentDisposition") { $0.states(event) }
        unlessIgnored("readPoint") { $0.location("readPoint", event.readPoint) }
        unlessIgnored("bizLocation") { $0.location("bizLocation", event.bizLocation) }
        unlessIgnored("sensorElementList") { writer in
            writer.list("sensorElementList", event.sensorElementList) { $0.sensorElement($1) }
        }
        noteOrder(event)
        rest(event)
    }

    /// Runs `body` unless the field is to be left out.
    private mutating func unlessIgnored(_ name: String, _ body: (inout PreHashWriter) -> Void) {
        if !isIgnored(name) { body(&self) }
    }

    private mutating func certificates(_ info: CertificationInfo?) {
        guard let info else { return }
        note(.certificationInfo, "certificationInfo")
        sorted(info.references.map { reference in piece { $0.leaf("certificationInfo", reference) } })
    }

    private mutating func what(_ event: EPCISEvent) {
        epcs("epcList", event.epcList)
        unlessIgnored("parentID") { $0.leaf("parentID", event.parentID) }
        epcs("inputEPCList", event.inputEPCList)
        epcs("childEPCs", event.childEPCs)
        quantities("quantityList", event.quantityList)
        quantities("childQuantityList", event.childQuantityList)
        quantities("inputQuantityList", event.inputQuantityList)
        epcs("outputEPCList", event.outputEPCList)
        quantities("outputQuantityList", event.outputQuantityList)
        if let action = event.action {
            unlessIgnored("action") { $0.leaf("action", bytes: Array(action.hashedName.utf8)) }
        }
        unlessIgnored("transformationID") { $0.leaf("transformationID", event.transformationID) }
    }

    private mutating func epcs(_ name: String, _ identifiers: [Identifier]?) {
        unlessIgnored(name) { writer in writer.list(name, identifiers) { $0.leaf("epc", $1) } }
    }

    private mutating func quantities(_ name: String, _ elements: [QuantityElement]?) {
        unlessIgnored(name) { writer in
            writer.list(name, elements) { writer, element in
                writer.parent("quantityElement") {
                    $0.leaf("epcClass", element.epcClass)
                    $0.leaf("quantity", element.quantity)
                    $0.leaf("uom", element.uom)
                    $0.unforeseen(element.extensions)
                }
            }
        }
    }

    private mutating func states(_ event: EPCISEvent) {
        guard let states = event.persistentDisposition ?? event.persistentDispositionField else { return }
        parent("persistentDisposition") {
            for (name, terms) in [("set", states.set), ("unset", states.unset)] {
                var pieces: [[UInt8]] = []
                for term in terms ?? [] { pieces.append($0.piece { $0.leaf(name, term, .dispositions) }) }
                $0.sorted(pieces)
            }
        }
    }

    private mutating func location(_ name: String, _ location: Location?) {
        guard let location else { return }
        parent(name) {
            $0.leaf("id", location.id)
            $0.sorted($0.pieces(of: location.extensions))
        }
    }

    // MARK: What the table has last

    private mutating func rest(_ event: EPCISEvent) {
        var pieces: [[UInt8]] = []
        pieces.append(
            piece { writer in
                writer.unlessIgnored("bizTransactionList") { writer in
                    writer.list("bizTransactionList", event.bizTransactionList) { $0.transaction($1) }
                }
            }
        )
        pieces.append(piece { $0.ends("destinationList", "destination", event.destinationList) })
        pieces.append(piece { $0.ends("sourceList", "source", event.sourceList) })
        if let ilmd = event.ilmd, !isIgnored("ilmd") {
            pieces.append(
                piece { writer in
                    writer.append("ilmd")
                    writer.sorted(writer.pieces(of: ilmd))
                }
            )
        }
        let isRead = event.persistentDispositionField != nil
        var extensions = event.extensions.filter { !(isRead && $0.name.hasSameUTF8(as: "persistentDisposition")) }
        if let items = event.shownItems?.field {
            // As the JSON shows it, which has one field of a name.
            extensions.removeAll { $0.name.hasSameUTF8(as: items.name) }
            extensions.append(items)
        }
        sorted(pieces + self.pieces(of: extensions))
    }

    private mutating func transaction(_ transaction: BusinessTransaction) {
        if transaction.type == nil { note(.missingType, "bizTransactionList") }
        leaf("type", transaction.type, .bizTransactionTypes)
        leaf("bizTransaction", transaction.bizTransaction)
        unforeseen(transaction.extensions)
    }

    private mutating func ends(_ list: String, _ role: String, _ ends: [SourceOrDestination]?) {
        unlessIgnored(list) { writer in
            writer.list(list, ends) { writer, end in
                writer.leaf("type", end.type, .sourceDestinationTypes)
                writer.leaf(role, end.id)
                writer.unforeseen(end.extensions)
            }
        }
    }

    private mutating func noteOrder(_ event: EPCISEvent) {
        func has<Member>(_ list: [Member]?, _ name: String) -> Bool { list?.isEmpty == false && !isIgnored(name) }
        let hasSource = has(event.sourceList, "sourceList")
        let hasDestination = has(event.destinationList, "destinationList")
        let hasTransaction = has(event.bizTransactionList, "bizTransactionList")
        if has(event.sensorElementList, "sensorElementList"), hasSource || hasDestination || hasTransaction {
            note(.fieldOrder, "sensorElementList")
        }
        if hasSource, hasDestination || (event.ilmd != nil && !isIgnored("ilmd")) { note(.fieldOrder, "sourceList") }
    }
}

extension EPCISEvent {
    /// `persistentDisposition` where its JSON is none of the model's shapes, but a single term instead of a list.
    fileprivate var persistentDispositionField: PersistentDisposition? {
        for field in extensions where field.name.hasSameUTF8(as: "persistentDisposition") {
            guard case .fields(let members) = field.value else { return nil }
            var states = PersistentDisposition()
            for member in members {
                guard let terms = member.value.terms else { return nil }
                if member.name.hasSameUTF8(as: "set") {
                    states.set = terms
                } else if member.name.hasSameUTF8(as: "unset") {
                    states.unset = terms
                } else {
                    return nil
                }
            }
            return states
        }
        return nil
    }
}

extension FieldValue {
    /// A text, or a list of texts, as terms.
    fileprivate var terms: [Term]? {
        switch self {
        case .text(let text): return [Term(text)]
        case .list(let values):
            var terms: [Term] = []
            for value in values {
                guard case .text(let text) = value else { return nil }
                terms.append(Term(text))
            }
            return terms
        default: return nil
        }
    }
}

extension EPCISEvent.Kind {
    fileprivate var hashedName: String {
        switch self {
        case .object: "ObjectEvent"
        case .aggregation: "AggregationEvent"
        case .transaction: "TransactionEvent"
        case .transformation: "TransformationEvent"
        case .association: "AssociationEvent"
        }
    }
}

extension EPCISEvent.Action {
    fileprivate var hashedName: String {
        switch self {
        case .add: "ADD"
        case .observe: "OBSERVE"
        case .delete: "DELETE"
        }
    }
}
