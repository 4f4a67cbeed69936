internal import EPCIS
internal import EPCISJSON
internal import TraceReplication

/// What a running node says of itself, for `tracenode status`.
public struct NodeReport: Sendable {
    /// The node's own JSON document.
    public let json: String
    /// The same for people.
    public let text: String
    /// Whether it is ready: every ledger takes entries, and there is no alarm.
    public let isReady: Bool

    /// Why there is no report.
    public struct Failure: Error, CustomStringConvertible {
        /// What happened.
        public let description: String
    }

    /// Asks the node at `url`, or the one of a configuration.
    ///
    /// - Throws: ``Failure`` or ``HTTPFailure`` where it does not answer with its status.
    public static func fetch(url: String?, _ configuration: NodeConfiguration? = nil) async throws -> NodeReport {
        let address = configuration?.listen ?? NodeConfiguration.Address()
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        let local = configuration?.tls == nil ? "http://\(host):\(address.port)" : configuration?.url
        let base = url ?? local ?? "https://\(host):\(address.port)"
        let client = try HTTPClient(trustRoots: configuration?.trustRoots, userAgent: "tracenode/\(NodeDaemon.version)")
        let trimmed = base.hasSuffix("/") ? String(base.dropLast()) : base
        let response: PeerResponse
        do { response = try await client.send(.get("\(trimmed)/status.json", responseLimit: 1 << 24)) } catch {
            await client.shutDown()
            throw error
        }
        await client.shutDown()
        guard response.status == 200, let document = try? JSONValue(parsing: response.body) else {
            throw Failure(
                description:
                    "\(trimmed)/status.json: it answered \(response.status) and no status: is this a tracenode?"
            )
        }
        return NodeReport(document)
    }

    private init(_ document: JSONValue) {
        json = String(decoding: document.serialized(.pretty), as: UTF8.self)
        isReady = document["ready"]?.isTrue ?? false
        var lines = [
            "\(document["url"]?.shown ?? ""): \(isReady ? "ready" : "NOT READY"), version \(document["version"]?.shown ?? "")"
        ]
        for ledger in document["ledgers"]?.items ?? [] {
            let cosigners = (ledger["cosigners"]?.items ?? []).compactMap(\.shown).joined(separator: ", ")
            lines.append(
                "  ledger \(ledger["origin"]?.shown ?? ""): \(ledger["published"]?.shown ?? "") published of "
                    + "\(ledger["committed"]?.shown ?? "-"), cosigned by \(cosigners.isEmpty ? "nobody" : cosigners)"
                    + (ledger["open"]?.isTrue == true ? "" : "; CLOSED: \(ledger["reason"]?.shown ?? "")")
            )
        }
        for mirror in document["mirrors"]?.items ?? [] {
            lines.append(
                "  mirror \(mirror["origin"]?.shown ?? ""): \(mirror["size"]?.shown ?? ""), \(mirror["lag"]?.shown ?? "?") behind, "
                    + "last answer \(mirror["lastSuccess"]?.shown ?? "never"); \(mirror["failure"]?.shown ?? "ok")"
            )
        }
        for log in document["witness"]?["ledgers"]?.items ?? [] {
            lines.append("  witnessed \(log["origin"]?.shown ?? ""): \(log["size"]?.shown ?? "nothing yet")")
        }
        for cosigner in document["cosigners"]?.items ?? [] {
            lines.append(
                "  cosigner \(cosigner["name"]?.shown ?? ""): \(cosigner["size"]?.shown ?? ""); \(cosigner["failure"]?.shown ?? "ok")"
            )
        }
        for alarm in document["alarms"]?.items ?? [] {
            lines.append(
                "  ALARM \(alarm["kind"]?.shown ?? "") \(alarm["origin"]?.shown ?? ""): \(alarm["reason"]?.shown ?? ""); \(alarm["evidence"]?.shown ?? "")"
            )
        }
        text = lines.joined(separator: "\n") + "\n"
    }
}

extension JSONValue {
    fileprivate var items: [JSONValue] {
        if case .array(let items) = content { return items }
        return []
    }

    fileprivate var isTrue: Bool {
        if case .boolean(let flag) = content { return flag }
        return false
    }

    /// A text or a number; `nil` for everything else.
    fileprivate var shown: String? {
        switch content {
        case .string(let text): text
        case .number(let number): number.text
        default: nil
        }
    }
}

extension NodeDaemon {
    /// What could be better in a configuration that is good, keys and tokens included.
    ///
    /// - Throws: ``ConfigurationProblems`` with everything that is wrong.
    public static func check(_ configuration: NodeConfiguration, file: String) throws -> [String] {
        let remarks = try NodeSecrets(configuration, file: file).remarks
        do { if let tls = configuration.tls { _ = try NodeDaemon.tls(tls) } } catch {
            throw ConfigurationProblems(problems: [
                ConfigurationProblem(file: file, line: nil, reason: "tls: certificate or key cannot be used: \(error)")
            ])
        }
        return remarks
    }
}
