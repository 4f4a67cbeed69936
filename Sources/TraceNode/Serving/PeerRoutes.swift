internal import HTTPTypes
internal import Hummingbird
internal import TraceProof
internal import TraceReplication
internal import TraceSigning

/// tlog-witness over HTTP: submission and monitoring prefix `/witness`.
struct WitnessRoutes: Routes {
    let witness: Witness
    /// Hears of each checkpoint that was cosigned, and of each fork that a request proves.
    let seen: @Sendable (CheckpointRegister.Outcome) -> Void

    func respond(to call: Call) async throws -> Response? {
        switch (call.rest.first.map { String($0) }, call.rest.count) {
        case ("add-checkpoint", 1):
            guard call.method == .post else { throw Problem.method("POST") }
            let outcome = await witness.addCheckpoint(try await call.body(upTo: WitnessRequest.maximumByteCount))
            seen(outcome)
            return Response(outcome.response)
        case (let hash?, 2) where call.rest[1] == "checkpoint":
            guard call.isReading else { throw Problem.method("GET") }
            var response = Response(await witness.checkpoint(of: hash))
            if response.status == .ok { response.headers[.cacheControl] = "public, max-age=1" }
            return response
        default: return nil
        }
    }
}

/// `/.well-known/scitt-keys`: the keys of the own ledgers as a COSE_KeySet (SCRAPI); `/.well-known/gs1resolver`: that Digital
/// Links are resolved here.
struct WellKnownRoutes: Routes {
    /// What describes the resolver.
    let resolver: ResolverRoutes
    /// The keys of the own ledgers, earlier ones among them: what they signed stays verifiable.
    let keys: @Sendable () -> [PublicKey]

    func respond(to call: Call) async throws -> Response? {
        if call.rest == ["gs1resolver"] {
            guard call.isReading else { throw Problem.method("GET") }
            return resolver.description(call)
        }
        guard call.rest.first == "scitt-keys", call.rest.count <= 2 else { return nil }
        guard call.isReading else { throw Problem.method("GET") }
        var unique: [PublicKey] = []
        for key in keys() where !unique.contains(key) { unique.append(key) }
        guard call.rest.count == 2 else {
            var writer = CBORWriter()
            writer.array(unique.count)
            for key in unique { writer.encoded(COSEKey.encode(key, withKeyID: true)) }
            return Response(
                bytes: writer.output,
                type: "application/cbor",
                headers: [.cacheControl: "public, max-age=60"]
            )
        }
        let found = unique.first { KeyID(of: $0).bytes == WellKnownRoutes.base64URL(call.rest[1]) }
        guard let found else { return Problem(.notFound, "no ledger here has a key with this kid").concise }
        return Response(
            bytes: COSEKey.encode(found, withKeyID: true),
            type: "application/cbor",
            headers: [.cacheControl: "public, max-age=60"]
        )
    }

    /// A kid is bytes: in a URL it is base64url (RFC 4648 section 5) without padding, or hexadecimal.
    private static func base64URL(_ text: Substring) -> [UInt8]? {
        if text.utf8.count == 16, let bytes = Hex.decode(String(text)) { return bytes }
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        return Base64.decode(standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4))
    }
}

extension Response {
    /// An answer that a protocol's state machine gave.
    init(_ response: PeerResponse) {
        self.init(
            bytes: response.body,
            type: response.contentType ?? "application/octet-stream",
            status: HTTPResponse.Status(code: response.status)
        )
    }
}
