internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Metrics
internal import NIOCore
internal import Synchronization

/// Sends each request to whoever answers it, by the first segment of its path.
struct NodeResponder: HTTPResponder {
    typealias Context = NodeContext

    /// By first segment; the empty one is the root.
    let routes: [String: any Routes]
    let cache: ResourceCache
    let logger: Logger
    private let requests = RequestMetrics()

    init(_ routes: [String: any Routes], cache: ResourceCache, logger: Logger) {
        (self.routes, self.cache, self.logger) = (routes, cache, logger)
    }

    func respond(to request: Request, context: NodeContext) async throws -> Response {
        let start = ContinuousClock.now
        let path = request.uri.path
        let isReading = request.method == .get || request.method == .head
        var (response, route): (Response, String)
        if isReading, let found = cache.find(path) {
            (response, route) = (found.response(to: request.headers), "tile")
        } else {
            (response, route) = await answer(request, context, path)
        }
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.contentTypeOptions] = "nosniff"
        // Only HTTP/1.0 has no Host, and it does not keep connections.
        if request.head.authority == nil { response.headers[.connection] = "close" }
        // A body that was announced and is not wanted may come or not: what follows cannot be told from it.
        if response.status.code >= 400, request.headers.expectsContinue { response.headers[.connection] = "close" }
        requests.count(route, response.status.code, .now - start)
        return response
    }

    private func answer(_ request: Request, _ context: NodeContext, _ path: String) async -> (Response, String) {
        let segments = path.split(separator: "/", maxSplits: 64, omittingEmptySubsequences: false).dropFirst()
        guard let first = segments.first, let routes = routes[String(first)] else {
            return (Problem.notFound.response, "none")
        }
        guard path.utf8.count <= 2048 else {
            return (Problem(.uriTooLong, "nothing here has a path of more than 2,048 bytes").response, "none")
        }
        let call = Call(
            request: request,
            address: context.address,
            channel: context.channel,
            logger: logger,
            path: path,
            rest: Array(segments.dropFirst())
        )
        // What a route is called in metrics is bounded: one for each first segment.
        let route = String(first)
        do {
            return (try await routes.respond(to: call) ?? Problem.notFound.response, route)
        } catch let problem as Problem { return (problem.response, route) } catch is CancellationError {
            return (Problem.unavailable("the node is stopping").response, route)
        } catch let error as any HTTPResponseError {
            return (
                Problem(error.status, "the request could not be read", headers: [.connection: "close"]).response, route
            )
        } catch is ChannelError {
            return (Problem(.badRequest, "the request was cut off", headers: [.connection: "close"]).response, route)
        } catch {
            logger.error("a request failed", metadata: ["path": "\(path.prefix(200))", "reason": "\(error)"])
            return (Problem(.internalServerError, "the node could not answer; its log says why").response, route)
        }
    }
}

extension HTTPField.Name {
    static let contentTypeOptions = HTTPField.Name("X-Content-Type-Options") ?? .accept
}

/// How many requests, and how long they took, by route and status.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let route: String
        let status: Int
    }

    private let counters = Mutex<[Key: (counter: Counter, timer: Metrics.Timer)]>([:])

    /// Counts an answer.
    func count(_ route: String, _ status: Int, _ duration: Duration) {
        let key = Key(route: route, status: status)
        let (counter, timer) = counters.withLock { counters in
            if let found = counters[key] { return found }
            let labels = [("route", route), ("status", "\(status)")]
            let made = (
                Counter(label: "tracenode_http_requests_total", dimensions: labels),
                Metrics.Timer(label: "tracenode_http_request_seconds", dimensions: labels)
            )
            counters[key] = made
            return made
        }
        counter.increment()
        timer.recordNanoseconds(
            duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
        )
    }
}
