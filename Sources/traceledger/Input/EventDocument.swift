import EPCIS
import EPCISJSON
import TraceProof

/// How strictly events are validated before they are signed. Today's one layer is structure, which the reader refuses
/// whatever this says.
enum ValidationMode: String, CaseIterable {
    case strict
    case warn
    case off
}

/// One event, ready to be signed.
struct PreparedEvent {
    let payload: [UInt8]
    let subject: String
    /// The event's own ID, else its CBV hash.
    let eventID: String
    /// Its number in the document, from 1.
    let number: Int
    /// Where it stood.
    let place: Place

    /// The place of an event in its document.
    enum Place {
        /// A JSON pointer.
        case json(String)
        /// The line of its first row of CSV.
        case csv(line: Int)
    }
}

/// The events of one EPCIS JSON text or CSV file, all of them readable and encodable.
struct EventDocument {
    let name: String
    let events: [PreparedEvent]
    private let bytes: [UInt8]

    /// Reads a document; `-` is standard input. CSV is read as `mapping` says.
    ///
    /// - Throws: `CommandFailure`: 2 where it is no EPCIS JSON or CSV at all, 1 where an event in it is refused, then with
    ///   the event's number, line, column and pointer, or with the cell.
    init(_ path: String, _ mapping: MappingOption) throws {
        if mapping.applies(to: path) {
            (name, events) = try EventDocument.prepared(csv: path, try mapping.read(for: path))
            bytes = []
            return
        }
        let (file, document) = try EventDocument.read(path)
        (name, bytes) = (file.name, file.bytes)
        var prepared: [PreparedEvent] = []
        prepared.reserveCapacity(document.events.count)
        for (position, located) in document.events.enumerated() {
            do {
                prepared.append(
                    try PreparedEvent(located.event, number: position + 1, at: .json(located.pointer))
                )
            } catch {
                throw EventDocument.refusal(
                    error.reason,
                    event: position + 1,
                    at: EventDocument.place(of: located.pointer, in: bytes),
                    pointer: located.pointer,
                    in: name
                )
            }
        }
        events = prepared
    }

    /// The file and what it holds, not yet encoded; throws as ``init(_:)`` does.
    static func read(_ path: String) throws -> (file: InputFile, document: EPCISDocument) {
        let file = try InputFile(path)
        do { return (file, try EPCISDocument(json: file.bytes)) } catch {
            throw failure(error, in: file.name, file.bytes)
        }
    }

    /// The failure that refuses one of the events, and with it the document.
    func refusal(_ reason: String, of event: PreparedEvent) -> CommandFailure {
        switch event.place {
        case .csv(let line):
            CommandFailure(.wrong, "\(name), event \(event.number), line \(line): \(reason)")
        case .json(let pointer):
            EventDocument.refusal(
                reason,
                event: event.number,
                at: EventDocument.place(of: pointer, in: bytes),
                pointer: pointer,
                in: name
            )
        }
    }

    private static func refusal(
        _ reason: String,
        event: Int,
        at place: JSONPosition,
        pointer: String,
        in name: String
    ) -> CommandFailure {
        CommandFailure(.wrong, "\(name), event \(event), \(place)\(bracketed(pointer)): \(reason)")
    }

    private static func failure(_ error: JSONError, in name: String, _ bytes: [UInt8]) -> CommandFailure {
        guard let pointer = error.pointer else {
            return CommandFailure(.usage, "\(name), \(error.position): \(error.reason)")
        }
        guard let event = eventNumber(pointer, bytes) else {
            return CommandFailure(.wrong, "\(name), \(error.position)\(bracketed(pointer)): \(error.reason)")
        }
        return refusal(error.reason, event: event, at: error.position, pointer: pointer, in: name)
    }

    private static func bracketed(_ pointer: String) -> String { pointer.isEmpty ? "" : " (\(pointer))" }

    /// The number from 1 of the event that a pointer leads into; `nil` for what is around the events.
    private static func eventNumber(_ pointer: String, _ bytes: [UInt8]) -> Int? {
        let parts = pointer.split(separator: "/")
        if let list = parts.firstIndex(of: "eventList") {
            return parts.dropFirst(list + 1).first.flatMap { Int($0) }.map { $0 + 1 }
        }
        switch try? JSONValue(parsing: bytes).content {
        case .array?: return parts.first.flatMap { Int($0) }.map { $0 + 1 }
        case .object(let members)?:
            return members.contains { $0.name == "epcisBody" || $0.name == "eventList" } ? nil : 1
        default: return nil
        }
    }

    /// Line and column of a value; read again, since only a refusal asks.
    private static func place(of pointer: String, in bytes: [UInt8]) -> JSONPosition {
        let root = try? JSONValue(parsing: bytes)
        return JSONPosition(ofByte: root?[pointer: pointer]?.offset ?? 0, in: bytes)
    }
}
