internal import EPCIS
internal import GS1

extension ErrorDeclaration {
    init(json object: JSONValue) throws(Refusal) {
        let members = try object.members("errorDeclaration")
        let time = try object.required("declarationTime", of: "errorDeclaration", "say when it was declared")
        self.init(declarationTime: try time.timestamp("declarationTime"))
        for member in members {
            switch member.name {
            case "declarationTime": break
            case "reason": reason = try member.value.term("reason")
            case "correctiveEventIDs": correctiveEventIDs = try member.value.strings("correctiveEventIDs")
            default: extensions.append(member.field)
            }
        }
    }
}

extension CertificationInfo {
    init(json value: JSONValue) throws(Refusal) {
        switch value.content {
        case .string(let text): self.init(references: [text], isList: false)
        case .array: self.init(references: try value.strings("certificationInfo"), isList: true)
        default: throw value.wrong("certificationInfo", mustBe: "a URI in a string or an array of them")
        }
    }
}

extension PersistentDisposition {
    /// `nil` where the object is valid but says more than the two lists, or says them in another shape: the event then
    /// keeps all of it as an extension field.
    init?(json object: JSONValue) throws(Refusal) {
        self.init()
        for member in try object.members("persistentDisposition") {
            guard case .array(let values) = member.value.content else {
                if case .string = member.value.content { return nil }
                guard member.name == "set" || member.name == "unset" else { return nil }
                throw member.value.wrong(member.name, mustBe: "an array of terms")
            }
            var terms: [Term] = []
            switch member.name {
            case "set", "unset":
                for value in values { terms.append(try value.term(member.name)) }
            default: return nil
            }
            if member.name == "set" { set = terms } else { unset = terms }
        }
    }
}

extension Location {
    init(json object: JSONValue, _ field: String) throws(Refusal) {
        let members = try object.members(field)
        let id = try object.required("id", of: field, "say which place, as a URI").identifier("id")
        self.init(id, extensions: members.compactMap { $0.name == "id" ? nil : $0.field })
    }
}

extension BusinessTransaction {
    init(json object: JSONValue) throws(Refusal) {
        let members = try object.members("bizTransactionList")
        let document = try object.required("bizTransaction", of: "the business transaction", "name the document")
        self.init(type: nil, bizTransaction: try document.identifier("bizTransaction"))
        for member in members {
            switch member.name {
            case "bizTransaction": break
            case "type": type = try member.value.term("type")
            default: extensions.append(member.field)
            }
        }
    }
}

extension QuantityElement {
    init(json object: JSONValue, _ field: String) throws(Refusal) {
        let members = try object.members(field)
        let epcClass = try object.required("epcClass", of: "an element of \(field)", "name the class of objects")
        self.init(epcClass: try epcClass.identifier("epcClass"))
        for member in members {
            switch member.name {
            case "epcClass": break
            case "quantity": quantity = try member.value.number("quantity")
            case "uom": uom = try member.value.string("uom")
            default: extensions.append(member.field)
            }
        }
    }
}

extension SourceOrDestination {
    /// `role` is `source` or `destination`, which is also the name of the member with the id.
    init(json object: JSONValue, role: String, _ field: String) throws(Refusal) {
        let members = try object.members(field)
        let type = try object.required("type", of: "an element of \(field)", "e.g. owning_party, or location")
        let id = try object.required(role, of: "an element of \(field)", "name the party or location as a URI")
        self.init(type: try type.term("type"), id: try id.identifier(role))
        for member in members where member.name != "type" && member.name != role { extensions.append(member.field) }
    }
}

extension JSONValue {
    func quantities(_ field: String) throws(Refusal) -> [QuantityElement] {
        try list(field) { item throws(Refusal) in try QuantityElement(json: item, field) }
    }

    func ends(_ role: String, _ field: String) throws(Refusal) -> [SourceOrDestination] {
        try list(field) { item throws(Refusal) in try SourceOrDestination(json: item, role: role, field) }
    }
}
