import GS1
public import TraceProof

extension EPCISEvent {
    /// The event as the payload of a statement of kind 65001: one deterministic CBOR map (`Docs/Formats/EventPayload.md`).
    ///
    /// Nothing is lost: `EPCISEvent(payload:)` gives back this event, its fields and namespaces in the one order of
    /// names (``sortNames()``).
    ///
    /// - Throws: ``FormatError`` where two fields of one object have one name, where an extension is nested deeper than
    ///   the payload's 16 levels allow, or where certificates that are not a list are not exactly one.
    public func payload() throws(FormatError) -> [UInt8] {
        var sorted = values
        try sorted.checkNesting()
        sorted.sortNames()
        try sorted.checkNames()
        var writer = CBORWriter(capacity: 256)
        writer.map { sorted.write(to: &$0) }
        return writer.output
    }

    /// The event in `payload`, whose every byte must be what ``payload()`` writes, except that identifiers, terms, times,
    /// offsets and namespaces may stand as text where a shorter form exists.
    ///
    /// - Throws: ``FormatError`` with the offset of what is not so; a key or code of a newer version is named as such.
    public init(payload: [UInt8]) throws(FormatError) {
        record = EventRecord(scanning: payload)
        if record == nil { box = [try EventFields(payload: payload)] }
    }

    /// As ``init(payload:)``, but with all fields as values: for tests, which compare the two.
    package init(readingAll payload: [UInt8]) throws(FormatError) { box = [try EventFields(payload: payload)] }

    /// Whether the fields still stand in the payload: for tests.
    package var isRecord: Bool { record != nil }
}

extension EventFields {
    /// The strict reader: what a payload is, and why one is refused.
    init(payload: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: payload, format: payloadFormat)
        var remaining = try reader.map()
        self = try reader.head(&remaining)
        let own = eventTimeZoneOffset.minutes
        while remaining > 0 {
            switch try reader.peek() {
            case .unsigned: try readDimension(try reader.integer(), &reader, own)
            case .negative: try readRest(try reader.integer(), &reader, own)
            case .simple:
                throw reader.refuse(
                    "a committed field: the payload was made by a newer version, update this program to read it"
                )
            default: throw reader.refuse("a key that is not an integer")
            }
            remaining -= 1
        }
    }

    fileprivate func write(to map: inout CBORMapWriter) {
        let own = eventTimeZoneOffset.minutes
        map.entry(PayloadKey.type) { $0.integer(Int64(kind.rawValue)) }
        map.time(PayloadKey.eventTime, eventTime, own)
        map.entry(PayloadKey.eventTimeZoneOffset) { $0.offset(eventTimeZoneOffset) }
        map.time(PayloadKey.recordTime, recordTime, own)
        map.identifier(PayloadKey.eventID, eventID.map { Identifier($0) })
        if let action { map.entry(PayloadKey.action) { $0.integer(Int64(action.rawValue)) } }
        map.identifiers(PayloadKey.epcList, epcList)
        map.quantities(PayloadKey.quantityList, quantityList)
        map.identifier(PayloadKey.parentID, parentID)
        map.identifiers(PayloadKey.childEPCs, childEPCs)
        map.quantities(PayloadKey.childQuantityList, childQuantityList)
        map.identifiers(PayloadKey.inputEPCList, inputEPCList)
        map.quantities(PayloadKey.inputQuantityList, inputQuantityList)
        map.identifiers(PayloadKey.outputEPCList, outputEPCList)
        map.quantities(PayloadKey.outputQuantityList, outputQuantityList)
        map.identifier(PayloadKey.transformationID, transformationID)
        map.term(PayloadKey.bizStep, bizStep, .bizSteps)
        map.term(PayloadKey.disposition, disposition, .dispositions)
        if let persistentDisposition {
            map.entry(PayloadKey.persistentDisposition) { $0.persistentDisposition(persistentDisposition) }
        }
        if let readPoint { map.entry(PayloadKey.readPoint) { $0.location(readPoint) } }
        if let bizLocation { map.entry(PayloadKey.bizLocation) { $0.location(bizLocation) } }
        writeTransfers(to: &map)
        writeRest(to: &map, own)
    }

    private func writeTransfers(to map: inout CBORMapWriter) {
        if let bizTransactionList {
            map.entry(PayloadKey.bizTransactionList) { writer in
                writer.array(bizTransactionList.count)
                for entry in bizTransactionList {
                    writer.typed(entry.type, .bizTransactionTypes, entry.bizTransaction, entry.extensions)
                }
            }
        }
        map.ends(PayloadKey.sourceList, sourceList)
        map.ends(PayloadKey.destinationList, destinationList)
    }

    private func writeRest(to map: inout CBORMapWriter, _ own: Int) {
        if let sensorElementList {
            map.entry(PayloadKey.sensorElementList) { writer in
                writer.array(sensorElementList.count)
                for element in sensorElementList { writer.sensorElement(element, own: own) }
            }
        }
        if let ilmd { map.entry(PayloadKey.ilmd) { $0.fields(ilmd) } }
        if let certificationInfo {
            map.entry(PayloadKey.certificationInfo) { $0.certificationInfo(certificationInfo) }
        }
        if let errorDeclaration {
            map.entry(PayloadKey.errorDeclaration) { $0.errorDeclaration(errorDeclaration, own: own) }
        }
        if !extensions.isEmpty { map.entry(PayloadKey.extensions) { $0.fields(extensions) } }
        if !namespaces.isEmpty { map.entry(PayloadKey.namespaces) { $0.namespaces(namespaces) } }
        if let context { map.entry(PayloadKey.context) { $0.value(context) } }
        if let items { map.entry(PayloadKey.items) { $0.items(items) } }
    }

    private mutating func readDimension(_ key: Int64, _ reader: inout CBORReader, _ own: Int) throws(FormatError) {
        switch key {
        case PayloadKey.recordTime: recordTime = try reader.time(own: own)
        case PayloadKey.eventID: eventID = try reader.identifier().text
        case PayloadKey.action: action = try reader.action()
        case PayloadKey.epcList: epcList = try reader.identifiers()
        case PayloadKey.quantityList: quantityList = try reader.quantities()
        case PayloadKey.parentID: parentID = try reader.identifier()
        case PayloadKey.childEPCs: childEPCs = try reader.identifiers()
        case PayloadKey.childQuantityList: childQuantityList = try reader.quantities()
        case PayloadKey.inputEPCList: inputEPCList = try reader.identifiers()
        case PayloadKey.inputQuantityList: inputQuantityList = try reader.quantities()
        case PayloadKey.outputEPCList: outputEPCList = try reader.identifiers()
        case PayloadKey.outputQuantityList: outputQuantityList = try reader.quantities()
        case PayloadKey.transformationID: transformationID = try reader.identifier()
        case PayloadKey.bizStep: bizStep = try reader.term(.bizSteps)
        case PayloadKey.disposition: disposition = try reader.term(.dispositions)
        case PayloadKey.persistentDisposition: persistentDisposition = try reader.persistentDisposition()
        case PayloadKey.readPoint: readPoint = try reader.location()
        case PayloadKey.bizLocation: bizLocation = try reader.location()
        case PayloadKey.bizTransactionList:
            bizTransactionList = try reader.list { reader throws(FormatError) in try reader.bizTransaction() }
        case PayloadKey.sourceList: sourceList = try reader.ends()
        case PayloadKey.destinationList: destinationList = try reader.ends()
        default: throw reader.refuse(newerVersion("key \(key)"))
        }
    }

    private mutating func readRest(_ key: Int64, _ reader: inout CBORReader, _ own: Int) throws(FormatError) {
        switch key {
        case PayloadKey.sensorElementList:
            sensorElementList = try reader.list { reader throws(FormatError) in try reader.sensorElement(own: own) }
        case PayloadKey.ilmd: ilmd = try reader.fields(try reader.map())
        case PayloadKey.certificationInfo: certificationInfo = try reader.certificationInfo()
        case PayloadKey.errorDeclaration: errorDeclaration = try reader.errorDeclaration(own: own)
        case PayloadKey.extensions:
            extensions = try reader.fields(try reader.map())
            guard !extensions.isEmpty else { throw reader.refuse("an empty map of extensions is left out") }
        case PayloadKey.namespaces: namespaces = try reader.namespaces()
        case PayloadKey.context: context = try reader.value()
        case PayloadKey.items: items = try reader.items()
        default: throw reader.refuse(newerVersion("key \(key)"))
        }
    }
}

