internal import Foundation
internal import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import TraceLedger
internal import TraceProof
internal import TraceSigning

/// One of the enterprise's own ledgers: opened, kept open, opened again where a failure closed it, closed at the end.
///
/// Until it is open, and where its peers do not let it be opened, everything that was published is served all the same.
final class HostedLedger: Service {
    /// What the ledger is doing.
    enum State: Sendable {
        /// It waits for its peers, or for whatever kept it from being opened.
        case opening(reason: String)
        /// It takes entries.
        case open(Ledger)
        /// The node is stopping.
        case closed
    }

    /// Asks for what it takes to open the ledger for writing.
    typealias Peers = @Sendable () throws -> RestoreCheck.Peers

    let settings: NodeConfiguration.OwnLedger
    let key: SigningKey
    private let configuration: Ledger.Configuration
    private let peers: Peers
    private let logger: Logger
    private let state = Mutex(State.opening(reason: "the node is starting"))
    private let readers = Mutex<LedgerReader?>(nil)
    private let reopening = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(
        _ settings: NodeConfiguration.OwnLedger,
        key: SigningKey,
        cosigner: (any CheckpointCosigning)?,
        peers: @escaping Peers,
        logger: Logger
    ) {
        (self.settings, self.key, self.peers) = (settings, key, peers)
        var configuration = Ledger.Configuration()
        configuration.cosigner = cosigner
        if settings.admission == .any { configuration.mapRoots = nil }
        self.configuration = configuration
        var logger = logger
        logger[metadataKey: "ledger"] = "\(settings.path)"
        self.logger = logger
    }

    /// What it is doing.
    var current: State { state.withLock { $0 } }

    /// The open ledger.
    ///
    /// - Throws: ``Problem`` 503 where it is not open.
    func ledger() throws(Problem) -> Ledger {
        switch current {
        case .open(let ledger): return ledger
        case .opening(let reason):
            throw .unavailable("the ledger takes no entries at the moment", detail: reason)
        case .closed: throw .unavailable("the node is stopping")
        }
    }

    /// Reads what is published, and keeps the tiles that it proved.
    func reader(of ledger: Ledger) -> LedgerReader {
        readers.withLock { reader in
            if let reader, reader.keys == ledger.information.keys { return reader }
            let made = LedgerReader(
                DirectorySource(ledger.directory),
                keys: ledger.information.keys,
                checker: SodiumSignatureChecker()
            )
            reader = made
            return made
        }
    }

    /// A failure closed the writer: what is on disk decides how it goes on.
    func reopen(after error: LedgerError) {
        switch error {
        case .file, .closed, .corrupt, .unreadable: break
        default: return
        }
        let isNews = state.withLock { state in
            guard case .open = state else { return false }
            state = .opening(reason: error.description)
            return true
        }
        guard isNews else { return }
        logger.error("the writer closed", metadata: ["reason": "\(error)"])
        reopening.continuation.yield()
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                var requests = reopening.stream.makeAsyncIterator()
                repeat { await openUntilItSucceeds() } while await requests.next() != nil && !isStopping
            } onCancel: {
                self.stop()
            }
        } onGracefulShutdown: {
            self.stop()
        }
        await close()
    }

    private let stopping = Mutex(false)
    private var isStopping: Bool { stopping.withLock { $0 } }

    private func stop() {
        stopping.withLock { $0 = true }
        reopening.continuation.finish()
    }

    private func openUntilItSucceeds() async {
        var failures = 0
        while !isStopping {
            do {
                let ledger = try await open()
                state.withLock { $0 = .open(ledger) }
                let size = await ledger.size
                logger.info("open for entries", metadata: ["size": "\(size)"])
                return
            } catch {
                state.withLock { $0 = .opening(reason: "\(error)") }
                logger.warning("not open for entries", metadata: ["reason": "\(error)"])
            }
            failures = min(failures + 1, 6)
            // In small steps, so that a stop need not wait.
            let end = ContinuousClock.now + .milliseconds((250 << failures) * Int.random(in: 75...125) / 100)
            while ContinuousClock.now < end, !isStopping { try? await Task.sleep(for: .milliseconds(100)) }
        }
    }

    private func open() async throws -> Ledger {
        let checker = SodiumSignatureChecker()
        let isNew = (try? FileManager.default.contentsOfDirectory(atPath: settings.directory).isEmpty) ?? true
        guard isNew else {
            let ledger = try await Ledger.open(
                settings.directory,
                signer: key,
                checker: checker,
                peers: try peers(),
                configuration: configuration
            )
            guard ledger.information.origin.hasSameUTF8(as: settings.origin) else {
                throw LedgerError.unreadable(
                    path: settings.directory,
                    reason: "its origin is \(ledger.information.origin), and the configuration says \(settings.origin)"
                )
            }
            return ledger
        }
        logger.notice("a new ledger", metadata: ["origin": "\(settings.origin)", "directory": "\(settings.directory)"])
        return try await Ledger.create(
            settings.directory,
            origin: settings.origin,
            signer: key,
            admitsAnyEntry: settings.admission == .any,
            keyPath: settings.key,
            created: Ledger.Configuration.systemTime(),
            nonce: RandomBytes.make(16),
            checker: checker,
            configuration: configuration
        )
    }

    private func close() async {
        let last = state.withLock { state in
            defer { state = .closed }
            return state
        }
        guard case .open(let ledger) = last else { return }
        do { try await ledger.close() } catch {
            logger.warning(
                "closed without its last publication; it is made at the next start",
                metadata: ["reason": "\(error)"]
            )
        }
    }
}
