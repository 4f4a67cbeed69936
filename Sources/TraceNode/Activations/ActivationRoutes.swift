internal import EPCISJSON
internal import HTTPTypes
internal import Hummingbird
internal import TraceLedger
internal import TraceProof
internal import TraceSigning
internal import TraceStatements
internal import TraceVerification

/// `/activations`: whoever opened a pack has that recorded (POST), and whoever holds one asks whether it was opened (GET).
///
/// No login, and nothing is kept or logged of who asks: the signature of the item's own key is all that counts.
struct ActivationRoutes: Routes {
    /// The longest activation: one of the deepest tree is below 2 kB.
    static let maximumLength = 16 << 10
    static let mediaType = "application/cose"

    /// The own ledgers that hold events.
    let ledgers: [HostedLedger]
    let mirrors: @Sendable () -> [ActivationDesk.Target]
    let desk: ActivationDesk
    let subjects: SubjectDesk
    let roots = MapRootDesk()
    /// What an address may send, and what it may ask.
    let writing, reading: AddressRates
    let metrics: ActivationMetrics
    /// Openings of an item behind its first: a burst, then one in ten minutes. Whoever has a code must not fill the ledger.
    private let later = AddressRates(rate: 1.0 / 600, burst: 16)
    private let checker = SodiumSignatureChecker()

    init(
        ledgers: [HostedLedger],
        mirrors: @escaping @Sendable () -> [ActivationDesk.Target],
        desk: ActivationDesk,
        subjects: SubjectDesk,
        writing: AddressRates,
        reading: AddressRates,
        metrics: ActivationMetrics
    ) {
        (self.ledgers, self.mirrors, self.desk, self.subjects) = (ledgers, mirrors, desk, subjects)
        (self.writing, self.reading, self.metrics) = (writing, reading, metrics)
    }

    func respond(to call: Call) async throws -> Response? {
        guard call.rest.isEmpty else { return nil }
        // Any page may send and ask: there is nothing of a session that it could misuse.
        switch call.method {
        case .options: return Response.preflight("GET, HEAD, POST")
        case .post:
            var response = try await take(call)
            response.headers[.accessControlAllowOrigin] = "*"
            return response
        case .get, .head: return try await proof(call)
        default: throw Problem.method("GET, HEAD, OPTIONS, POST")
        }
    }

    // MARK: Recording

    private func take(_ call: Call) async throws -> Response {
        if let wait = writing.take(call.address, now: .now) {
            throw Problem.tooMany("too many activations from this address", after: wait)
        }
        guard call.headers[.contentType]?.hasPrefix(ActivationRoutes.mediaType) ?? false else {
            throw Problem(.unsupportedMediaType, "an activation is \(ActivationRoutes.mediaType)")
        }
        let bytes = try await call.body(upTo: ActivationRoutes.maximumLength)
        let statement: Statement
        do { statement = try Statement(decoding: bytes) } catch {
            throw Problem(.badRequest, "the body is no signed statement", detail: "\(error)")
        }
        // All that the statement alone shows comes before anything is read from a disk.
        let claim: ActivationClaim
        do {
            claim = try ActivationClaim(statement)
            guard takes(claim.origin) else {
                throw Problem(.notFound, "this node takes no activations for that ledger", detail: claim.origin)
            }
            try claim.checkSignature(of: statement, checker: checker)
        } catch let error as ActivationError { throw ActivationRoutes.refusal(error) }
        if let hosted = own(claim.origin) { return try await append(statement, claim, to: hosted) }
        return try await keep(statement, claim)
    }

    private func own(_ origin: String) -> HostedLedger? {
        ledgers.first { $0.settings.activations && $0.settings.origin.hasSameUTF8(as: origin) }
    }

    private func takes(_ origin: String) -> Bool {
        own(origin) != nil || mirrors().contains { $0.url != nil && $0.origin.hasSameUTF8(as: origin) }
    }

    private static func refusal(_ error: ActivationError) -> Problem {
        Problem(.unprocessableContent, "the activation does not hold", detail: error.description)
    }

