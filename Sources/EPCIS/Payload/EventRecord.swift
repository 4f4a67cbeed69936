import GS1
import TraceProof

/// A payload that is known to be an event's, from which fields are read when they are asked for.
final class EventRecord: Sendable {
    let payload: [UInt8]
    fileprivate let index: PayloadIndex
    private let time: CompactTime
    private let own: Int

    /// Checks every byte; `nil` where the reader of ``EventFields`` has to look (``PayloadScan``).
    init?(scanning payload: [UInt8]) {
        guard let scan = PayloadScan.scan(payload.span) else { return nil }
        self.payload = payload
        (index, time, own) = (scan.index, scan.eventTime, scan.own)
    }

    /// All fields at once.
    var values: EventFields {
        do throws(FormatError) { return try EventFields(payload: payload) } catch {
            // Unreachable: what the scan accepts the reader accepts (PayloadScanTests).
            assertionFailure(error.reason)
            return EventFields(kind: kind, eventTime: eventTime, eventTimeZoneOffset: eventTimeZoneOffset)
        }
    }

    var kind: EPCISEvent.Kind {
        index[PayloadKey.type].flatMap { EPCISEvent.Kind(rawValue: Int(payload[$0])) } ?? .object
    }

    var eventTime: Timestamp { time.spelt(own: own) }

    var eventTimeZoneOffset: TimeZoneOffset { TimeZoneOffset(checked: own) }

    /// The value of this key; `nil` where the event has none.
    fileprivate func read<Value>(
        _ key: Int64,
        _ value: (inout CBORReader) throws(FormatError) -> Value
    ) -> Value? {
        guard let offset = index[key] else { return nil }
        var reader = CBORReader(rereading: payload, at: offset, format: payloadFormat)
        do throws(FormatError) { return try value(&reader) } catch {
            assertionFailure(error.reason)
            return nil
        }
    }
}

extension EventRecord {
    func time(_ key: Int64) -> Timestamp? { read(key) { reader throws(FormatError) in try reader.time(own: own) } }

    func identifier(_ key: Int64) -> Identifier? {
        guard let offset = index[key] else { return nil }
        let payload = payload
        if let read = PayloadScan.identifier(payload.span, at: offset) { return read }
        return read(key) { reader throws(FormatError) in try reader.identifier() }
    }

    func identifiers(_ key: Int64) -> [Identifier]? {
        guard let offset = index[key] else { return nil }
        let payload = payload
        if let read = PayloadScan.identifiers(payload.span, at: offset) { return read }
        return read(key) { reader throws(FormatError) in try reader.identifiers() }
    }

    func quantities(_ key: Int64) -> [QuantityElement]? {
        read(key) { reader throws(FormatError) in try reader.quantities() }
    }

    func term(_ key: Int64, _ vocabulary: Vocabulary) -> Term? {
        guard let offset = index[key] else { return nil }
        // Most terms are bare, and their code is below 24.
        if payload[offset] < 24 { return vocabulary.term(Int(payload[offset])) }
        return read(key) { reader throws(FormatError) in try reader.term(vocabulary) }
    }

    func location(_ key: Int64) -> Location? {
        guard let offset = index[key] else { return nil }
        let payload = payload
        if let id = PayloadScan.identifier(payload.span, at: offset) { return Location(id) }
        return read(key) { reader throws(FormatError) in try reader.location() }
    }

    func ends(_ key: Int64) -> [SourceOrDestination]? { read(key) { reader throws(FormatError) in try reader.ends() } }

    func fields(_ key: Int64) -> [Field]? {
        read(key) { reader throws(FormatError) in try reader.fields(try reader.map()) }
    }

    var action: EPCISEvent.Action? { read(PayloadKey.action) { reader throws(FormatError) in try reader.action() } }

    var persistentDisposition: PersistentDisposition? {
        read(PayloadKey.persistentDisposition) { reader throws(FormatError) in try reader.persistentDisposition() }
    }

    var bizTransactionList: [BusinessTransaction]? {
        read(PayloadKey.bizTransactionList) { reader throws(FormatError) in
            try reader.list { reader throws(FormatError) in try reader.bizTransaction() }
        }
    }

    var sensorElementList: [SensorElement]? {
        read(PayloadKey.sensorElementList) { reader throws(FormatError) in
            try reader.list { reader throws(FormatError) in try reader.sensorElement(own: own) }
        }
    }

    var certificationInfo: CertificationInfo? {
        read(PayloadKey.certificationInfo) { reader throws(FormatError) in try reader.certificationInfo() }
    }

    var errorDeclaration: ErrorDeclaration? {
        read(PayloadKey.errorDeclaration) { reader throws(FormatError) in try reader.errorDeclaration(own: own) }
    }

    var namespaces: [Namespace] {
        read(PayloadKey.namespaces) { reader throws(FormatError) in try reader.namespaces() } ?? []
    }

    var items: ItemTreeRoot? { read(PayloadKey.items) { reader throws(FormatError) in try reader.items() } }

    var context: FieldValue? { read(PayloadKey.context) { reader throws(FormatError) in try reader.value() } }
}
