import EPCISJSON
import TraceLedger
import TraceProof
import TraceStatements

/// What `append` and `submit` print, once it is durable: a line an entry, or at the end one JSON document.
struct AppendedEntries {
    private let isJSON: Bool
    private var documents: [JSONValue] = []

    init(json: Bool) { isJSON = json }

    /// Prints the entries of one input.
    mutating func show(_ entries: [(appended: Ledger.Appended, eventID: String?)]) throws {
        if isJSON {
            documents += entries.map { entry in
                .object([
                    "index": .number(entry.appended.index), "leafHash": .text(entry.appended.leafHash.description),
                    "eventID": .text(entry.eventID), "duplicate": .boolean(entry.appended.isDuplicate),
                ])
            }
        } else {
            var lines = ""
            for (appended, eventID) in entries {
                lines += "\(appended.index)\t\(appended.leafHash)\t\(eventID ?? "-")\n"
            }
            try Console.write(lines)
        }
    }

    /// Runs `body` for each input; the JSON document tells of what was appended before an error, too.
    mutating func forEach<Input>(
        _ inputs: [Input],
        _ body: (Input) async throws -> [(appended: Ledger.Appended, eventID: String?)]
    ) async throws {
        do {
            for input in inputs { try show(try await body(input)) }
        } catch {
            if isJSON { try Console.json(.array(documents)) }
            throw error
        }
        if isJSON { try Console.json(.array(documents)) }
    }
}

extension Ledger {
    /// Appends and publishes statements; `refusal` says what a user is told where one of them is refused.
    func append(
        _ statements: [Statement],
        allowDuplicates: Bool = false,
        refusal: (_ position: Int, _ reason: String) -> CommandFailure
    ) async throws -> [Appended] {
        do {
            return try await append(statements, allowDuplicates: allowDuplicates, until: .published)
        } catch {
            // Not a pattern on the catch: Swift 6.3.1 crashes on that with typed throws.
            guard case .refused(let position, let reason) = error else { throw error }
            throw refusal(position, reason.description)
        }
    }
}
