internal import Foundation
internal import TraceProof
internal import TraceSigning

/// The keys and tokens that a configuration names, read once at the start.
struct NodeSecrets: Sendable {
    /// The keys of the own ledgers, by path.
    var ledgerKeys: [String: SigningKey] = [:]
    /// The keys that the node signs captured events with, by the ledger's path.
    var enterpriseKeys: [String: SigningKey] = [:]
    /// The tokens of each ledger, by its path.
    var tokens: [String: [BearerToken]] = [:]
    /// The tokens of the resolver.
    var resolverTokens: [BearerToken] = []
    /// The keys of the node's own cosigners.
    var witnessKey: SigningKey?
    var mirrorKey: SigningKey?
    /// What is well and could be better: key files that others can read.
    var remarks: [String] = []

    /// Reads all of them.
    ///
    /// - Throws: ``ConfigurationProblems`` for every one that is missing, unreadable or used for two purposes.
    init(_ configuration: NodeConfiguration, file: String) throws {
        let list = ProblemList(file)
        var used: [(key: PublicKey, what: String)] = []
        for ledger in configuration.ledgers {
            let what = "ledgers: \(ledger.path): key"
            ledgerKeys[ledger.path] = read(ledger.key, what, list, &used)
            if let capture = ledger.capture {
                // One enterprise may sign in several of its ledgers: it is the same use.
                let what = "ledgers: \(ledger.path): capture: key"
                enterpriseKeys[ledger.path] = read(capture.key, what, list, &used, sharing: "capture: key")
            }
            tokens[ledger.path] = NodeSecrets.tokens(ledger.tokens, "ledgers: \(ledger.path)", list)
        }
        resolverTokens = NodeSecrets.tokens(configuration.resolver.tokens, "resolver", list)
        if let witness = configuration.witness?.cosigner { witnessKey = read(witness.key, "witness: key", list, &used) }
        if let mirror = configuration.mirror { mirrorKey = read(mirror.key, "mirror: key", list, &used) }
        let foreign =
            configuration.mirrors.map { ($0.key, "the mirrored ledger") }
            + (configuration.witness?.ledgers.map { ($0, "the witnessed ledger") } ?? [])
        for (key, what) in foreign where key.publicKey != nil {
            guard let own = used.first(where: { $0.key == key.publicKey }),
                !own.what.hasPrefix("ledgers:") || own.what.hasSuffix("capture: key")
            else { continue }
            list.note(nil, "\(own.what): \(what) \(key.name) has the same key; every use has its own")
        }
        for path in [configuration.tls?.certificate, configuration.tls?.key, configuration.trustRoots].compactMap(
            \.self
        )
        where !FileManager.default.isReadableFile(atPath: path) {
            list.note(nil, "tls: \(path): it cannot be read")
        }
        for (name, path) in configuration.servedFiles where !FileManager.default.isReadableFile(atPath: path) {
            list.note(nil, "\(name): \(path): it cannot be read")
        }
        guard list.problems.isEmpty else { throw ConfigurationProblems(problems: list.problems) }
    }

    private mutating func read(
        _ path: String,
        _ what: String,
        _ list: ProblemList,
        _ used: inout [(key: PublicKey, what: String)],
        sharing: String = "-"
    ) -> SigningKey? {
        do {
            let (key, isExposed) = try KeyFile.read(path)
            if isExposed { remarks.append("\(path): others on this machine can read it: chmod 600") }
            let other = used.first { $0.key == key.publicKey && !$0.what.hasSuffix(sharing) }
            if let other {
                list.note(
                    nil,
                    "\(what): it is the same key as \(other.what); every use has its own key, since a cosignature does not say whose it is"
                )
            }
            used.append((key.publicKey, what))
            return key
        } catch {
            list.note(nil, "\(what): \(path): \(error)")
            return nil
        }
    }

    /// The tokens that a part of the configuration names.
    private static func tokens(
        _ tokens: [NodeConfiguration.Token],
        _ place: String,
        _ list: ProblemList
    ) -> [BearerToken] {
        tokens.compactMap { token in
            guard let value = value(of: token.secret) else {
                list.note(nil, "\(place): token \(token.name): \(token.secret.place) holds no token")
                return nil
            }
            guard let bearer = BearerToken(token, value: value) else {
                list.note(
                    nil,
                    "\(place): token \(token.name): a token has 16 to 512 letters, digits and -._~+/="
                )
                return nil
            }
            return bearer
        }
    }

    private static func value(of secret: NodeConfiguration.Secret) -> String? {
        switch secret {
        case .environment(let name): ProcessInfo.processInfo.environment[name]
        case .file(let path):
            FileManager.default.contents(atPath: path).map {
                String(decoding: $0.prefix(4096), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            }
        }
    }
}

extension NodeConfiguration.Secret {
    /// Where it is, for messages.
    var place: String {
        switch self {
        case .file(let path): path
        case .environment(let name): "the environment variable \(name)"
        }
    }
}
