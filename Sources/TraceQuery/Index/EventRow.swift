internal import EPCIS
internal import GS1
internal import TraceProof
internal import TraceStatements

/// What the index keeps of one event: what it can be found and ordered by. Everything else is read from the ledger.
struct EventRow: Sendable {
    /// The entry's index in the ledger.
    let index: Int64
    /// The length of the entry in bytes, which bounds a page.
    let length: Int64
    /// The code of the event type.
    let kind: Int64
    /// `eventTime`, milliseconds since 1970, digits beyond cut off.
    let eventTime: Int64
    /// When the event was recorded, in seconds since 1970: the statement's iat, as its signer claims.
    let recordTime: Int64
    /// The code of the action.
    let action: Int64?
    /// Names of terms and places (``TermName``, ``ObjectName``).
    let bizStep, disposition, readPoint, bizLocation: String?
    /// Who signed it.
    let issuer: String
    let eventID: EventKey
    let objects: [(role: ObjectRole, name: String)]

    /// The row of an entry; nil where it is no event.
    ///
    /// - Throws: `FormatError` where it says that it is an event and cannot be read: written by a newer version.
    init?(index: UInt64, entry: [UInt8]) throws(FormatError) {
        guard let statement = try? Statement(decoding: entry), statement.header.kind == .event,
            let index = Int64(exactly: index)
        else { return nil }
        let event = try EPCISEvent(payload: statement.payload)
        self.index = index
        length = Int64(entry.count)
        kind = Int64(event.kind.rawValue)
        eventTime = event.eventTime.milliseconds
        // The reader of headers refuses an iat above 2^63-1.
        recordTime = Int64(clamping: statement.header.issuedAt)
        action = event.action.map { Int64($0.rawValue) }
        issuer = ObjectName.bounded(statement.header.issuer)
        let namespaces = event.namespaces
        bizStep = event.bizStep.map { TermName.name(of: $0, .bizSteps, namespaces: namespaces) }
        disposition = event.disposition.map { TermName.name(of: $0, .dispositions, namespaces: namespaces) }
        readPoint = event.readPoint.map { ObjectName($0.id).text }
        bizLocation = event.bizLocation.map { ObjectName($0.id).text }
        eventID = EventKey(of: event)
        objects = EventRow.objects(of: event)
    }

    private static func objects(of event: EPCISEvent) -> [(role: ObjectRole, name: String)] {
        var all: [(role: ObjectRole, name: String)] = []
        func add(_ role: ObjectRole, _ identifiers: [Identifier]?) {
            for identifier in identifiers ?? [] { all.append((role, ObjectName(identifier).text)) }
        }
        func add(_ role: ObjectRole, _ quantities: [QuantityElement]?) {
            for quantity in quantities ?? [] { all.append((role, ObjectName(quantity.epcClass).text)) }
        }
        add(.epcList, event.epcList)
        if let parent = event.parentID { all.append((.parentID, ObjectName(parent).text)) }
        add(.childEPCs, event.childEPCs)
        add(.inputEPCList, event.inputEPCList)
        add(.outputEPCList, event.outputEPCList)
        add(.quantityList, event.quantityList)
        add(.childQuantityList, event.childQuantityList)
        add(.inputQuantityList, event.inputQuantityList)
        add(.outputQuantityList, event.outputQuantityList)
        return all
    }
}
