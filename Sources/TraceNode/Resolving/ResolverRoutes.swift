internal import EPCISJSON
internal import HTTPTypes
internal import Hummingbird
internal import TraceLedger
internal import TraceQuery
internal import TraceStatements

/// `/01/...`: the codes on packs, as GS1 Digital Links (GS1-Conformant resolver 1.2). A person gets the page that verifies on
/// the device, a program the links that the configuration allows it.
///
/// Nothing here depends on whether a serial number exists, unless the configuration shows histories or packs.
struct ResolverRoutes: Routes {
    let settings: NodeConfiguration.Resolver
    let trust: NodeConfiguration.Trust
    /// The directory of batch packs.
    let packs: String?
    /// What makes proofs from them.
    let desk: PackDesk?
    let page: VerifyingPage?
    /// The events of the ledger that histories are from.
    let events: QueryRoutes?
    /// The node's URL as the configuration has it.
    let url: String?
    /// What requests come by, where it has none.
    let isSecure: Bool
    /// Whether activations are answered for.
    let answersActivations: Bool
    let tokens: WriteAccess
    /// What an address may ask beside the page.
    let reading: AddressRates

    func respond(to call: Call) async throws -> Response? {
        if call.method == .options { return .preflight("GET, HEAD") }
        guard call.isReading else { throw Problem.method("GET, HEAD, OPTIONS") }
        let target = call.path + (call.request.uri.query.map { "?\($0)" } ?? "")
        let request = try ResolvedLink(target: target, base: base(call))
        var response = try await answer(request, call)
        response.headers[.accessControlAllowOrigin] = "*"
        return response
    }

    private func answer(_ request: ResolvedLink, _ call: Call) async throws -> Response {
        switch request.linkType {
        case "linkset"?, "all"?: return try linkset(request, call)
        case let name?:
            guard let type = LinkType(request: name) else {
                throw Problem(
                    .notFound,
                    "there is no link of this type",
                    detail: "`linkType=linkset` shows those that there are"
                )
            }
            return try await follow(type, request, call)
        case nil: break
        }
        switch Preference(call.headers[.accept]) {
        case .page: return try html(request, call)
        case .linkset: return try linkset(request, call)
        case .events:
            guard request.item != nil, settings.history != .off else { return try linkset(request, call) }
            return try await follow(.traceability, request, call)
        }
    }

    /// The one link of a type: what this node has itself, or where it is.
    private func follow(_ type: LinkType, _ request: ResolvedLink, _ call: Call) async throws -> Response {
        let none = Problem(
            .notFound,
            "there is no link of this type",
            detail: "`linkType=linkset` shows those that there are"
        )
        switch type {
        case .batchPack:
            guard settings.packs != .off, let name = request.packName, let packs else { throw none }
            try admit(settings.packs, call)
            guard let file = ServedFile("\(packs)/\(name)") else { throw none }
            return file.response(to: call.headers, type: "application/cbor")
        case .itemProof:
            guard settings.proofs != .off, let name = request.packName, let item = request.item, let desk else {
                throw none
            }
            try admit(settings.proofs, call)
            guard let proof = try await desk.proof(of: item, in: name) else { throw none }
            return Response(bytes: proof, type: "application/cbor")
        case .traceability:
            guard settings.history != .off, let item = request.item, let events else { throw none }
            try admit(settings.history, call)
            return try await events.history(of: item)
        default:
            guard let link = links(request, call).first(where: { $0.type == type }) else { throw none }
            return Response(status: .temporaryRedirect, headers: [.location: link.href, .vary: "Accept"])
        }
    }

    /// Lets somebody have what the configuration shows to them.
    private func admit(_ audience: NodeConfiguration.Resolver.Audience, _ call: Call) throws(Problem) {
        if audience == .tokens { _ = try tokens.requiredToken(of: call) }
        if let wait = reading.take(call.address, now: .now) {
            throw .tooMany("too many questions from this address", after: wait)
        }
    }

    private func shows(_ audience: NodeConfiguration.Resolver.Audience, to call: Call) -> Bool {
        switch audience {
        case .off: false
        case .public: true
        case .tokens:
            call.headers[.authorization].map { header in tokens.tokens.contains { $0.isPresented(by: header) } }
                ?? false
        }
    }

