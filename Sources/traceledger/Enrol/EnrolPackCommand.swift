import ArgumentParser
import TraceLedger
import TraceProof
import TraceSigning
import TraceVerification

/// `enrol pack`: registries for verifiers without a network.
struct EnrolPackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Registry packs: build, update by difference, verify.",
        discussion: """
            Example:
              traceledger enrol pack build REGISTRY -o registry.pack
              traceledger enrol pack verify registry.pack --policy POLICY
            """,
        subcommands: [Build.self, Difference.self, Update.self, Verify.self]
    )

    /// `enrol pack build`.
    struct Build: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a registry at its latest checkpoint as one file.",
            discussion: """
                Example:
                  traceledger enrol pack build REGISTRY -o registry.pack
                """
        )

        @Argument(help: ArgumentHelp("The registry's ledger.", valueName: "dir|url")) var ledger: LedgerLocation
        @Option(help: "A published size; without it that of the latest checkpoint.") var size: UInt64?
        @OptionGroup var logKey: LogKeyOption
        @OptionGroup var output: OutputOption

        func run() async throws {
            try output.checkBinary()
            let pack = try await ledger.reader(logKey).registryPack(atSize: size)
            try output.write(binary: pack.encoded)
            note(pack)
        }
    }

    /// `enrol pack diff`.
    struct Difference: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "diff",
            abstract: "Write what brings a pack to the latest checkpoint, with the proof that it is one history.",
            discussion: """
                Example:
                  traceledger enrol pack diff REGISTRY --from registry.pack -o registry.update
                """
        )

        @Argument(help: ArgumentHelp("The registry's ledger.", valueName: "dir|url")) var ledger: LedgerLocation
        @Option(help: ArgumentHelp("The pack that is to be updated.", valueName: "pack")) var from: String
        @OptionGroup var logKey: LogKeyOption
        @OptionGroup var output: OutputOption

        func run() async throws {
            try output.checkBinary()
            let old = try EnrolPackCommand.read(from).checkpoint.checkpoint
            let update = try await EnrolPackCommand.update(from: old, at: ledger, logKey)
            try output.write(binary: update.encoded)
            Console.note("\(update.entries.count) entries from \(update.first) on")
        }
    }

    /// `enrol pack update`.
    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring a pack to a newer checkpoint, from the registry or from a difference.",
            discussion: """
                Nothing is written where the newer tree does not begin with the older one: then the registry forked.

                Example:
                  traceledger enrol pack update registry.pack --with registry.update --policy POLICY
                """
        )

        @Argument(help: "The pack.") var pack: String
        @Option(help: ArgumentHelp("The registry's ledger, or a file of `pack diff`.", valueName: "dir|url|file"))
        var with: String
        @OptionGroup var logKey: LogKeyOption
        @Option(help: ArgumentHelp("Whom to believe (C2SP tlog-policy).", valueName: "file")) var policy: String?
        @OptionGroup var output: OutputOption

        func run() async throws {
            let old = try EnrolPackCommand.read(pack)
            let new: RegistryPack
            do { new = try old.applying(try await update(of: old)) } catch let error as FormatError {
                throw CommandFailure(.wrong, "\(with): \(error.description)")
            }
            var anchors = TrustAnchors(logKeys: logKey.key.map { [$0] } ?? [])
            anchors.policy = try policy.map(EnrolPackCommand.readPolicy)
            if anchors.policy == nil, anchors.logKeys.isEmpty {
                guard new.head == new.checkpoint.checkpoint.head else {
                    throw CommandFailure(.wrong, "\(with): the entries do not give the root of the newer checkpoint")
                }
                Console.note("who signed the newer checkpoint was not checked: pass --policy or --log-key")
            } else {
                try EnrolPackCommand.verify(new, anchors, name: with)
            }
            try OutputOption.write(new.encoded, to: output.path ?? pack)
            note(new)
        }

        private func update(of old: RegistryPack) async throws -> RegistryUpdate {
            if let file = try? InputFile(with, limit: RegistryPack.maximumByteCount) {
                do { return try RegistryUpdate(decoding: file.bytes) } catch {
                    throw CommandFailure(error, in: file.name)
                }
            }
            guard let location = LedgerLocation(argument: with) else {
                throw CommandFailure(.usage, "\(with): neither a directory, nor a URL, nor an update")
            }
            return try await EnrolPackCommand.update(from: old.checkpoint.checkpoint, at: location, logKey)
        }
    }

    /// `enrol pack verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a pack: every entry, every signature, the checkpoint and how old it is.",
            discussion: """
                Example:
                  traceledger enrol pack verify registry.pack --policy POLICY --max-age 7d
                """
        )

        @Argument(help: "The pack.") var pack: String
        @Option(help: ArgumentHelp("Whom to believe (C2SP tlog-policy).", valueName: "file")) var policy: String?
        @OptionGroup var logKey: LogKeyOption
        @Option(
            name: .customLong("max-age"),
            help: ArgumentHelp("How old it may be: a number with s, m, h or d.", valueName: "duration"),
            transform: RegistryOption.seconds
        )
        var maximumAge: UInt64?
        @Flag(help: "Print one JSON document.") var json = false

        func run() async throws {
            var anchors = TrustAnchors(logKeys: logKey.key.map { [$0] } ?? [])
            anchors.policy = try policy.map(EnrolPackCommand.readPolicy)
            anchors.maximumRegistryAge = maximumAge
            let pack = try EnrolPackCommand.read(pack)
            let verifier = Verifier(anchors: anchors, checker: SodiumSignatureChecker(), now: Clock.now)
            let report = verifier.registry(of: pack).report
            if json { try Console.json(report.document(self.pack)) } else { try Console.write(report.text(self.pack)) }
            if report.verdict.exitCode != 0 { throw ExitCode(Int32(report.verdict.exitCode)) }
        }
    }

    static func read(_ path: String) throws -> RegistryPack {
        let file = try InputFile(path, limit: RegistryPack.maximumByteCount)
        do { return try RegistryPack(decoding: file.bytes) } catch { throw CommandFailure(error, in: file.name) }
    }

    static func readPolicy(_ path: String) throws -> TrustPolicy {
        let file = try InputFile(path, limit: TrustPolicy.maximumByteCount)
        do { return try TrustPolicy(bytes: file.bytes) } catch { throw CommandFailure(error, in: file.name) }
    }

    /// The difference, from a ledger whose history begins with that of the pack.
    static func update(
        from old: Checkpoint,
        at location: LedgerLocation,
        _ logKey: LogKeyOption
    ) async throws -> RegistryUpdate {
        let reader = try await location.reader(logKey)
        guard reader.key.name.hasSameUTF8(as: old.origin) else {
            throw CommandFailure(.usage, "\(location.text): this is \(reader.key.name), the pack is of \(old.origin)")
        }
        do { return try await reader.registryUpdate(from: old.head) } catch LedgerError.corrupt(_, let reason) {
            throw CommandFailure(
                .wrong,
                "\(location.text): \(reason): the registry forked, or is damaged; keep the pack, it is the evidence"
            )
        }
    }

    /// The registry of a pack.
    ///
    /// - Throws: exit 1 where it does not hold, 2 where nobody vouches for it or it is too old.
    @discardableResult
    static func verify(_ pack: RegistryPack, _ anchors: TrustAnchors, name: String) throws -> Registry {
        let verifier = Verifier(anchors: anchors, checker: SodiumSignatureChecker(), now: Clock.now)
        let (registry, report) = verifier.registry(of: pack)
        guard let registry else {
            throw CommandFailure(
                report.verdict.exitCode == 1 ? .wrong : .usage,
                "\(name): the registry is not to be believed: \(report.reason)"
            )
        }
        return registry
    }
}

/// What was written.
private func note(_ pack: RegistryPack) {
    let checkpoint = pack.checkpoint.checkpoint
    Console.note("\(checkpoint.origin) at size \(checkpoint.head.size), \(pack.encoded.count) bytes")
}
