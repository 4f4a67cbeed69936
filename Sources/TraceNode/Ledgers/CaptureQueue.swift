internal import TraceLedger
internal import TraceProof
internal import TraceSigning

/// Signs captured events in the enterprise's chain: one signer, one writer. Captures that come while others are signed are
/// taken together next, so that many small ones share a commit.
actor CaptureQueue {
    private struct Waiting {
        let drafts: [Ledger.Draft]
        let answer: CheckedContinuation<Result<[Ledger.Appended], any Error>, Never>
    }

    /// Events that are signed at once at most.
    private static let maximumGroup = 4096

    private let hosted: HostedLedger
    private let issuer: String
    private let signer: SigningKey
    private var waiting: [Waiting] = []
    private var isRunning = false

    init(_ hosted: HostedLedger, issuer: String, signer: SigningKey) {
        (self.hosted, self.issuer, self.signer) = (hosted, issuer, signer)
    }

    /// Signs and appends all of them or none; they are durable when this returns.
    func capture(_ drafts: [Ledger.Draft]) async throws -> [Ledger.Appended] {
        let result = await withCheckedContinuation { continuation in
            waiting.append(Waiting(drafts: drafts, answer: continuation))
            guard !isRunning else { return }
            isRunning = true
            Task { await self.drain() }
        }
        return try result.get()
    }

    private func drain() async {
        while !waiting.isEmpty {
            var (count, events) = (0, 0)
            while count < waiting.count, count == 0 || events + waiting[count].drafts.count <= CaptureQueue.maximumGroup
            {
                events += waiting[count].drafts.count
                count += 1
            }
            let group = Array(waiting.prefix(count))
            waiting.removeFirst(count)
            await issue(group)
        }
        isRunning = false
    }

    private func issue(_ group: [Waiting]) async {
        do {
            let appended = try await issue(group.flatMap(\.drafts))
            var first = 0
            for item in group {
                item.answer.resume(returning: .success(Array(appended[first..<first + item.drafts.count])))
                first += item.drafts.count
            }
        } catch is Ledger.IssueRefusal where group.count > 1 {
            // One of them is refused, and not the others.
            for item in group {
                do { item.answer.resume(returning: .success(try await issue(item.drafts))) } catch {
                    item.answer.resume(returning: .failure(error))
                }
            }
        } catch {
            for item in group { item.answer.resume(returning: .failure(error)) }
        }
    }

    private func issue(_ drafts: [Ledger.Draft]) async throws -> [Ledger.Appended] {
        do {
            return try await hosted.ledger().issue(
                drafts,
                issuer: issuer,
                issuedAt: Ledger.Configuration.systemTime(),
                with: signer
            )
        } catch let error as LedgerError {
            hosted.reopen(after: error)
            throw error
        }
    }
}
