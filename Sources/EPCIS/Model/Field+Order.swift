/// The one order of names that every reader gives an event, so that the same content is the same value.
///
/// JSON objects have no order and deterministic CBOR has its own (RFC 8949 section 4.2.1: the bytes of the encoded key,
/// hence shorter texts first, then byte by byte). Readers therefore end with ``EPCISEvent/sortNames()``, after which
/// `==` compares events from JSON and from CBOR by what they say.
enum NameOrder {
    /// Whether `left` comes before `right` as a CBOR map key.
    static func precedes(_ left: String, _ right: String) -> Bool {
        let (leftCount, rightCount) = (left.utf8.count, right.utf8.count)
        if leftCount != rightCount { return leftCount < rightCount }
        return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

extension [Field] {
    /// Puts the fields, and those within their values, in the order of deterministic CBOR map keys.
    public mutating func sortNames() {
        for index in indices { self[index].value.sortNames() }
        if count > 1 { sort { NameOrder.precedes($0.name, $1.name) } }
    }
}

extension FieldValue {
    /// Puts the fields of every object within in the order of deterministic CBOR map keys; lists keep theirs.
    public mutating func sortNames() {
        switch self {
        case .null, .boolean, .number, .text: break
        case .list(var values):
            for index in values.indices { values[index].sortNames() }
            self = .list(values)
        case .fields(var fields):
            fields.sortNames()
            self = .fields(fields)
        }
    }
}

extension [Namespace] {
    /// Puts the namespaces in the order of their prefixes as deterministic CBOR map keys.
    public mutating func sortNames() {
        if count > 1 { sort { NameOrder.precedes($0.prefix, $1.prefix) } }
    }
}

extension EPCISEvent {
    /// Puts every extension field, at any depth, the ILMD, the namespaces and the context in the one order of names.
    public mutating func sortNames() {
        // A payload has that order.
        if record == nil { values.sortNames() }
    }
}

extension EventFields {
    mutating func sortNames() {
        extensions.sortNames()
        ilmd?.sortNames()
        namespaces.sortNames()
        context?.sortNames()
        errorDeclaration?.extensions.sortNames()
        readPoint?.extensions.sortNames()
        bizLocation?.extensions.sortNames()
        sortEach(&quantityList)
        sortEach(&childQuantityList)
        sortEach(&inputQuantityList)
        sortEach(&outputQuantityList)
        sortEach(&bizTransactionList)
        sortEach(&sourceList)
        sortEach(&destinationList)
        sortSensorElements()
    }

    private mutating func sortSensorElements() {
        guard var elements = sensorElementList else { return }
        for index in elements.indices {
            elements[index].extensions.sortNames()
            elements[index].sensorMetadata?.extensions.sortNames()
            for report in elements[index].sensorReport.indices {
                elements[index].sensorReport[report].extensions.sortNames()
            }
        }
        sensorElementList = elements
    }
}

/// A part of an event that holds further fields.
protocol Extensible {
    var extensions: [Field] { get set }
}

extension QuantityElement: Extensible {}
extension BusinessTransaction: Extensible {}
extension SourceOrDestination: Extensible {}

private func sortEach(_ list: inout [some Extensible]?) {
    guard var parts = list else { return }
    for index in parts.indices { parts[index].extensions.sortNames() }
    list = parts
}