extension CBORMapWriter {
    fileprivate mutating func ends(_ key: Int64, _ ends: [SourceOrDestination]?) {
        guard let ends else { return }
        entry(key) { writer in
            writer.array(ends.count)
            for end in ends { writer.typed(end.type, .sourceDestinationTypes, end.id, end.extensions) }
        }
    }
}

extension CBORReader {
    /// The three fields that every event has.
    fileprivate mutating func head(_ remaining: inout Int) throws(FormatError) -> EventFields {
        try key(PayloadKey.type, &remaining)
        let code = try unsigned()
        guard let kind = EPCISEvent.Kind(rawValue: Int(clamping: code)) else {
            throw refuse(newerVersion("event type \(code)"))
        }
        try key(PayloadKey.eventTime, &remaining)
        let time = try rawTime()
        try key(PayloadKey.eventTimeZoneOffset, &remaining)
        let offset = try timeZoneOffset()
        return EventFields(
            kind: kind,
            eventTime: try resolve(time, own: offset.minutes),
            eventTimeZoneOffset: offset
        )
    }

    private mutating func key(_ key: Int64, _ remaining: inout Int) throws(FormatError) {
        guard remaining > 0, try peek() == .unsigned, try integer() == key else {
            throw refuse("an event begins with its type, time and offset (keys 0, 1, 2)")
        }
        remaining -= 1
    }

    mutating func action() throws(FormatError) -> EPCISEvent.Action {
        let code = try unsigned()
        guard let action = EPCISEvent.Action(rawValue: Int(clamping: code)) else {
            throw refuse(newerVersion("action \(code)"))
        }
        return action
    }

    mutating func quantities() throws(FormatError) -> [QuantityElement] {
        try list { reader throws(FormatError) in try reader.quantity() }
    }

    mutating func ends() throws(FormatError) -> [SourceOrDestination] {
        try list { reader throws(FormatError) in try reader.sourceOrDestination() }
    }
}
