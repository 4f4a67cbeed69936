internal import EPCIS
internal import EPCISJSON
internal import HTTPTypes
internal import TraceLedger
internal import TraceProof
internal import TraceVerification

/// The events of a captured document, each ready to be signed or with what is wrong with it.
struct CaptureDocument: Sendable {
    /// What becomes of one event.
    enum Item: Sendable {
        case good(Ledger.Draft, eventID: String)
        /// The sentences that say why it is refused.
        case refused([String])
    }

    let items: [Item]
    /// What was found and refuses nothing.
    let warnings: [String]

    /// Reads EPCIS 2.0 JSON: a document, a list of events or one event.
    ///
    /// - Throws: ``Problem`` 400 where it is not JSON, or what is around the events is not EPCIS.
    init(json bytes: [UInt8], validation: NodeConfiguration.Validation, now: UInt64) throws(Problem) {
        let (document, refused) = try CaptureDocument.read(bytes)
        var faults: [Int: [String]] = [:]
        var warnings: [String] = []
        if validation != .off {
            var validator = DocumentValidator(EventValidator(now: Timestamp(UTCTime.text(now))))
            for problem in validator.validate(document, json: bytes, named: "document") {
                if problem.severity == .error, validation == .strict, let event = problem.event {
                    faults[event, default: []].append(problem.description)
                } else {
                    warnings.append(problem.description)
                }
            }
        }
        var items: [(place: Int, item: Item)] = []
        for (position, located) in document.events.enumerated() {
            let place = CaptureDocument.number(of: located.pointer) ?? position + 1
            items.append((place, CaptureDocument.item(located.event, faults[place])))
        }
        for error in refused {
            items.append((error.pointer.flatMap(CaptureDocument.number) ?? 1, .refused([error.description])))
        }
        self.items = items.sorted { $0.place < $1.place }.map(\.item)
        self.warnings = warnings
    }

    private static func read(_ bytes: [UInt8]) throws(Problem) -> (EPCISDocument, [JSONError]) {
        do { return try EPCISDocument.reading(json: bytes) } catch {
            throw Problem(
                .badRequest,
                "not an EPCIS 2.0 document",
                detail: error.description,
                type: "epcisException:ValidationException"
            )
        }
    }

    private static func item(_ event: EPCISEvent, _ faults: [String]?) -> Item {
        if let faults { return .refused(faults) }
        do {
            return .good(
                Ledger.Draft(payload: try event.payload(), subject: event.subject),
                eventID: event.eventIDOrHash
            )
        } catch {
            return .refused([error.reason])
        }
    }

    /// The number, from 1, of the event that a pointer leads to: behind `eventList`, or at the top of a list.
    private static func number(of pointer: String) -> Int? {
        let parts = pointer.split(separator: "/")
        if let list = parts.firstIndex(of: "eventList") {
            return parts.dropFirst(list + 1).first.flatMap { Int($0) }.map { $0 + 1 }
        }
        return parts.first.flatMap { Int($0) }.map { $0 + 1 }
    }
}
