internal import EPCISJSON
internal import HTTPTypes
internal import Hummingbird

/// What operators ask for: `/`, `/healthz`, `/readyz`, `/metrics`, `/status.json`.
struct OperatingRoutes: Routes {
    let name: String
    let status: @Sendable () async -> NodeStatus
    /// The metrics; `nil` where they are switched off.
    let registry: PrometheusRegistry?

    func respond(to call: Call) async throws -> Response? {
        guard call.rest.isEmpty else { return nil }
        guard call.isReading else { throw Problem.method("GET") }
        switch name {
        case "": return Response(html: StatusPage.render(await status()))
        case "healthz": return Response(bytes: Array("ok\n".utf8), type: "text/plain; charset=utf-8")
        case "readyz": return ready(await status().hindrances)
        case "status.json": return Response(json: await status().document)
        case "metrics":
            // Gauges are brought up to date by whoever asks.
            if registry != nil { await status().record() }
            return registry.map {
                Response(bytes: Array($0.exposition().utf8), type: "text/plain; version=0.0.4; charset=utf-8")
            }
        default: return nil
        }
    }

    private func ready(_ hindrances: [String]) -> Response {
        let document = JSONValue.object([
            ("ready", .boolean(hindrances.isEmpty)), ("reasons", .array(hindrances.map { .text($0) })),
        ])
        return Response(json: document, status: hindrances.isEmpty ? .ok : .serviceUnavailable)
    }
}

extension Response {
    /// A page that loads nothing from anywhere.
    init(html: String) {
        self.init(
            bytes: Array(html.utf8),
            type: "text/html; charset=utf-8",
            headers: [
                .contentSecurityPolicy:
                    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                .referrerPolicy: "no-referrer",
            ]
        )
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .accept
}