    /// Into an own ledger: 201 with the receipt, or 202 where it is durable and waits for its publication.
    private func append(_ statement: Statement, _ claim: ActivationClaim, to hosted: HostedLedger) async throws
        -> Response
    {
        let ledger = try hosted.ledger()
        if try await ledger.firstActivation(of: claim.item) != nil,
            let wait = later.take("\(claim.origin)\n\(claim.item.text)", now: .now)
        {
            throw Problem.tooMany(
                "this item was opened many times already: no more of it is recorded at the moment",
                after: wait
            )
        }
        let appended: Ledger.Appended
        do {
            guard let entry = try await ledger.append([statement]).first else { throw Problem.notFound }
            appended = entry
        } catch let error as LedgerError {
            hosted.reopen(after: error)
            metrics.count(claim.origin, "refused")
            if case .refused(_, .activation(let reason)) = error { throw ActivationRoutes.refusal(reason) }
            throw Problem(error)
        }
        metrics.count(claim.origin, appended.isDuplicate ? "duplicate" : "admitted")
        if !appended.isDuplicate { roots.ring(hosted, ledger) }
        // Durable; the receipt comes with the publication.
        _ = try? await ledger.publish()
        guard let receipt = try await hosted.receipt(appended.index, in: ledger) else {
            return Response(
                json: .object([
                    ("status", .text("committed")), ("ledger", .text(claim.origin)), ("index", .number(appended.index)),
                    ("leafHash", .text("\(appended.leafHash)")),
                ]),
                status: .accepted,
                headers: [.retryAfter: "5"]
            )
        }
        // In the order of the ledger, of which everything up to here is published.
        let first = try await ledger.firstActivation(of: claim.item) ?? appended.index
        let answer = ActivationReceipt(
            origin: claim.origin,
            index: appended.index,
            leafHash: appended.leafHash,
            firstIndex: min(first, appended.index),
            receipt: receipt.encoded()
        )
        return Response(json: answer.document, status: .created)
    }

    /// For a mirrored ledger: 202 while it waits here, 201 when its receipt is held.
    private func keep(_ statement: Statement, _ claim: ActivationClaim) async throws -> Response {
        var standing = try await desk.take(statement, for: claim.origin)
        // Most ledgers answer at once: whoever waits a moment has the receipt.
        for _ in 0..<20 {
            guard case .kept = standing else { break }
            try await Task.sleep(for: .milliseconds(100))
            standing = try await desk.standing(of: statement.leafHash) ?? standing
        }
        let status: String
        switch standing {
        case .held(let document): return Response(bytes: document, type: "application/json", status: .created)
        case .refused(let reason):
            throw Problem(.unprocessableContent, "the ledger refused the activation", detail: reason)
        case .kept: status = "kept"
        case .forwarded: status = "forwarded"
        }
        return Response(
            json: .object([
                ("status", .text(status)), ("ledger", .text(claim.origin)),
                ("leafHash", .text("\(statement.leafHash)")),
            ]),
            status: .accepted,
            headers: [.retryAfter: "10"]
        )
    }

    // MARK: Asking

    /// `GET /activations?id=(01)...(21)...`: the proof of which entries are about the item, its activations among them.
    private func proof(_ call: Call) async throws -> Response {
        if let wait = reading.take(call.address, now: .now) {
            throw Problem.tooMany("too many questions from this address", after: wait)
        }
        let parameters = try call.query()
        if let other = parameters.first(where: { $0.name != "id" && $0.name != "ledger" }) {
            throw Problem(
                .badRequest,
                "there is no parameter \(other.name.prefix(50))",
                detail: "`id`, and perhaps `ledger`"
            )
        }
        let ids = parameters.filter { $0.name == "id" }
        guard ids.count == 1, let item = ItemIdentity(text: ids[0].value) else {
            throw Problem(
                .badRequest,
                "`id` is no item",
                detail: "(01), 14 digits with their check digit, (21) and the serial number"
            )
        }
        let origins = parameters.filter { $0.name == "ledger" }.map(\.value)
        guard origins.count <= 1 else { throw Problem(.badRequest, "`ledger` is there twice") }
        let places = places(origins.first)
        guard !places.isEmpty else {
            throw Problem(.notFound, "this node holds no such ledger", detail: origins.first?.prefix(255).description)
        }
        var (fallback, failure): (Response?, (any Error)?)
        for place in places {
            do {
                let proof = try await subjects.proof(of: item.text, in: place)
                let response = Response(
                    bytes: proof.encoded,
                    type: "application/cbor",
                    headers: [.accessControlAllowOrigin: "*", .ledgerSize: "\(proof.checkpoint.checkpoint.head.size)"]
                )
                if !proof.entries.isEmpty { return response }
                fallback = fallback ?? response
            } catch let problem as Problem { failure = failure ?? problem }
        }
        if let fallback { return fallback }
        throw failure ?? Problem.notFound
    }

    private func places(_ origin: String?) -> [SubjectDesk.Place] {
        let own = ledgers.map {
            SubjectDesk.Place(origin: $0.settings.origin, directory: $0.settings.directory, key: nil)
        }
        let copies = mirrors().map { SubjectDesk.Place(origin: $0.origin, directory: $0.directory, key: $0.key) }
        return (own + copies).filter { place in origin.map { place.origin.hasSameUTF8(as: $0) } ?? true }
    }
}

extension Response {
    /// The answer to a browser that asks whether a page from elsewhere may (CORS).
    static func preflight(_ methods: String) -> Response {
        Response(
            status: .noContent,
            headers: [
                .accessControlAllowOrigin: "*", .accessControlAllowMethods: "\(methods), OPTIONS",
                .accessControlAllowHeaders: "Content-Type, Accept", .accessControlMaxAge: "86400",
            ]
        )
    }
}
