import GS1
import TraceProof

extension CBORWriter {
    mutating func quantities(_ quantities: [QuantityElement]) {
        array(quantities.count)
        for quantity in quantities { self.quantity(quantity) }
    }

    private mutating func quantity(_ element: QuantityElement) {
        guard element.extensions.isEmpty else {
            return map { map in
                map.entry(0) { $0.identifier(element.epcClass) }
                if let quantity = element.quantity { map.entry(1) { $0.number(quantity) } }
                if let uom = element.uom { map.entry(2) { $0.text(uom) } }
                map.fields(element.extensions)
            }
        }
        array(element.uom != nil ? 3 : element.quantity != nil ? 2 : 1)
        identifier(element.epcClass)
        if let quantity = element.quantity { number(quantity) } else if element.uom != nil { null() }
        if let uom = element.uom { text(uom) }
    }

    mutating func location(_ location: Location) {
        guard !location.extensions.isEmpty else { return identifier(location.id) }
        map { map in
            map.entry(0) { $0.identifier(location.id) }
            map.fields(location.extensions)
        }
    }

    mutating func typed(_ type: Term?, _ vocabulary: Vocabulary, _ id: Identifier, _ extensions: [Field]) {
        guard extensions.isEmpty else {
            return map { map in
                if let type { map.entry(0) { $0.term(type, vocabulary) } }
                map.entry(1) { $0.identifier(id) }
                map.fields(extensions)
            }
        }
        array(type == nil ? 1 : 2)
        if let type { term(type, vocabulary) }
        identifier(id)
    }

    mutating func persistentDisposition(_ disposition: PersistentDisposition) {
        map { map in
            if let set = disposition.set { map.entry(0) { $0.terms(set, .dispositions) } }
            if let unset = disposition.unset { map.entry(1) { $0.terms(unset, .dispositions) } }
        }
    }

    mutating func errorDeclaration(_ declaration: ErrorDeclaration, own: Int) {
        map { map in
            map.entry(0) { $0.time(declaration.declarationTime, own: own) }
            if let reason = declaration.reason { map.entry(1) { $0.term(reason, .errorReasons) } }
            if let ids = declaration.correctiveEventIDs {
                map.entry(2) { writer in
                    writer.array(ids.count)
                    for id in ids { writer.identifier(Identifier(id)) }
                }
            }
            map.fields(declaration.extensions)
        }
    }

    mutating func certificationInfo(_ info: CertificationInfo) {
        if info.isList { array(info.references.count) }
        for reference in info.references { text(reference) }
    }
}

/// The integer keys of a map that text keys may follow, asked for in ascending order.
struct PayloadMap {
    private var remaining: Int
    private let name: String

    init(_ reader: inout CBORReader, _ name: String) throws(FormatError) {
        remaining = try reader.map()
        self.name = name
    }

    /// Steps over the next key if it is this one.
    mutating func has(_ key: UInt64, _ reader: inout CBORReader) throws(FormatError) -> Bool {
        guard remaining > 0, try reader.peek() == .unsigned else { return false }
        var ahead = reader
        guard try ahead.unsigned() == key else { return false }
        reader = ahead
        remaining -= 1
        return true
    }

    /// Steps over this key, which must be there.
    mutating func need(_ key: UInt64, _ reader: inout CBORReader) throws(FormatError) {
        guard try has(key, &reader) else {
            throw reader.refuse("\(name) without key \(key), or with a key of a newer version")
        }
    }

    /// The entries with text keys, which end the map.
    mutating func fields(_ reader: inout CBORReader) throws(FormatError) -> [Field] {
        guard remaining > 0 else { return [] }
        guard try reader.peek() == .text else { throw reader.refuse(newerVersion("a key of \(name)")) }
        return try reader.fields(remaining)
    }

    /// As ``fields(_:)``, where a map without them has a shorter form.
    mutating func someFields(_ reader: inout CBORReader) throws(FormatError) -> [Field] {
        let fields = try fields(&reader)
        guard !fields.isEmpty else { throw reader.refuse("\(name) without extensions is not written as a map") }
        return fields
    }
}

