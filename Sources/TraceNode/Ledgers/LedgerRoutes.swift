internal import EPCISJSON
internal import HTTPTypes
internal import Hummingbird
internal import TraceLedger
internal import TraceProof
internal import TraceSigning
internal import TraceStatements

/// Whoever answers what stands below a first segment of the path.
protocol Routes: Sendable {
    /// The answer; `nil` where nothing has that name.
    func respond(to call: Call) async throws -> Response?
}

/// One of the own ledgers over HTTP (node.md, HTTP).
struct LedgerRoutes: Routes {
    let hosted: HostedLedger
    let files: PublicFiles
    let access: WriteAccess
    let capture: CaptureQueue?
    /// Queries; `nil` for opaque entries, in which nothing can be found.
    let query: QueryRoutes?
    let jobs = CaptureJobs()
    let documentLimit: Int

    private var name: String { hosted.settings.path }

    func respond(to call: Call) async throws -> Response? {
        guard let first = call.rest.first else { return nil }
        switch (String(first), call.rest.count) {
        case ("add", 1):
            guard call.method == .post else { throw Problem.method("POST") }
            return try await add(call)
        case ("entries", 1):
            guard call.method == .post else { throw Problem.method("POST") }
            return try await register(call)
        case ("entries", 2):
            guard call.isReading else { throw Problem.method("GET") }
            return try await receipt(call)
        case ("capture", 1):
            guard call.method == .post else { throw Problem.method("POST") }
            return try await capture(call)
        case ("capture", 2):
            guard call.isReading else { throw Problem.method("GET") }
            _ = try access.requiredToken(of: call)
            return jobs.find(String(call.rest[1])).map { Response(bytes: $0, type: "application/json") }
        default:
            if let response = try await query?.respond(to: call) { return response }
            let path = call.path.dropFirst(name.utf8.count + 2)
            guard call.isReading else {
                throw try await files.response(String(path), call.path, call.headers) == nil
                    ? .notFound : Problem.method("GET")
            }
            return try await files.response(String(path), call.path, call.headers)
        }
    }

    // MARK: Entries

    /// `POST /<ledger>/add`: the body is an entry, the answer its index once it is published. A CBOR sequence of statements
    /// (`application/cbor-seq`) is appended whole or not at all, and answered with a line an entry.
    private func add(_ call: Call) async throws -> Response {
        if call.headers[.contentType]?.hasPrefix("application/cbor-seq") ?? false { return try await addSequence(call) }
        let entry = try await call.body(upTo: Statement.maximumLength)
        let ledger = try hosted.ledger()
        let appended: [Ledger.Appended]
        if ledger.information.admitsAnyEntry {
            try access.admit([], from: call)
            appended = try await append { () async throws(LedgerError) in
                try await ledger.append(entries: [entry], until: .published)
            }
        } else {
            let statement = try LedgerRoutes.statement(entry)
            try access.admit([statement], from: call)
            appended = try await append { () async throws(LedgerError) in
                try await ledger.append([statement], until: .published)
            }
        }
        guard let entry = appended.first else { throw Problem(.internalServerError, "the ledger gave no index") }
        return Response(bytes: Array("\(entry.index)".utf8), type: "text/plain; charset=utf-8")
    }

    private func addSequence(_ call: Call) async throws -> Response {
        let body = try await call.body(upTo: documentLimit)
        let ledger = try hosted.ledger()
        var sequence = CBORSequence(body, format: "statements")
        var statements: [Statement] = []
        do {
            while let item = try sequence.next() { statements.append(try Statement(decoding: item.bytes)) }
        } catch {
            throw Problem(.badRequest, "statement \(statements.count + 1) of the body is none", detail: "\(error)")
        }
        guard !statements.isEmpty else { throw Problem(.badRequest, "there is no statement in the body") }
        try access.admit(statements, from: call)
        let appended = try await append { () async throws(LedgerError) in
            try await ledger.append(statements, until: .published)
        }
        let lines = appended.map { "\($0.index)\t\($0.leafHash)\t\($0.isDuplicate ? "duplicate" : "new")\n" }
        return Response(bytes: Array(lines.joined().utf8), type: "text/plain; charset=utf-8")
    }

    private static func statement(_ entry: [UInt8]) throws(Problem) -> Statement {
        do { return try Statement(decoding: entry) } catch {
            throw Problem(.badRequest, "the body is no signed statement", detail: "\(error)")
        }
    }

    /// Runs an append, and says in HTTP's terms why it failed.
    private func append(_ work: () async throws(LedgerError) -> [Ledger.Appended]) async throws -> [Ledger.Appended] {
        do throws(LedgerError) { return try await work() } catch {
            hosted.reopen(after: error)
            throw Problem(error)
        }
    }

    // MARK: SCRAPI

    /// `POST /<ledger>/entries`: registers a signed statement; the answer is its receipt.
    private func register(_ call: Call) async throws -> Response {
        do {
            guard call.headers[.contentType]?.hasPrefix("application/cose") ?? false else {
                throw Problem(.unsupportedMediaType, "a signed statement is application/cose")
            }
            let statement = try LedgerRoutes.statement(try await call.body(upTo: Statement.maximumLength))
            try access.admit([statement], from: call)
            let ledger = try hosted.ledger()
            let appended = try await append { () async throws(LedgerError) in try await ledger.append([statement]) }
            guard let entry = appended.first else { throw Problem.notFound }
            // Durable; the receipt comes with the publication.
            _ = try? await ledger.publish()
            var response = try await receipt(entry.index, in: ledger)
            response.status = response.status == .found ? .seeOther : .created
            response.headers[.location] = location(entry.index)
            return response
        } catch let problem as Problem { return problem.concise }
    }

