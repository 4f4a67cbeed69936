package import EPCIS

extension EPCISEvent.Kind {
    /// The value of `type`.
    package var name: String {
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
    /// The value of `action`.
    package var name: String {
        switch self {
        case .add: "ADD"
        case .observe: "OBSERVE"
        case .delete: "DELETE"
        }
    }
}

extension EPCISEvent {
    /// The event that a JSON object is, without namespaces and context (see ``ContextReader``).
    ///
    /// Every member goes where its name says, and to ``extensions`` where no field of the model has the name or where a
    /// valid shape of it does not fit the field.
    init(json object: JSONValue) throws(Refusal) {
        let members = try object.members("an event")
        self.init(
            kind: try Self.kind(of: object),
            eventTime: try object.required("eventTime", of: "the event", "say when it happened")
                .timestamp("eventTime"),
            eventTimeZoneOffset: try object.required(
                "eventTimeZoneOffset",
                of: "the event",
                "say the local offset at its place, e.g. +08:00"
            ).timeZoneOffset("eventTimeZoneOffset")
        )
        for member in members {
            if try take(what: member) { continue }
            if try take(whyWhereHow: member) { continue }
            extensions.append(member.field)
        }
        sortNames()
    }

    private static func kind(of object: JSONValue) throws(Refusal) -> Kind {
        let names = Kind.allCases.map(\.name).joined(separator: ", ")
        let remedy = object["isA"] == nil ? "write one of \(names)" : "\"isA\" is of an old draft, rename it"
        let value = try object.required("type", of: "the event", remedy)
        let text = try value.string("type")
        guard let kind = Kind.allCases.first(where: { $0.name.isExactly(text) }) else {
            throw Refusal(value.offset, "\"type\" is \"\(text)\", which is no EPCIS 2.0 event: write one of \(names)")
        }
        return kind
    }

    /// Takes a member about the event itself or its objects; false where it is none.
    private mutating func take(what member: JSONMember) throws(Refusal) -> Bool {
        let (name, value) = (member.name, member.value)
        switch name {
        case "@context", "type", "eventTime", "eventTimeZoneOffset": break
        case "recordTime": recordTime = try value.timestamp(name)
        case "eventID": eventID = try value.string(name)
        case "errorDeclaration": errorDeclaration = try ErrorDeclaration(json: value)
        case "certificationInfo": certificationInfo = try CertificationInfo(json: value)
        case "action": action = try Self.action(value)
        case "epcList": epcList = try value.identifiers(name)
        case "quantityList": quantityList = try value.quantities(name)
        case "parentID": parentID = try value.identifier(name)
        case "childEPCs": childEPCs = try value.identifiers(name)
        case "childQuantityList": childQuantityList = try value.quantities(name)
        case "inputEPCList": inputEPCList = try value.identifiers(name)
        case "inputQuantityList": inputQuantityList = try value.quantities(name)
        case "outputEPCList": outputEPCList = try value.identifiers(name)
        case "outputQuantityList": outputQuantityList = try value.quantities(name)
        case "transformationID": transformationID = try value.identifier(name)
        default: return false
        }
        return true
    }

    /// Takes a member about why, where or how; false where it is none.
    private mutating func take(whyWhereHow member: JSONMember) throws(Refusal) -> Bool {
        let (name, value) = (member.name, member.value)
        switch name {
        case "bizStep": bizStep = try value.term(name)
        case "disposition": disposition = try value.term(name)
        case "persistentDisposition":
            guard let states = try PersistentDisposition(json: value) else { return false }
            persistentDisposition = states
        case "bizTransactionList":
            bizTransactionList = try value.list(name) { item throws(Refusal) in try BusinessTransaction(json: item) }
        case "sourceList": sourceList = try value.ends("source", name)
        case "destinationList": destinationList = try value.ends("destination", name)
        case "readPoint": readPoint = try Location(json: value, name)
        case "bizLocation": bizLocation = try Location(json: value, name)
        case "sensorElementList":
            sensorElementList = try value.list(name) { item throws(Refusal) in try SensorElement(json: item) }
        case "ilmd": ilmd = try value.members(name).fields
        default: return false
        }
        return true
    }

    private static func action(_ value: JSONValue) throws(Refusal) -> Action {
        let text = try value.string("action")
        guard let action = Action.allCases.first(where: { $0.name.isExactly(text) }) else {
            throw Refusal(value.offset, "\"action\" is \"\(text)\": write ADD, OBSERVE or DELETE")
        }
        return action
    }
}
