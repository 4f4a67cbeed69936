internal import EPCIS
internal import GS1

/// Collects the members of an object in the order of the calls; what is `nil` leaves no member.
struct ObjectBuilder {
    private(set) var members: [JSONMember] = []

    var value: JSONValue { JSONValue(.object(members)) }

    mutating func add(_ name: String, _ value: JSONValue?) {
        if let value { members.append(JSONMember(name, value)) }
    }

    mutating func add(_ name: String, _ text: String?) { add(name, text.map { JSONValue(.string($0)) }) }
    mutating func add(_ name: String, _ id: Identifier?) { add(name, id?.text) }
    mutating func add(_ name: String, _ term: Term?) { add(name, term?.text) }
    mutating func add(_ name: String, _ time: Timestamp?) { add(name, time?.text) }
    mutating func add(_ name: String, _ number: Number?) { add(name, number.map { JSONValue(.number($0)) }) }
    mutating func add(_ name: String, _ flag: Bool?) { add(name, flag.map { JSONValue(.boolean($0)) }) }

    mutating func add<Item>(_ name: String, _ list: [Item]?, _ each: (Item) -> JSONValue) {
        add(name, list.map { JSONValue(.array($0.map(each))) })
    }

    mutating func add(_ name: String, _ ids: [Identifier]?) { add(name, ids) { JSONValue(.string($0.text)) } }
    mutating func add(_ name: String, _ terms: [Term]?) { add(name, terms) { JSONValue(.string($0.text)) } }

    /// Extension fields, after everything else. A field whose name is already there is left out: names are unique.
    mutating func add(_ fields: [Field]) {
        let known = members.count
        for field in fields where !members.prefix(known).contains(where: { $0.name.isExactly(field.name) }) {
            add(field.name, JSONValue(field: field.value))
        }
    }
}
