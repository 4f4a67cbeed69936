internal import FoundationEssentials
public import TraceProof

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
    /// Who may append; empty: every issuer with any key, since whoever writes into the directory decides.
    public let issuerKeys: [IssuerKey]

    init(origin: String, key: VerifierKey, issuerKeys: [IssuerKey]) {
        self.origin = origin
        self.key = key
        self.issuerKeys = issuerKeys
    }

    /// Whether a statement of `issuer` under `key` is admitted.
    public func admits(issuer: String, key: PublicKey) -> Bool {
        issuerKeys.isEmpty || issuerKeys.contains { $0.key == key && ($0.issuer ?? issuer).hasSameUTF8(as: issuer) }
    }

    private struct Document: Codable {
        struct Issuer: Codable {
            var issuer: String?
            var key: String
        }
        struct Admission: Codable { var issuerKeys: [Issuer] }

        var version: Int
        var origin: String
        var vkey: String
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
            admission: Document.Admission(issuerKeys: issuers)
        )
        return [UInt8](try encoder.encode(document)) + [0x0A]
    }

    /// Reads the file; `path` is for messages.
    init(decoding bytes: [UInt8], path: String) throws(LedgerError) {
        let document: Document
        do { document = try JSONDecoder().decode(Document.self, from: Data(bytes)) } catch {
            throw .unreadable(path: path, reason: "not the ledger.json of a ledger: \(error)")
        }
        guard document.version == LedgerInformation.version else {
            throw .unreadable(
                path: path,
                reason: "layout version \(document.version), and this program knows \(LedgerInformation.version): "
                    + "use a newer traceledger"
            )
        }
        var issuerKeys: [IssuerKey] = []
        for issuer in document.admission.issuerKeys {
            guard let key = Hex.decode(issuer.key).flatMap({ PublicKey($0) }) else {
                throw .unreadable(path: path, reason: "an issuer key is not 64 lower-case hexadecimal digits")
            }
            issuerKeys.append(IssuerKey(issuer: issuer.issuer, key: key))
        }
        do {
            self.init(origin: document.origin, key: try VerifierKey(text: document.vkey), issuerKeys: issuerKeys)
        } catch {
            throw .unreadable(path: path, reason: error.description)
        }
    }
}
