import GS1
import TraceProof

/// One pass over a payload that allocates nothing: whether it is an event's, byte for byte, and where its fields stand.
///
/// It accepts only what the reader of ``EventFields`` accepts, and says nothing about the rest: `false` means that the
/// reader has to look, which either refuses with place and reason or knows something rarer than this scan. So it needs no
/// errors, and what is a payload is still said in one place. Each function checks the item at ``at`` and steps over it.
struct PayloadScan {
    /// The place of the next item.
    var cursor = CBORCursor()
    /// Its offset.
    var at: Int {
        get { cursor.at }
        set { cursor.at = newValue }
    }
    /// The event's time, and its own offset from UTC in minutes.
    var (eventTime, own) = (CompactTime(count: 0, digits: 0, zone: .own), 0)
    /// Where the values of the event's map stand.
    var index = PayloadIndex()

    /// Scans a whole payload; `nil` where the reader has to look.
    static func scan(_ bytes: Span<UInt8>) -> PayloadScan? {
        var scan = PayloadScan()
        return scan.event(bytes) && scan.at == bytes.count ? scan : nil
    }

    private mutating func event(_ bytes: Span<UInt8>) -> Bool {
        guard let count = head(bytes, 5), count >= 3, begin(bytes) else { return false }
        var previous: UInt8 = 2
        for _ in 3..<count {
            guard at < bytes.count else { return false }
            let key = bytes[at]
            // Every key is one byte, so their bytes are their order.
            guard key > previous, index.set(key, at &+ 1) else { return false }
            at &+= 1
            previous = key
            guard key < 0x20 ? dimension(bytes, key) : rest(bytes, key) else { return false }
        }
        return true
    }

    /// Type, time and offset, of which the time is judged by the offset behind it.
    private mutating func begin(_ bytes: Span<UInt8>) -> Bool {
        guard skip(bytes, 0), index.set(0, at), code(bytes, below: 5), skip(bytes, 1), let time = rawTime(bytes),
            skip(bytes, 2), let minutes = integer(bytes), (-840...840).contains(minutes)
        else { return false }
        (eventTime, own) = (time, Int(minutes))
        return time.zone != .offset(own) && time.isTime(own: own)
    }

    private mutating func dimension(_ bytes: Span<UInt8>, _ key: UInt8) -> Bool {
        switch Int64(key) {
        case PayloadKey.recordTime: time(bytes)
        case PayloadKey.eventID, PayloadKey.parentID, PayloadKey.transformationID: identifier(bytes)
        case PayloadKey.action: code(bytes, below: 3)
        case PayloadKey.epcList, PayloadKey.childEPCs, PayloadKey.inputEPCList, PayloadKey.outputEPCList:
            identifiers(bytes)
        case PayloadKey.quantityList, PayloadKey.childQuantityList, PayloadKey.inputQuantityList,
            PayloadKey.outputQuantityList:
            list(bytes, .quantity)
        case PayloadKey.bizStep: term(bytes, .bizSteps)
        case PayloadKey.disposition: term(bytes, .dispositions)
        case PayloadKey.persistentDisposition: persistentDisposition(bytes)
        case PayloadKey.readPoint, PayloadKey.bizLocation: location(bytes)
        case PayloadKey.bizTransactionList: list(bytes, .bizTransaction)
        case PayloadKey.sourceList, PayloadKey.destinationList: list(bytes, .end)
        default: false
        }
    }

    private mutating func rest(_ bytes: Span<UInt8>, _ key: UInt8) -> Bool {
        switch ~Int64(key & 31) {
        case PayloadKey.sensorElementList: list(bytes, .sensorElement)
        case PayloadKey.ilmd: fieldMap(bytes, least: 0)
        case PayloadKey.certificationInfo: certificationInfo(bytes)
        case PayloadKey.errorDeclaration: errorDeclaration(bytes)
        case PayloadKey.extensions: fieldMap(bytes, least: 1)
        case PayloadKey.namespaces: namespaces(bytes)
        case PayloadKey.context: value(bytes, depth: 1)
        case PayloadKey.items: items(bytes)
        default: false
        }
    }
}

/// The offsets of the values in an event's map, by key; 0 where there is none.
struct PayloadIndex {
    // 0 to 23, then -1 to -8.
    private var offsets = InlineArray<32, UInt32>(repeating: 0)

    /// Notes the value of the key whose encoding is this one byte; false for a key that no event has.
    mutating func set(_ key: UInt8, _ offset: Int) -> Bool {
        guard key < 24 || (key >= 0x20 && key < 0x28), let offset = UInt32(exactly: offset) else { return false }
        offsets[key < 24 ? Int(key) : Int(key) &- 8] = offset
        return true
    }

    /// Where the value of this key begins; `nil` where the event has none.
    subscript(key: Int64) -> Int? {
        let offset = offsets[key >= 0 ? Int(key) : 23 &- Int(key)]
        return offset > 0 ? Int(offset) : nil
    }
}
