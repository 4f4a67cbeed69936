internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// What a request comes with beside itself.
struct NodeContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address of the other end.
    let address: String
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        address = source.channel.remoteAddress?.ipAddress ?? ""
    }
}

/// One request on its way to whoever answers it.
struct Call: Sendable {
    let request: Request
    let address: String
    let channel: any Channel
    let logger: Logger
    /// The path as it was sent, without the query.
    let path: String
    /// The segments of the path behind the first, as they were sent.
    let rest: [Substring]

    var method: HTTPRequest.Method { request.method }
    var headers: HTTPFields { request.headers }
    /// Whether the resource is read.
    var isReading: Bool { method == .get || method == .head }

    /// A segment with its percent encoding undone; `nil` where that is wrong.
    func decoded(_ segment: Substring) -> String? { String(segment).removingPercentEncoding }

    /// The parameters of the query, in their order.
    ///
    /// - Throws: ``Problem`` for an encoding that is wrong, or more than 200 of them.
    func query() throws(Problem) -> [(name: String, value: String)] {
        guard let query = request.uri.query, !query.isEmpty else { return [] }
        let pairs = query.split(separator: "&")
        guard pairs.count <= 200 else { throw Problem(.badRequest, "more than 200 parameters") }
        var parameters: [(name: String, value: String)] = []
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decode = { (text: Substring) in text.replacing("+", with: " ").removingPercentEncoding }
            guard let name = decode(parts[0]), let value = parts.count == 2 ? decode(parts[1]) : "" else {
                throw Problem(.badRequest, "the query is not percent-encoded UTF-8", detail: String(pair.prefix(100)))
            }
            parameters.append((name, value))
        }
        return parameters
    }

    /// Tells a client that waits for it that its body is wanted; one that is refused need not send it.
    func askForBody() {
        if headers.expectsContinue { channel.triggerUserOutboundEvent(BodyWanted(), promise: nil) }
    }

    /// The whole body, decompressed where it is gzip.
    ///
    /// - Throws: ``Problem`` for more than `limit` bytes (413), or a coding that is not known (415).
    func body(upTo limit: Int) async throws -> [UInt8] {
        let coding = headers[.contentEncoding]?.lowercased()
        guard coding == nil || coding == "identity" || coding == "gzip" else {
            throw Problem(.unsupportedMediaType, "the body may be plain or gzip", headers: [.acceptEncoding: "gzip"])
        }
        if let length = headers[.contentLength].flatMap({ Int($0) }), coding != "gzip", length > limit {
            throw Call.tooLong(limit)
        }
        askForBody()
        do { return try await read(upTo: limit, isGzip: coding == "gzip") } catch let problem as Problem {
            throw problem
        } catch let failure
            as Gzip.Failure
        {
            throw failure == .tooLong ? Call.tooLong(limit) : Call.broken("the body is not gzip, or cut off")
        } catch is HTTPParserError { throw Call.broken("the body is not HTTP, or cut off") } catch is CancellationError
        {
            throw CancellationError()
        } catch { throw Call.broken("the body could not be read") }
    }

    private func read(upTo limit: Int, isGzip: Bool) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        guard isGzip else {
            for try await buffer in request.body {
                guard bytes.count + buffer.readableBytes <= limit else { throw Call.tooLong(limit) }
                bytes.append(contentsOf: buffer.readableBytesView)
            }
            return bytes
        }
        var reader = GzipReader(limit: limit)
        for try await buffer in request.body { bytes += try reader.read(Array(buffer.readableBytesView)) }
        guard reader.isComplete else { throw Gzip.Failure.malformed }
        return bytes
    }

    /// What the client sent cannot be understood any further, so neither can what follows.
    private static func broken(_ reason: String) -> Problem {
        Problem(.badRequest, reason, headers: [.connection: "close"])
    }

    /// The connection is closed behind the answer: the rest of the body is not wanted.
    private static func tooLong(_ limit: Int) -> Problem {
        Problem(.contentTooLarge, "the body is longer than \(limit) bytes", headers: [.connection: "close"])
    }
}
