internal import TraceLedger
internal import TraceProof

extension NodeConfiguration {
    /// First segments that are the node's own.
    static let reservedPaths: Set<String> = [
        "mirror", "witness", "evidence", "healthz", "readyz", "metrics", "status.json", "01", "activations", "assets",
        "trust", "verify", "sw.js", "eventTypes", "capture", "entries", "events", "epcs", "queries", "checkpoint", "tile",
    ]

    /// What no single key shows: names, directories and origins that collide, cosigners that nobody can reach.
    func check(_ list: ProblemList) {
        if data.isEmpty { list.note(nil, "data: it is missing: the directory of what the node keeps") }
        for ledger in ledgers {
            let problem = NodeConfiguration.problem(inPath: ledger.path)
            if let problem { list.note(nil, "ledgers: path \(ledger.path): \(problem)") }
            if NoteName.problem(ledger.origin) {
                list.note(nil, "ledgers: origin \(ledger.origin): an origin has 1 to 255 bytes, no spaces and no +")
            }
        }
        noteRepeated(ledgers.map(\.path), "ledgers: path", list)
        noteRepeated(ledgers.map(\.directory), "ledgers: directory", list)
        noteRepeated(ledgers.map(\.origin) + mirrors.map(\.key.name), "origin", list)
        noteRepeated(ledgers.flatMap { $0.tokens.map(\.name) }, "tokens: name", list)
        noteRepeated(cosigners.map(\.url), "cosigners: url", list)
        for ledger in ledgers where ledger.admission == .any && ledger.capture != nil {
            list.note(
                nil,
                "ledgers: \(ledger.path): a ledger of opaque entries captures no events: leave capture or `any` out"
            )
        }
        for ledger in ledgers where ledger.capture != nil && ledger.tokens.isEmpty {
            list.note(
                nil,
                "ledgers: \(ledger.path): capture signs in the enterprise's name: give the tokens of who may ask for it"
            )
        }
        if let policy {
            let known = cosigners.map(\.key.text)
            let reachable = Set(policy.witnesses.indices.filter { known.contains(policy.witnesses[$0].key.text) })
            if !policy.isQuorum(reachable) {
                list.note(
                    nil,
                    "policy: the cosigners that are configured cannot reach its quorum: nothing would ever be published"
                )
            }
        } else if !cosigners.isEmpty {
            list.note(
                nil,
                "cosigners: say in a policy (C2SP tlog-policy) whose cosignatures a checkpoint needs; `quorum none` for nobody's"
            )
        }
        if let witness {
            noteRepeated(witness.ledgers.map(\.name), "witness: ledgers", list)
            if let mirror, mirror.name == witness.cosigner.name {
                list.note(nil, "mirror: its name is the witness's: two cosigners have two names and two keys")
            }
        }
        let origins = ledgers.map(\.origin) + mirrors.map(\.key.name) + (witness?.ledgers.map(\.name) ?? [])
        for cosigner in [witness?.cosigner, mirror].compactMap(\.self) where origins.contains(cosigner.name) {
            list.note(nil, "\(cosigner.name): a cosigner does not have the name of a ledger")
        }
        checkResolver(list)
        if !mirrors.isEmpty, mirrors.contains(where: { $0.urls.isEmpty }), mirror == nil {
            list.note(
                nil,
                "mirrors: one without a url is pushed here, and its origin waits for our cosignature: give `mirror` a name and a key"
            )
        }
    }

    private func noteRepeated(_ names: [String], _ what: String, _ list: ProblemList) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted { list.note(nil, "\(what) \(name): it is there twice") }
    }

    /// Why a path cannot be a ledger's; `nil` where it can.
    static func problem(inPath path: String) -> String? {
        if reservedPaths.contains(path) || path.hasPrefix(".") { return "that is a route of the node itself" }
        let isGood = path.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E
        }
        return isGood && (1...64).contains(path.utf8.count)
            ? nil : "one segment of lower-case letters, digits, - _ and . belongs here"
    }
}

/// Whether an origin can be a key name.
private enum NoteName {
    static func problem(_ origin: String) -> Bool { (try? Checkpoint(origin: origin, head: .empty)) == nil }
}