    private func location(_ index: UInt64) -> String { "/\(name)/entries/\(index)" }

    /// `GET /<ledger>/entries/{id}`: the receipt of a registered statement.
    private func receipt(_ call: Call) async throws -> Response {
        do {
            guard let index = UInt64(call.rest[1]), "\(index)" == call.rest[1] else { throw Problem.notFound }
            return try await receipt(index, in: try hosted.ledger())
        } catch let problem as Problem { return problem.concise }
    }

    private func receipt(_ index: UInt64, in ledger: Ledger) async throws -> Response {
        guard let receipt = try await hosted.receipt(index, in: ledger) else {
            return Response(status: .found, headers: [.location: location(index), .retryAfter: "1"])
        }
        return Response(bytes: receipt.encoded(), type: "application/cose")
    }

    // MARK: EPCIS capture

    /// `POST /<ledger>/capture`: EPCIS 2.0 JSON, signed by the node; 202 and the job, with a verdict for each event.
    private func capture(_ call: Call) async throws -> Response {
        guard let capture else { throw Problem.notFound }
        let token = try access.requiredToken(of: call)
        let type = call.headers[.contentType]?.split(separator: ";").first?.trimmingSpaces.lowercased()
        guard let type, ["application/json", "application/ld+json"].contains(type) else {
            throw Problem(.unsupportedMediaType, "a document is application/json or application/ld+json")
        }
        let behaviour = CaptureJob.Behaviour(rawValue: call.headers[.captureErrorBehaviour] ?? "rollback")
        guard let behaviour else { throw Problem(.badRequest, "GS1-Capture-Error-Behaviour is rollback or proceed") }
        let bytes = try await call.body(upTo: documentLimit)
        let now = Ledger.Configuration.systemTime()
        let document = try CaptureDocument(
            json: bytes,
            validation: hosted.settings.capture?.validation ?? .strict,
            now: now
        )
        let job = try await capture.run(document, behaviour, now: now) { try access.charge(token, $0) }
        let body = job.document.serialized() + [0x0A]
        jobs.insert(job.id, body)
        return Response(
            bytes: body,
            type: "application/json",
            status: .accepted,
            headers: [.location: "/\(name)/capture/\(job.id)", .epcisVersion: "2.0.0", .cbvVersion: "2.0.0"]
        )
    }
}

extension CaptureQueue {
    /// Captures what is good of a document, as its error behaviour says.
    func run(
        _ document: CaptureDocument,
        _ behaviour: CaptureJob.Behaviour,
        now: UInt64,
        charge: (Int) throws -> Void
    ) async throws -> CaptureJob {
        let drafts = document.items.compactMap { item -> Ledger.Draft? in
            if case .good(let draft, _) = item { return draft }
            return nil
        }
        let goesOn = drafts.count == document.items.count || behaviour == .proceed
        if goesOn { try charge(drafts.count) }
        var appended: [Ledger.Appended]
        do { appended = goesOn && !drafts.isEmpty ? try await capture(drafts) : [] } catch let error
            as Ledger.IssueRefusal
        {
            throw Problem(.conflict, "the ledger does not admit what this node signs", detail: error.description)
        } catch let error as LedgerError { throw Problem(error) }
        appended.reverse()
        let outcomes = document.items.map { item -> CaptureJob.Outcome in
            switch item {
            case .refused(let reasons): return .refused(reasons)
            case .good(_, let eventID):
                guard goesOn, let entry = appended.popLast() else { return .rolledBack }
                return .captured(entry, eventID: eventID)
            }
        }
        return CaptureJob(created: now, behaviour: behaviour, outcomes: outcomes, warnings: document.warnings)
    }
}

extension HTTPField.Name {
    static let captureErrorBehaviour = HTTPField.Name("GS1-Capture-Error-Behaviour") ?? .accept
    static let epcisVersion = HTTPField.Name("GS1-EPCIS-Version") ?? .accept
    static let cbvVersion = HTTPField.Name("GS1-CBV-Version") ?? .accept
}

extension Problem {
    /// What an append that failed is in HTTP's terms.
    init(_ error: LedgerError) {
        switch error {
        case .refused(let position, let reason):
            self.init(.badRequest, "the ledger does not admit statement \(position + 1)", detail: reason.description)
        case .unwitnessed: self = .unavailable("durable and not published yet", detail: error.description)
        case .unsigned, .closed, .file:
            self = .unavailable("the ledger takes no entries at the moment", detail: error.description)
        case .notFound: self.init(.notFound, error.description)
        case .unreadable, .untrusted, .corrupt:
            self.init(.internalServerError, "the ledger needs its operator", detail: error.description)
        }
    }

    /// The same as SCRAPI has it: `application/concise-problem-details+cbor` (RFC 9290).
    var concise: Response {
        var writer = CBORWriter()
        writer.map { map in
            map.entry(-1) { $0.text(title) }
            if let detail { map.entry(-2) { $0.text(detail) } }
        }
        return Response(
            bytes: writer.output,
            type: "application/concise-problem-details+cbor",
            status: status,
            headers: headers
        )
    }
}
