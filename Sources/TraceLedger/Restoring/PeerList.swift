internal import FoundationEssentials
public import TraceProof

/// `state/peers`: whom a ledger asks for the highest checkpoint they saw before it is written into.
///
/// JSON: `{"version": 1, "mirrors": ["https://..." or an absolute path], "policy": "the text of a tlog-policy"}`.
public struct PeerList: Sendable, Equatable {
    /// Mirrors, by URL or absolute path.
    public let mirrors: [String]
    /// The witnesses with their URLs, and the quorum of them.
    public let policy: TrustPolicy?

    /// - Throws: ``FormatError`` for a policy whose quorum cannot be asked, since its witnesses have no URL.
    public init(mirrors: [String], policy: TrustPolicy?) throws(FormatError) {
        (self.mirrors, self.policy) = (mirrors, policy)
        guard let policy else { return }
        let asked = Set(policy.witnesses.indices.filter { policy.witnesses[$0].url != nil })
        guard policy.isQuorum(asked) else {
            throw FormatError(
                "tlog-policy",
                at: .whole,
                "the quorum cannot be asked for what it saw: give the witnesses' URLs behind their keys"
            )
        }
    }

    /// Whether nobody is to be asked.
    public var isEmpty: Bool { mirrors.isEmpty && (policy?.witnesses.isEmpty ?? true) }

    private struct Document: Codable {
        var version: Int
        var mirrors: [String]
        var policy: String?
    }

    /// Remembers the peers of the ledger in `directory`, durably.
    public func save(in directory: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = policy.map { String(decoding: $0.bytes, as: UTF8.self) }
        let bytes = try encoder.encode(Document(version: 1, mirrors: mirrors, policy: text))
        do {
            try DurableFiles.write([UInt8](bytes) + [0x0A], to: "\(directory)/\(Layout.peers)", mode: 0o600)
        } catch { throw LedgerError.file(error) }
    }

    /// The peers of the ledger in `directory`; nobody where none were named.
    ///
    /// - Throws: ``LedgerError/unreadable(path:reason:)`` for a file that is damaged: whoever cannot tell whom to ask must
    ///   not go on as if there were nobody.
    public static func load(from directory: String) throws(LedgerError) -> PeerList? {
        let path = "\(directory)/\(Layout.peers)"
        let bytes: [UInt8]?
        do { bytes = try DurableFiles.read(path, limit: 2 * TrustPolicy.maximumByteCount) } catch { throw .file(error) }
        guard let bytes else { return nil }
        let refusal = LedgerError.unreadable(
            path: path,
            reason: "not the list of this ledger's peers; restore it from a backup, or write it again"
        )
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)), document.version == 1 else {
            throw refusal
        }
        do throws(FormatError) {
            let policy = try document.policy.map { text throws(FormatError) in try TrustPolicy(bytes: Array(text.utf8))
            }
            return try PeerList(mirrors: document.mirrors, policy: policy)
        } catch { throw .unreadable(path: path, reason: error.description) }
    }
}