    /// The links that a client may have.
    private func links(_ request: ResolvedLink, _ call: Call) -> [ResolverLink] {
        let here = request.base + request.target
        let people = ["en", "zh"]
        func page(_ type: LinkType) -> ResolverLink {
            .init(
                type: type,
                href: here,
                title: "Check this code on your device",
                media: "text/html",
                languages: people
            )
        }
        var links = [page(.defaultLink), page(.pip)]
        func typed(_ type: LinkType) -> String {
            request.base + request.path + "?linkType=" + type.curie
        }
        if let item = request.item {
            links.append(page(.verificationService))
            if answersActivations {
                let id = ResolvedLink.escaped(item.text)
                links.append(
                    .init(
                        type: .activations,
                        href: "\(request.base)/activations?id=\(id)",
                        title: "Whether it was opened",
                        media: "application/cbor"
                    )
                )
            }
            // Whether there is one shows who asks for it: the link is there for every serial number.
            if request.lot != nil, packs != nil, shows(settings.proofs, to: call) {
                links.append(
                    .init(
                        type: .itemProof,
                        href: typed(.itemProof),
                        title: "That it is of its lot",
                        media: "application/cbor"
                    )
                )
            }
            if shows(settings.history, to: call) {
                links.append(
                    .init(
                        type: .traceability,
                        href: typed(.traceability),
                        title: "Its events",
                        media: "application/json"
                    )
                )
            }
        }
        if let name = request.packName, let packs, shows(settings.packs, to: call),
            ServedFile("\(packs)/\(name)") != nil
        {
            links.append(
                .init(
                    type: .batchPack,
                    href: typed(.batchPack),
                    title: "The items of its lot",
                    media: "application/cbor"
                )
            )
        }
        let files: [(LinkType, String?, String, String, String)] = [
            (.recallStatus, trust.recalls, "recalls", "The recalls", "application/cbor"),
            (.registryPack, trust.registry, "registry-pack", "Whose key is whose", "application/cbor"),
            (.policy, trust.policy, "policy", "Whose cosignatures count", "text/plain"),
        ]
        for case let (type, _?, name, title, media) in files {
            links.append(.init(type: type, href: "\(request.base)/trust/\(name)", title: title, media: media))
        }
        return links
    }

    // MARK: Answers

    private func linkset(_ request: ResolvedLink, _ call: Call) throws -> Response {
        Response(
            json: request.linkset(links(request, call)),
            type: "application/linkset+json",
            headers: [
                .vary: "Accept",
                .link: "<https://ref.gs1.org/standards/resolver/linkset-context>; "
                    + "rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"",
            ]
        )
    }

    private func html(_ request: ResolvedLink, _ call: Call) throws -> Response {
        let fields: HTTPFields = [
            .vary: "Accept",
            .link:
                "<\(request.base)\(request.path)?linkType=linkset>; rel=\"linkset\"; type=\"application/linkset+json\"",
        ]
        if let response = try page?.response(to: call.headers, with: fields) { return response }
        var response = Response(html: PlainPage.text(request))
        response.headers = response.headers.merging(fields)
        return response
    }

    /// The resolver description file (GS1-Conformant resolver 1.2).
    func description(_ call: Call) -> Response {
        let namespaces = [("gs1:", LinkType.gs1), ("traceledger:", LinkType.own)].map { prefix, namespace in
            JSONValue.object([("namespace", .text(namespace)), ("prefix", .text(prefix))])
        }
        return Response(
            json: .object([
                ("name", .text("tracenode")), ("resolverRoot", .text(base(call))),
                ("supportedPrimaryKeys", .array([.text("01")])), ("supportedLinkType", .array(namespaces)),
                ("linkTypeDefaultCanBeLinkset", .boolean(false)),
            ]),
            headers: [.cacheControl: "public, max-age=60", .accessControlAllowOrigin: "*"]
        )
    }

    /// Scheme and host of this node: the configuration's, else those that the request came by.
    private func base(_ call: Call) -> String {
        if let url { return url }
        // Back it goes to whoever sent it; what no host has would make another URL of the links.
        let host = call.request.head.authority ?? ""
        let isHost =
            (1...255).contains(host.utf8.count)
            && host.utf8.allSatisfy { byte in
                (0x30...0x3A).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "-._[]".utf8.contains(byte)
            }
        return "\(isSecure ? "https" : "http")://\(isHost ? host.lowercased() : "localhost")"
    }
}

/// What `Accept` asks for (RFC 9110 section 12.5.1); a page where it does not say.
enum Preference: Equatable {
    case page
    case linkset
    case events

    init(_ accept: String?) {
        let weights = Preference.weights(accept ?? "")
        func weight(_ type: String) -> Double {
            let group = String(type.prefix { $0 != "/" }) + "/*"
            return weights[type] ?? weights[group] ?? weights["*/*"] ?? 0
        }
        let (page, linkset) = (weight("text/html"), weight("application/linkset+json"))
        let events = max(weight("application/json"), weight("application/ld+json"))
        // What a wildcard covers it does not ask for.
        if linkset > page, linkset >= events {
            self = .linkset
        } else if events > page {
            self = .events
        } else {
            self = .page
        }
    }

    private static func weights(_ accept: String) -> [String: Double] {
        var weights: [String: Double] = [:]
        for item in accept.prefix(4096).split(separator: ",").prefix(64) {
            let parts = item.split(separator: ";").map(\.trimmingSpaces)
            guard let type = parts.first?.lowercased() else { continue }
            let weight = parts.dropFirst().first { $0.lowercased().hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
            weights[type] = min(1, max(0, weight ?? 1))
        }
        return weights
    }
}
