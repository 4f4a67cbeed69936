internal import HTTPTypes
internal import Hummingbird

/// What the page in the browser fetches of its own site: `/verify`, `/sw.js`, `/trust/...`.
struct PageRoutes: Routes {
    /// The first segment that this answers.
    let name: String
    let page: VerifyingPage?
    let trust: NodeConfiguration.Trust

    func respond(to call: Call) async throws -> Response? {
        if name == "trust", call.method == .options { return .preflight("GET, HEAD") }
        switch (name, call.rest.count) {
        case ("verify", 0):
            guard call.isReading else { throw Problem.method("GET") }
            return try page?.response(to: call.headers, with: [:])
        case ("sw.js", 0):
            guard call.isReading else { throw Problem.method("GET") }
            return page?.serviceWorker(call.headers)
        case ("trust", 1):
            guard call.isReading else { throw Problem.method("GET") }
            return trusted(call)
        default: return nil
        }
    }

    private func trusted(_ call: Call) -> Response? {
        let (path, type): (String?, String)
        switch call.rest[0] {
        case "registry-pack": (path, type) = (trust.registry, "application/cbor")
        case "policy": (path, type) = (trust.policy, "text/plain; charset=utf-8")
        case "recalls": (path, type) = (trust.recalls, "application/cbor")
        default: return nil
        }
        // Who believes them verifies them: they may be read from anywhere.
        return path.flatMap { ServedFile($0) }?.response(
            to: call.headers,
            type: type,
            with: [.accessControlAllowOrigin: "*"]
        )
    }
}
