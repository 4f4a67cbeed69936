internal import FoundationEssentials
public import TraceProof
internal import TraceStatements
public import TraceVerification

/// `ledger.json`: what the ledger is, for people and for the programs that open its directory.
public struct LedgerInformation: Sendable, Equatable {
    /// A key that may sign, and for whom.
    public struct IssuerKey: Sendable, Hashable {
        /// The issuer it signs for; `nil`: any.
        public let issuer: String?
        /// The key.
        public let key: PublicKey

        /// `key`, for `issuer` or for any.
        public init(issuer: String?, key: PublicKey) {
            self.issuer = issuer
            self.key = key
        }
    }

    /// The ledger's origin.
    public let origin: String
    /// The ledger's key, under which its checkpoints verify.
    public let key: VerifierKey
    /// The keys before it, and up to which size each signed.
    public let earlierKeys: [LedgerKeys.Earlier]
    /// Who may append; empty: every issuer with any key, since whoever writes into the directory decides.
    public let issuerKeys: [IssuerKey]
    /// The registry that says who may append, beside ``issuerKeys``; `nil`: none does.
    public let registry: AdmissionRule?
    /// Whether entries need not be signed statements: a plain transparency log, whose entries have no chain and no issuer.
    public let admitsAnyEntry: Bool

    init(
        origin: String,
        key: VerifierKey,
        earlierKeys: [LedgerKeys.Earlier] = [],
        issuerKeys: [IssuerKey],
        registry: AdmissionRule? = nil,
        admitsAnyEntry: Bool = false
    ) {
        self.registry = registry
        self.origin = origin
        self.key = key
        self.earlierKeys = earlierKeys
        self.issuerKeys = issuerKeys
        self.admitsAnyEntry = admitsAnyEntry
    }

    /// All keys of the ledger, as the file says.
    public var keys: LedgerKeys { LedgerKeys(earlier: earlierKeys, current: key) }

    /// The same ledger, which admits by these.
    func admitting(registry: AdmissionRule?, issuerKeys: [IssuerKey]) -> LedgerInformation {
        LedgerInformation(
            origin: origin,
            key: key,
            earlierKeys: earlierKeys,
            issuerKeys: issuerKeys,
            registry: registry,
            admitsAnyEntry: admitsAnyEntry
        )
    }

    /// The same with other keys.
    func with(_ keys: LedgerKeys) -> LedgerInformation {
        LedgerInformation(
            origin: origin,
            key: keys.current,
            earlierKeys: keys.earlier,
            issuerKeys: issuerKeys,
            registry: registry,
            admitsAnyEntry: admitsAnyEntry
        )
    }

    /// Whether the list of keys admits a statement of `issuer` under `key`: also where nothing says who may append.
    public func admits(issuer: String, key: PublicKey) -> Bool {
        (issuerKeys.isEmpty && registry == nil)
            || issuerKeys.contains { $0.key == key && ($0.issuer ?? issuer).hasSameUTF8(as: issuer) }
    }

    /// What is read first: another version may have another document around it.
    private struct Version: Codable { var version: Int }

    private struct Document: Codable {
        struct Issuer: Codable {
            var issuer: String?
            var key: String
        }
        struct Rule: Codable {
            var origin: String
            var roles: [String]
            var issuers: [String]
        }
        struct Admission: Codable {
            var issuerKeys: [Issuer]
            var any: Bool?
            var registry: Rule?
        }

        struct Earlier: Codable {
            var vkey: String
            var until: UInt64
        }

        var version: Int
        var origin: String
        var vkey: String
        var earlierKeys: [Earlier]?
        var admission: Admission
    }

    /// The version of the directory's layout that this package writes and reads.
    static let version = 1

    /// The file's bytes.
    func encoded() throws -> [UInt8] {
        let issuers = issuerKeys.map { Document.Issuer(issuer: $0.issuer, key: Hex.encode($0.key.bytes)) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            version: LedgerInformation.version,
            origin: origin,
            vkey: key.text,
            earlierKeys: earlierKeys.isEmpty ? nil : earlierKeys.map { .init(vkey: $0.key.text, until: $0.until) },
            admission: Document.Admission(
                issuerKeys: issuers,
                any: admitsAnyEntry ? true : nil,
                registry: registry.map {
                    Document.Rule(origin: $0.registry, roles: $0.roles.map(\.name), issuers: $0.issuers)
                }
            )
        )
        return [UInt8](try encoder.encode(document)) + [0x0A]
    }

    /// Reads the file; `path` is for messages.
    init(decoding bytes: [UInt8], path: String) throws(LedgerError) {
        let version: Int = try LedgerInformation.decode(Version.self, bytes, path).version
        guard version == LedgerInformation.version else {
            throw .unreadable(
                path: path,
                reason: "layout version \(version), and this program knows \(LedgerInformation.version): "
                    + "use a newer traceledger"
            )
        }
        let document = try LedgerInformation.decode(Document.self, bytes, path)
        var issuerKeys: [IssuerKey] = []
        for issuer in document.admission.issuerKeys {
            guard let key = Hex.decode(issuer.key).flatMap({ PublicKey($0) }) else {
                throw .unreadable(path: path, reason: "an issuer key is not 64 lower-case hexadecimal digits")
            }
            issuerKeys.append(IssuerKey(issuer: issuer.issuer, key: key))
        }
        let earlier = document.earlierKeys ?? []
        guard earlier.count <= LedgerInformation.maximumEarlierKeys,
            zip(earlier, earlier.dropFirst()).allSatisfy({ $0.until < $1.until })
        else { throw .unreadable(path: path, reason: "the earlier keys are not in the order in which they signed") }
        var earlierKeys: [LedgerKeys.Earlier] = []
        for item in earlier {
            let key = try LedgerInformation.key(item.vkey, document.origin, path)
            earlierKeys.append(LedgerKeys.Earlier(key: key, until: item.until))
        }
        self.init(
            origin: document.origin,
            key: try LedgerInformation.key(document.vkey, document.origin, path),
            earlierKeys: earlierKeys,
            issuerKeys: issuerKeys,
            registry: try LedgerInformation.rule(document.admission.registry, path),
            admitsAnyEntry: document.admission.any ?? false
        )
    }

    private static func rule(_ rule: Document.Rule?, _ path: String) throws(LedgerError) -> AdmissionRule? {
        guard let rule else { return nil }
        var roles: [PartyData.Role] = []
        for name in rule.roles {
            guard let role = PartyData.Role(name: name) else {
                throw .unreadable(path: path, reason: "\(name) is no role of a registry: \(PartyData.Role.names)")
            }
            roles.append(role)
        }
        return AdmissionRule(registry: rule.origin, roles: roles, issuers: rule.issuers)
    }

    /// The most earlier keys that are read.
    private static let maximumEarlierKeys = 1024

    private static func key(_ text: String, _ origin: String, _ path: String) throws(LedgerError) -> VerifierKey {
        let key: VerifierKey
        do { key = try VerifierKey(text: text) } catch { throw .unreadable(path: path, reason: error.description) }
        guard key.publicKey != nil, key.name.hasSameUTF8(as: origin) else {
            throw .unreadable(path: path, reason: "the vkey is not an Ed25519 key named as the origin")
        }
        return key
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type,
        _ bytes: [UInt8],
        _ path: String
    ) throws(LedgerError) -> Value {
        do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
            // Foundation's words are a dump of its own types.
            throw .unreadable(
                path: path,
                reason: "not the ledger.json of a ledger; restore it from a mirror or a backup"
            )
        }
    }
}
