import ArgumentParser
import EPCISJSON
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// `DIR|URL|PACK`: a registry to look at. Nothing is decided by it, so its own key is taken where no policy is given.
struct RegistrySource: ParsableArguments {
    @Argument(help: ArgumentHelp("The registry: its ledger, or a pack of it.", valueName: "dir|url|pack")) var source:
        String
    @OptionGroup var logKey: LogKeyOption
    @Option(help: ArgumentHelp("Whom to believe (C2SP tlog-policy).", valueName: "file")) var policy: String?
    @Flag(help: "Print one JSON document.") var json = false

    /// The registry and its entries.
    func read() async throws -> (registry: Registry, entries: [[UInt8]]) {
        let pack = try await pack()
        var anchors = TrustAnchors(logKeys: logKey.key.map { [$0] } ?? [])
        if let policy {
            let file = try InputFile(policy, limit: TrustPolicy.maximumByteCount)
            do { anchors.policy = try TrustPolicy(bytes: file.bytes) } catch {
                throw CommandFailure(error, in: file.name)
            }
        }
        if anchors.policy == nil, anchors.logKeys.isEmpty {
            Console.note("nobody's word is taken for this registry: pass --policy or --log-key to check it")
            var registry = Registry(origin: pack.checkpoint.checkpoint.origin)
            do { for entry in pack.entries { try registry.append(entry, checker: SodiumSignatureChecker()) } } catch {
                throw CommandFailure(.wrong, "\(source): \(error)")
            }
            return (registry, pack.entries)
        }
        return (try EnrolPackCommand.verify(pack, anchors, name: source), pack.entries)
    }

    private func pack() async throws -> RegistryPack {
        if let file = try? InputFile(source, limit: RegistryPack.maximumByteCount) {
            do { return try RegistryPack(decoding: file.bytes) } catch { throw CommandFailure(error, in: file.name) }
        }
        guard let location = LedgerLocation(argument: source) else {
            throw CommandFailure(.usage, "\(source): neither a directory, nor a URL, nor a pack")
        }
        return try await location.reader(logKey).registryPack()
    }
}

extension Description {
    /// A key as a registry has it.
    static func key(_ record: KeyRecord) -> JSONValue {
        let start = grant(record.grant).adding(["entry": .number(record.enrolledAt)])
        guard let end = record.end else { return start }
        return start.adding([
            "state": .text(record.isRevoked ? "revoked" : "retired"), "end": self.end(end),
            "endEntry": .number(record.endedAt),
        ])
    }

    /// A party as a registry has it.
    static func party(_ party: Registry.Party) -> JSONValue {
        JSONValue.object(["party": .text(party.identifier), "withdrawn": .text(party.withdrawn.map(Time.text))])
            .adding(["data": self.party(party.data), "keys": .array(party.keys.map(key))])
    }
}

/// `enrol list`.
struct EnrolListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the parties of a registry.",
        discussion: """
            Example:
              traceledger enrol list registry.pack --policy POLICY
            """
    )

    @OptionGroup var source: RegistrySource

    func run() async throws {
        let (registry, _) = try await source.read()
        if source.json {
            return try Console.json(
                .object([
                    "registry": .text(registry.origin), "size": .number(registry.size),
                    "authority": .text(registry.authority?.identifier),
                    "parties": .array(registry.parties.map(Description.party)),
                    "findings": .array(
                        registry.findings.map { .object(["index": .number($0.index), "reason": .text($0.reason)]) }
                    ),
                ])
            )
        }
        for party in registry.parties {
            let good = party.keys.count { $0.end == nil }
            let state =
                party.withdrawn.map { "withdrawn from \(Time.text($0)) on" } ?? "\(good) of \(party.keys.count) keys"
            let roles = party.data.roles.map(\.name).joined(separator: ",")
            try Console.line(
                "\(party.identifier)\t\(party.data.name(in: "en").onOneLine)\t\(roles.isEmpty ? "-" : roles)\t\(state)"
            )
        }
        for finding in registry.findings {
            Console.warning("entry \(finding.index) does not count: \(finding.reason.onOneLine)")
        }
    }
}

/// `enrol show`.
struct EnrolShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one party of a registry, with its keys.",
        discussion: """
            Example:
              traceledger enrol show registry.pack --party 9521101000009
            """
    )

    @OptionGroup var source: RegistrySource
    @OptionGroup var party: PartyOption

    func run() async throws {
        let (registry, _) = try await source.read()
        guard let found = registry.party(party.party) else {
            throw CommandFailure(.usage, "\(party.party) is not enrolled in \(registry.origin)")
        }
        let document = Description.party(found)
        if source.json { try Console.json(document) } else { try Console.write(document.outline) }
    }
}

/// `enrol history`.
struct EnrolHistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show what a registry recorded, in its order: of one party or of all.",
        discussion: """
            Example:
              traceledger enrol history REGISTRY --party 9521101000009
            """
    )

    @OptionGroup var source: RegistrySource
    @Option(help: ArgumentHelp("Only this party.", valueName: "id")) var party: String?

    func run() async throws {
        let (registry, entries) = try await source.read()
        let findings = Dictionary(registry.findings.map { ($0.index, $0.reason) }) { first, _ in first }
        var documents: [JSONValue] = []
        for (index, entry) in entries.enumerated() {
            guard let statement = try? Statement(decoding: entry), statement.header.kind == .enrolment,
                let enrolment = try? Enrolment(decoding: statement.payload),
                party.map({ $0.hasSameUTF8(as: enrolment.party) }) ?? true
            else { continue }
            let finding = findings[UInt64(index)]
            if source.json {
                documents.append(
                    .object([
                        "index": .number(UInt64(index)), "time": .text(Time.text(statement.header.issuedAt)),
                        "kid": .text(statement.header.keyID.description),
                        "enrolment": Description.enrolment(enrolment), "counts": .boolean(finding == nil),
                        "reason": .text(finding),
                    ])
                )
                continue
            }
            let note = finding.map { "\tdoes not count: \($0.onOneLine)" } ?? ""
            try Console.line(
                "\(index)\t\(Time.text(statement.header.issuedAt))\t\(enrolment.party.onOneLine)\t\(enrolment.action.name)\(note)"
            )
        }
        if source.json { try Console.json(.array(documents)) }
    }
}