extension CBORReader {
    mutating func list<Item>(_ read: (inout CBORReader) throws(FormatError) -> Item) throws(FormatError) -> [Item] {
        var items: [Item] = []
        for _ in 0..<(try array()) { items.append(try read(&self)) }
        return items
    }

    mutating func quantity() throws(FormatError) -> QuantityElement {
        if try peek() == .map {
            var map = try PayloadMap(&self, "a quantity")
            try map.need(0, &self)
            let epcClass = try identifier()
            let quantity = try map.has(1, &self) ? try number() : nil
            let uom = try map.has(2, &self) ? try text() : nil
            return QuantityElement(
                epcClass: epcClass,
                quantity: quantity,
                uom: uom,
                extensions: try map.someFields(&self)
            )
        }
        let count = try array()
        guard (1...3).contains(count) else { throw refuse("a quantity has 1 to 3 parts") }
        var element = QuantityElement(epcClass: try identifier())
        if count == 3, try peek() == .null { try null() } else if count > 1 { element.quantity = try number() }
        if count == 3 { element.uom = try text() }
        return element
    }

    mutating func location() throws(FormatError) -> Location {
        guard try peek() == .map else { return Location(try identifier()) }
        var map = try PayloadMap(&self, "a location")
        try map.need(0, &self)
        return Location(try identifier(), extensions: try map.someFields(&self))
    }

    private mutating func typed(
        _ vocabulary: Vocabulary
    ) throws(FormatError) -> (type: Term?, id: Identifier, extensions: [Field]) {
        if try peek() == .map {
            var map = try PayloadMap(&self, "a business document, source or destination")
            let type = try map.has(0, &self) ? try term(vocabulary) : nil
            try map.need(1, &self)
            return (type, try identifier(), try map.someFields(&self))
        }
        let count = try array()
        guard (1...2).contains(count) else {
            throw refuse("a business document, source or destination has 1 or 2 parts")
        }
        return (count == 2 ? try term(vocabulary) : nil, try identifier(), [])
    }

    mutating func bizTransaction() throws(FormatError) -> BusinessTransaction {
        let (type, id, extensions) = try typed(.bizTransactionTypes)
        return BusinessTransaction(type: type, bizTransaction: id, extensions: extensions)
    }

    mutating func sourceOrDestination() throws(FormatError) -> SourceOrDestination {
        let (type, id, extensions) = try typed(.sourceDestinationTypes)
        guard let type else { throw refuse("a source or destination without a type") }
        return SourceOrDestination(type: type, id: id, extensions: extensions)
    }

    mutating func persistentDisposition() throws(FormatError) -> PersistentDisposition {
        var map = try PayloadMap(&self, "a persistent disposition")
        var disposition = PersistentDisposition()
        if try map.has(0, &self) { disposition.set = try terms(.dispositions) }
        if try map.has(1, &self) { disposition.unset = try terms(.dispositions) }
        guard try map.fields(&self).isEmpty else { throw refuse("a persistent disposition has no further fields") }
        return disposition
    }

    mutating func errorDeclaration(own: Int) throws(FormatError) -> ErrorDeclaration {
        var map = try PayloadMap(&self, "an error declaration")
        try map.need(0, &self)
        var declaration = ErrorDeclaration(declarationTime: try time(own: own))
        if try map.has(1, &self) { declaration.reason = try term(.errorReasons) }
        if try map.has(2, &self) {
            declaration.correctiveEventIDs = try list { reader throws(FormatError) in try reader.identifier().text }
        }
        declaration.extensions = try map.fields(&self)
        return declaration
    }

    mutating func certificationInfo() throws(FormatError) -> CertificationInfo {
        guard try peek() == .array else { return CertificationInfo(references: [try text()], isList: false) }
        return CertificationInfo(
            references: try list { reader throws(FormatError) in try reader.text() },
            isList: true
        )
    }
}
