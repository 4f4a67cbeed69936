internal import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import TraceLedger
internal import TraceQuery
internal import TraceSigning

/// Keeps the index of a ledger's events behind its published checkpoint.
///
/// The index is derived: what is wrong with it is made anew, and no question about it ever reaches the ledger's writer.
final class IndexService: Service {
    private let directory: String
    private let index = Mutex<EventIndex?>(nil)
    private let logger: Logger

    /// The index of the ledger in `directory`.
    init(_ directory: String, logger: Logger) { (self.directory, self.logger) = (directory, logger) }

    /// The index, brought up to the published checkpoint where that is little work.
    ///
    /// - Throws: ``Problem`` 503 before the first checkpoint, and what the index throws.
    func current() async throws -> EventIndex {
        let opened = try await opened()
        // A long way to go is the background's: a query answers as of the size that it names.
        if let status = try await opened.status(), status.size + 8192 < status.publishedSize { return opened }
        try await opened.update()
        return opened
    }

    private func opened() async throws -> EventIndex {
        if let opened = index.withLock({ $0 }) { return opened }
        guard let reader = try? await LedgerReader(DirectorySource(directory), checker: SodiumSignatureChecker()) else {
            throw Problem.unavailable("the ledger has no checkpoint yet")
        }
        return try index.withLock { index in
            if let index { return index }
            let made = try EventIndex(EventIndex.path(in: directory), of: reader)
            index = made
            return made
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var told = ""
            while !Task.isCancelled {
                do {
                    let status = try await self.opened().update()
                    if let reason = status.rebuilt {
                        self.logger.notice("the index of events was made anew", metadata: ["reason": "\(reason)"])
                    }
                    told = ""
                } catch is Problem {} catch is CancellationError { break } catch {
                    let reason = "\(error)"
                    if reason != told {
                        self.logger.warning("the index of events is behind", metadata: ["reason": "\(reason)"])
                    }
                    told = reason
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
        index.withLock { index in
            index?.close()
            index = nil
        }
    }
}
