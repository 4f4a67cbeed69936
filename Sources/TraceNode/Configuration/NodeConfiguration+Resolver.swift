internal import Foundation
internal import TraceProof

/// The part of the configuration that consumers meet: page, packs, what they begin with, and to whom what is shown.
extension NodeConfiguration {
    mutating func readResolver(_ root: ConfigurationFields, _ folder: URL) {
        page = root.path("page", in: folder)
        packs = root.path("packs", in: folder)
        if let fields = root.fields("trust") {
            trust = Trust(
                registry: fields.path("registry", in: folder),
                policy: fields.path("policy", in: folder),
                recalls: fields.path("recalls", in: folder)
            )
            fields.end()
        }
        if let fields = root.fields("resolver") {
            resolver = Resolver(
                packs: fields.choice("packs", default: Resolver.Audience.off),
                proofs: fields.choice("proofs", default: Resolver.Audience.off),
                history: fields.choice("history", default: Resolver.Audience.off),
                ledger: fields.text("ledger"),
                tokens: fields.list("tokens").compactMap { NodeConfiguration.token($0, folder) }
            )
            fields.end()
        }
    }

    /// The files that consumers are served, each with the key that names it: what `check` looks for.
    var servedFiles: [(key: String, path: String)] {
        var files: [(key: String, path: String)] = []
        if let page { files.append(("page", "\(page)/verify.html")) }
        if let packs { files.append(("packs", packs)) }
        let trusted = [("registry", trust.registry), ("policy", trust.policy), ("recalls", trust.recalls)]
        for case (let name, let path?) in trusted { files.append(("trust.\(name)", path)) }
        return files
    }

    /// What of it cannot work.
    func checkResolver(_ list: ProblemList) {
        let audiences = [resolver.packs, resolver.proofs, resolver.history]
        if audiences.contains(.tokens), resolver.tokens.isEmpty {
            list.note(nil, "resolver: what is shown for tokens needs some: name them in resolver.tokens")
        }
        if !audiences.contains(.tokens), !resolver.tokens.isEmpty {
            list.note(nil, "resolver: nothing takes its tokens: say `packs: tokens`, `proofs: tokens` or `history: tokens`")
        }
        if resolver.packs != .off || resolver.proofs != .off, packs == nil {
            list.note(nil, "resolver: packs or proofs from them are shown, and `packs` does not say in which directory they are")
        }
        let holders = ledgers.filter { $0.admission != .any }.map(\.path)
        if let path = resolver.ledger, !holders.contains(path) {
            list.note(nil, "resolver: ledger \(path): this is no ledger of events of this node")
        }
        if resolver.history != .off, holders.isEmpty {
            list.note(nil, "resolver: the history of items is shown, and no ledger of this node holds events")
        }
    }
}
