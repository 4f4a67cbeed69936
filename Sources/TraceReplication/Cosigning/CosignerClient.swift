public import TraceLedger
public import TraceProof

/// Asks one cosigner for its cosignatures: a client of C2SP tlog-witness.
///
/// It remembers which size the cosigner holds, so that a ledger that only grows needs one request a checkpoint; the first
/// starts from size 0 and is told. One request is under way at a time: a checkpoint that comes meanwhile waits, and gives
/// way to a larger one.
public actor CosignerClient {
    /// Whom it asks.
    public nonisolated let cosigner: Cosigner
    private let transport: any PeerTransport
    private let checker: any SignatureChecker
    private let limits: CosigningLimits

    /// How the cosigner stands.
    public private(set) var status: CosignerStatus
    /// The size that the cosigner is thought to hold.
    private var size: UInt64 = 0
    /// The largest size that this ledger signed, as far as it was asked for here.
    private(set) var largest: UInt64 = 0
    /// The last cosignature, for whoever asks for the same checkpoint again.
    private var latest: (text: [UInt8], cosignature: NoteSignature)?
    private var running: (text: [UInt8], task: Task<Result<NoteSignature, CosignerFailure>, Never>)?

    /// A client of `cosigner`.
    public init(
        _ cosigner: Cosigner,
        transport: any PeerTransport,
        checker: any SignatureChecker,
        limits: CosigningLimits
    ) {
        (self.cosigner, self.transport, self.checker, self.limits) = (cosigner, transport, checker, limits)
        status = CosignerStatus(cosigner: cosigner)
    }

    /// The cosigner's cosignature on a checkpoint; the one that it gave already, where it was asked before.
    ///
    /// A request that is under way goes on when the caller is cancelled: what it brings is there for the next time.
    /// - Parameter ledger: a reader of the tree that `signed` is of, for the proof.
    /// - Returns: a line of the cosigner's key that verifies, or why there is none.
    public func cosignature(
        on signed: SignedCheckpoint,
        in ledger: LedgerReader
    ) async -> Result<NoteSignature, CosignerFailure> {
        let (text, new) = (signed.note.text, signed.checkpoint.head.size)
        largest = max(largest, new)
        while true {
            if let latest, latest.text == text { return .success(latest.cosignature) }
            if new < largest { return .failure(.superseded(size: largest)) }
            guard let running else { break }
            let result = await running.task.value
            if running.text == text { return result }
        }
        let task = Task { await self.ask(signed, ledger) }
        running = (text, task)
        return await task.value
    }

    private func ask(
        _ signed: SignedCheckpoint,
        _ ledger: LedgerReader
    ) async -> Result<NoteSignature, CosignerFailure> {
        defer { running = nil }
        do throws(CosignerFailure) {
            let cosignature = try await request(signed, ledger)
            latest = (signed.note.text, cosignature)
            size = signed.checkpoint.head.size
            (status.size, status.lastSuccess, status.failure) = (size, limits.now(), nil)
            return .success(cosignature)
        } catch {
            // That a larger checkpoint overtook this one is no fault of the cosigner's.
            if case .superseded = error { return .failure(error) }
            (status.failure, status.lastFailure) = (error, limits.now())
            return .failure(error)
        }
    }

    private func request(
        _ signed: SignedCheckpoint,
        _ ledger: LedgerReader
    ) async throws(CosignerFailure) -> NoteSignature {
        let new = signed.checkpoint.head
        for _ in 0...max(0, limits.conflicts) {
            let body: [UInt8]
            do {
                let proof = try await ledger.consistencyProof(fromSize: size, to: new)
                body = try WitnessRequest(oldSize: size, path: proof.path, checkpoint: signed).bytes
            } catch { throw .unproved("\(error)") }
            let response = try await send(body)
            let answer = try CosignerAnswer(
                response,
                on: signed.note,
                by: cosigner.key,
                checker: checker,
                limits: limits
            )
            switch answer {
            case .cosigned(let line): return line
            case .stale(let held):
                guard held <= largest else { throw .ahead(size: held) }
                (size, status.size) = (held, held)
                guard held <= new.size else { throw .superseded(size: held) }
            }
        }
        throw .conflicting(size: size)
    }

    private enum Arrival: Sendable {
        case response(PeerResponse)
        case failure(CosignerFailure)
    }

    /// Sends, and waits for the answer or the time limit, whichever comes first. The tasks are not children of this one: a
    /// transport that does not heed its cancellation would be waited for in spite of the limit.
    private func send(_ body: [UInt8]) async throws(CosignerFailure) -> PeerResponse {
        let request = PeerRequest.post(
            body,
            WitnessRequest.contentType,
            to: "\(cosigner.url)/add-checkpoint",
            responseLimit: CosignerAnswer.maximumByteCount
        )
        let (arrivals, sink) = AsyncStream.makeStream(of: Arrival.self, bufferingPolicy: .bufferingOldest(1))
        let (transport, limits) = (transport, limits)
        let sending = Task {
            do { sink.yield(.response(try await transport.send(request))) } catch {
                sink.yield(.failure(.noAnswer("\(error)")))
            }
        }
        let waiting = Task {
            try await limits.sleep(limits.request)
            sink.yield(.failure(.timedOut))
        }
        defer {
            sending.cancel()
            waiting.cancel()
        }
        for await arrival in arrivals {
            switch arrival {
            case .response(let response): return response
            case .failure(let failure): throw failure
            }
        }
        throw .noAnswer("the request was given up")
    }
}
