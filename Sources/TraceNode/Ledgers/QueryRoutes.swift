internal import EPCIS
internal import EPCISJSON
internal import HTTPTypes
internal import Hummingbird
internal import TraceLedger
internal import TraceQuery
internal import TraceStatements
internal import TraceVerification

/// EPCIS 2.0 queries on one ledger (Docs/Query.md): `events`, `events/{id}`, `epcs/{epc}/events`.
struct QueryRoutes: Sendable {
    let index: IndexService
    /// The first segment of the ledger's paths.
    let name: String

    /// The answer; `nil` where the path is none of these.
    func respond(to call: Call) async throws -> Response? {
        switch (call.rest.first.map { String($0) }, call.rest.count) {
        case ("events", 1):
            return try await page(call, next: "/\(name)/events") { try await $0.page(of: try EventQuery($1)) }
        case ("events", 2):
            guard let id = call.decoded(call.rest[1]) else { return nil }
            return try await event(call, id)
        case ("epcs", 3) where call.rest[2] == "events":
            guard let epc = call.decoded(call.rest[1]) else { return nil }
            return try await page(call, next: "/\(name)/epcs/\(call.rest[1])/events") {
                try await $0.page(of: try EventQuery($1, about: epc))
            }
        default: return nil
        }
    }

    private func page(
        _ call: Call,
        next: String,
        _ find: (EventIndex, [(name: String, value: String)]) async throws -> EventPage
    ) async throws -> Response {
        guard call.isReading else { throw Problem.method("GET") }
        let parameters = try call.query()
        let page = try await answer { try await find($0, parameters) }
        var headers: HTTPFields = [
            .epcisVersion: "2.0.0", .cbvVersion: "2.0.0",
            .ledgerIndices: page.indices.map { "\($0)" }.joined(separator: ","),
            .ledgerSize: "\(page.size)",
        ]
        if let token = page.nextPageToken {
            // EPCIS 2.0 section 12.4: the link to the next page repeats what was asked.
            var rest = (call.request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("nextPageToken=") }
                .map { String($0) }
            rest.append("nextPageToken=\(token)")
            headers[.link] = "<\(next)?\(rest.joined(separator: "&"))>; rel=\"next\""
        }
        return Response(
            bytes: page.document(creationDate: try QueryRoutes.now()),
            type: "application/json",
            headers: headers
        )
    }

    /// One event, or, where several entries have its ID, the query document of all of them.
    private func event(_ call: Call, _ id: String) async throws -> Response {
        guard call.isReading else { throw Problem.method("GET") }
        let page = try await answer { try await $0.event(id: id) }
        guard !page.entries.isEmpty else {
            throw Problem(.notFound, "no event has this ID", type: "epcisException:NoSuchResourceException")
        }
        let headers: HTTPFields = [
            .epcisVersion: "2.0.0", .cbvVersion: "2.0.0",
            .ledgerIndices: page.indices.map { "\($0)" }.joined(separator: ","), .ledgerSize: "\(page.size)",
        ]
        return Response(
            bytes: page.document(creationDate: try QueryRoutes.now()),
            type: "application/json",
            headers: headers
        )
    }

    /// The events of one item, as a query document; an item that nobody knows has none.
    func history(of item: ItemIdentity) async throws -> Response {
        let epc = item.text
        let page = try await answer { try await $0.page(of: try EventQuery([("perPage", "1000")], about: epc)) }
        var headers: HTTPFields = [
            .epcisVersion: "2.0.0", .cbvVersion: "2.0.0", .vary: "Accept",
            .ledgerIndices: page.indices.map { "\($0)" }.joined(separator: ","), .ledgerSize: "\(page.size)",
        ]
        if let token = page.nextPageToken {
            let path = "/\(name)/epcs/\(ResolvedLink.escaped(epc))/events"
            headers[.link] = "<\(path)?perPage=1000&nextPageToken=\(token)>; rel=\"next\""
        }
        return Response(
            bytes: page.document(creationDate: try QueryRoutes.now()),
            type: "application/json",
            headers: headers
        )
    }

    private func answer(_ find: (EventIndex) async throws -> EventPage) async throws -> EventPage {
        do { return try await find(try await index.current()) } catch let error as QueryError {
            throw Problem(
                HTTPResponse.Status(code: error.problem.status),
                error.problem.title,
                detail: error.description,
                type: error.problem.type
            )
        } catch let error as IndexError {
            throw Problem.unavailable("the index of events is being made anew", detail: error.description)
        }
    }

    private static func now() throws(Problem) -> Timestamp {
        guard let now = Timestamp(UTCTime.text(Ledger.Configuration.systemTime())) else {
            throw Problem(.internalServerError, "the node's clock has no date")
        }
        return now
    }
}

extension HTTPField.Name {
    /// The ledger indices of the events of an answer, in their order: what proofs are asked for.
    static let ledgerIndices = HTTPField.Name("Ledger-Indices") ?? .accept
    /// The size of the ledger as of which an answer is complete.
    static let ledgerSize = HTTPField.Name("Ledger-Size") ?? .accept
    static let link = HTTPField.Name("Link") ?? .accept
}
