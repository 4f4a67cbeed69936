internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import TraceReplication

/// tlog-mirror over HTTP: submission and monitoring prefix `/mirror`.
struct MirrorRoutes: Routes {
    let table: MirrorTable
    let cache: ResourceCache
    /// Hears of each checkpoint that was taken, and of each fork that a request proves.
    let seen: @Sendable (CheckpointRegister.Outcome) -> Void

    func respond(to call: Call) async throws -> Response? {
        switch (call.rest.first.map { String($0) }, call.rest.count) {
        case ("add-checkpoint", 1):
            guard call.method == .post else { throw Problem.method("POST") }
            let outcome = await (try await pushed()).addCheckpoint(
                try await call.body(upTo: WitnessRequest.maximumByteCount)
            )
            seen(outcome)
            return Response(outcome.response)
        case ("add-entries", 1):
            guard call.method == .post else { throw Problem.method("POST") }
            return try await addEntries(call)
        case (_, 2...):
            guard let hash = call.rest.first, let directory = table.directory(hash) else { return nil }
            guard call.isReading else { throw Problem.method("GET") }
            let path = call.rest.dropFirst().joined(separator: "/")
            return try await PublicFiles(directory, cache: cache).response(path, call.path, call.headers)
        default: return nil
        }
    }

    private func pushed() async throws(Problem) -> PushedMirrors {
        guard let pushed = await table.pushed() else {
            throw Problem(.notFound, "this node takes no pushes: it has no mirror key")
        }
        return pushed
    }

    private func addEntries(_ call: Call) async throws -> Response {
        let type = call.headers[.contentType]?.split(separator: ";").first?.trimmingSpaces.lowercased()
        guard type == AddEntriesHeader.contentType else {
            throw Problem(.unsupportedMediaType, "entries are \(AddEntriesHeader.contentType)")
        }
        let coding = call.headers[.contentEncoding]?.lowercased() ?? "identity"
        guard ["identity", "gzip"].contains(coding) else {
            throw Problem(.unsupportedMediaType, "the body may be plain or gzip", headers: [.acceptEncoding: "gzip"])
        }
        call.askForBody()
        let outcome = await (try await pushed()).addEntries(
            BodyChunks(body: call.request.body, isGzip: coding == "gzip")
        )
        if let failure = outcome.failure {
            call.logger.error(
                "a push failed here",
                metadata: ["origin": "\(outcome.origin ?? "")", "reason": "\(failure)"]
            )
        }
        var response = Response(outcome.response)
        response.headers[.acceptEncoding] = "gzip"
        return response
    }
}

/// The chunks of a body, decompressed where they are gzip.
struct BodyChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let body: RequestBody
    let isGzip: Bool

    /// As much as 2^16 packages of the longest entries: more than any request may bring in its time.
    private static let limit = 1 << 40

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var chunks: RequestBody.AsyncIterator
        fileprivate let gzip: GzipBox?

        @concurrent mutating func next() async throws -> [UInt8]? {
            guard let buffer = try await chunks.next() else {
                // Compressed bytes that end in the middle: so does the body.
                if let gzip, !gzip.reader.isComplete { throw Gzip.Failure.malformed }
                return nil
            }
            let bytes = Array(buffer.readableBytesView)
            return if let gzip { try gzip.reader.read(bytes) } else { bytes }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: body.makeAsyncIterator(), gzip: isGzip ? GzipBox(limit: BodyChunks.limit) : nil)
    }
}

/// Holds a reader that cannot be copied, for an iterator that can; one task reads.
final class GzipBox {
    var reader: GzipReader

    init(limit: Int) { reader = GzipReader(limit: limit) }
}
