internal import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import TraceLedger
internal import TraceProof
internal import TraceReplication
internal import TraceSigning
internal import TraceVerification

/// Looks now and then at what others saw of the ledgers that this node holds, and compares: cosigners and mirrors show the
/// latest checkpoint of a ledger at `<prefix>/<SHA-256 of the origin>/checkpoint` (tlog-witness, tlog-mirror).
final class WatchService: Service {
    /// A ledger that the node holds.
    struct Copy: Sendable {
        let origin: String
        let directory: String
        /// Its key, where the directory does not have to be believed.
        let key: VerifierKey?
    }

    /// What is watched, as of now: what is configured may change.
    struct Subject: Sendable {
        var copies: [Copy]
        /// Monitoring prefixes of others.
        var prefixes: [String]
    }

    private let client: HTTPClient
    private let desk: EvidenceDesk
    private let logger: Logger
    private let interval: Duration
    private let subject: Mutex<Subject>
    private let watches = Mutex<[String: ForkWatch]>([:])

    init(_ subject: Subject, client: HTTPClient, desk: EvidenceDesk, interval: Duration, logger: Logger) {
        (self.client, self.desk, self.logger, self.interval) = (client, desk, logger, interval)
        self.subject = Mutex(subject)
    }

    /// Watches these from now on.
    func replace(_ subject: Subject) { self.subject.withLock { $0 = subject } }

    func run() async throws {
        await desk.recall()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: self.interval * Double.random(in: 0.75...1.25))
                guard !Task.isCancelled else { return }
                await self.look()
            }
        }
    }

    /// One round over all ledgers and prefixes; a prefix that does not answer keeps nobody else from being asked.
    private func look() async {
        let subject = subject.withLock { $0 }
        for copy in subject.copies {
            guard let reader = await reader(of: copy) else { continue }
            let name = "\(SHA256.hash(Array(copy.origin.utf8)))/checkpoint"
            await withTaskGroup(of: (String, SignedCheckpoint?).self) { group in
                for prefix in subject.prefixes {
                    group.addTask { (prefix, await self.checkpoint("\(prefix)/\(name)")) }
                }
                for await (prefix, signed) in group {
                    if let signed { await self.see(signed, from: prefix, copy: reader) }
                }
            }
            await catchUp(copy.origin, reader)
        }
    }

    private func checkpoint(_ url: String) async -> SignedCheckpoint? {
        guard let response = try? await client.send(.get(url, responseLimit: SignedNote.maximumByteCount)),
            response.status == 200
        else { return nil }
        return try? SignedCheckpoint(bytes: response.body)
    }

    private func reader(of copy: Copy) async -> LedgerReader? {
        let (source, checker) = (DirectorySource(copy.directory), SodiumSignatureChecker())
        if let key = copy.key {
            return try? await LedgerReader(source, key: key, checker: checker).following()
        }
        return try? await LedgerReader(source, checker: checker)
    }

    private func watch(_ origin: String) -> ForkWatch {
        watches.withLock { watches in
            if let watch = watches[origin] { return watch }
            let watch = ForkWatch()
            watches[origin] = watch
            return watch
        }
    }

    /// Compares a checkpoint that somebody showed with the copy here.
    func see(_ signed: SignedCheckpoint, from party: String, copy: LedgerReader) async {
        do {
            let finding = try await watch(signed.checkpoint.origin).see(signed, from: party, copy: copy)
            if case .fork(let fork) = finding { await desk.file(fork.evidence, by: fork.party) }
        } catch {
            logger.warning("a checkpoint could not be compared", metadata: ["from": "\(party)", "reason": "\(error)"])
        }
    }

    /// Compares a checkpoint of a ledger that this node may hold: one that was brought to its witness.
    func see(_ signed: SignedCheckpoint, from party: String) async {
        let copies = subject.withLock { $0.copies }
        guard let copy = copies.first(where: { $0.origin.hasSameUTF8(as: signed.checkpoint.origin) }),
            let reader = await reader(of: copy)
        else { return }
        await see(signed, from: party, copy: reader)
    }

    private func catchUp(_ origin: String, _ copy: LedgerReader) async {
        do {
            for fork in try await watch(origin).compare(with: copy) { await desk.file(fork.evidence, by: fork.party) }
        } catch {
            logger.warning(
                "checkpoints could not be compared",
                metadata: ["ledger": "\(origin)", "reason": "\(error)"]
            )
        }
    }
}
