public import TraceLedger
public import TraceProof

/// Brings a ledger to a mirror that takes pushes, and gets its cosignature: a client of C2SP tlog-mirror, for an origin behind
/// a firewall and for one that publishes only what its mirrors hold.
///
/// ```swift
/// let push = MirrorPush(mirror, transport: http, checker: checker, limits: limits)
/// let lines = try await push.push(signed, from: reader)
/// ```
/// It sends so much a request, goes on where the mirror says that it is, and keeps no more than one request in memory.
/// Interrupted anywhere, the next push goes on from what the mirror has.
public actor MirrorPush: CheckpointCosigning {
    /// The mirror: its key and its submission prefix.
    public nonisolated let mirror: Cosigner
    /// How the mirror stands; its size is that of the checkpoint it cosigned last.
    public private(set) var status: CosignerStatus

    private let transport: any PeerTransport
    private let checker: any SignatureChecker
    private let limits: CosigningLimits
    /// The size of the mirror's pending checkpoint, as far as it is known.
    private var pending: UInt64 = 0
    /// The first entry that the mirror does not have; `nil` before it was asked.
    private var next: UInt64?
    private var ticket: [UInt8] = []
    /// The largest size that was pushed from here: whatever is larger, this ledger did not sign it.
    private var largest: UInt64 = 0
    private var running: Task<Result<NoteSignature, CosignerFailure>, Never>?

    /// The most packages of one request; C2SP tlog-mirror advises no more.
    static let packages: UInt64 = 32
    /// A request that has so many bytes takes no further package.
    static let byteCount = 8 << 20

    /// A client of `mirror`.
    public init(
        _ mirror: Cosigner,
        transport: any PeerTransport,
        checker: any SignatureChecker,
        limits: CosigningLimits
    ) {
        (self.mirror, self.transport, self.checker, self.limits) = (mirror, transport, checker, limits)
        status = CosignerStatus(cosigner: mirror)
    }

    /// Brings the mirror up to a checkpoint.
    ///
    /// - Parameter ledger: a reader of the tree that `signed` is of, whose every file is there.
    /// - Returns: the mirror's cosignature, verified.
    public func push(
        _ signed: SignedCheckpoint,
        from ledger: LedgerReader
    ) async throws(CosignerFailure) -> NoteSignature {
        largest = max(largest, signed.checkpoint.head.size)
        do throws(CosignerFailure) {
            for handover in try await handovers(before: signed, of: ledger) { _ = try await bring(handover, ledger) }
            let line = try await bring(signed, ledger)
            (status.size, status.lastSuccess, status.failure) = (signed.checkpoint.head.size, limits.now(), nil)
            return line
        } catch {
            if case .superseded = error { throw error }
            (status.failure, status.lastFailure) = (error, limits.now())
            throw error
        }
    }

    /// The same for whoever shows a checkpoint with its mirrors' cosignatures.
    public func cosignatures(for signed: SignedCheckpoint, in ledger: LedgerReader) async throws -> [NoteSignature] {
        [try await push(signed, from: ledger)]
    }

    /// The same as one of a quorum: a checkpoint that comes while another is brought waits, and gives way to a larger one.
    func cosignature(
        on signed: SignedCheckpoint,
        in ledger: LedgerReader
    ) async -> Result<NoteSignature, CosignerFailure> {
        largest = max(largest, signed.checkpoint.head.size)
        while let running {
            _ = await running.value
            if signed.checkpoint.head.size < largest { return .failure(.superseded(size: largest)) }
        }
        let task = Task { () -> Result<NoteSignature, CosignerFailure> in
            do throws(CosignerFailure) { return .success(try await self.push(signed, from: ledger)) } catch {
                return .failure(error)
            }
        }
        running = task
        defer { running = nil }
        return await task.value
    }

    /// The checkpoints by which the ledger's key was handed over, as far as the mirror does not know them: it believes a new
    /// key only when it has the entry by which the old one names it.
    private func handovers(
        before signed: SignedCheckpoint,
        of ledger: LedgerReader
    ) async throws(CosignerFailure) -> [SignedCheckpoint] {
        let sizes = ledger.keys.earlier.map(\.until).filter { $0 < signed.checkpoint.head.size }
        if sizes.isEmpty { return [] }
        try await ask(ledger.key.name)
        var found: [SignedCheckpoint] = []
        for size in sizes where size >= pending {
            do { found.append(try await ledger.checkpoint(size: size)) } catch { throw .unproved("\(error)") }
        }
        return found
    }

    private func bring(
        _ signed: SignedCheckpoint,
        _ ledger: LedgerReader
    ) async throws(CosignerFailure) -> NoteSignature {
        try await announce(signed, ledger)
        return try await upload(signed, ledger)
    }

    // MARK: add-checkpoint

    /// Makes the checkpoint the mirror's pending one.
    private func announce(_ signed: SignedCheckpoint, _ ledger: LedgerReader) async throws(CosignerFailure) {
        let new = signed.checkpoint.head
        for _ in 0...max(0, limits.conflicts) {
            let body: [UInt8]
            do {
                let proof = try await ledger.consistencyProof(fromSize: min(pending, new.size), to: new)
                body = try WitnessRequest(oldSize: proof.oldSize, path: proof.path, checkpoint: signed).bytes
            } catch { throw .unproved("\(error)") }
            let response = try await send(body, WitnessRequest.contentType, "add-checkpoint")
            if response.status == 200 {
                pending = new.size
                return
            }
            guard case .stale(let held) = try answer(response, signed) else { throw .conflicting(size: pending) }
            guard held <= largest else { throw .ahead(size: held) }
            pending = held
            guard held <= new.size else { throw .superseded(size: held) }
        }
        throw .conflicting(size: pending)
    }

    // MARK: add-entries

    /// Sends what is missing, a request at a time.
    private func upload(
        _ signed: SignedCheckpoint,
        _ ledger: LedgerReader
    ) async throws(CosignerFailure) -> NoteSignature {
        let head = signed.checkpoint.head
        if next == nil { try await ask(ledger.key.name) }
        // How far the mirror has come, and how often it did not get further.
        var (start, turns) = (min(next ?? 0, head.size), 0)
        while true {
            let body = try await request(from: start, to: head, ledger)
            let response = try await send(body, AddEntriesHeader.contentType, "add-entries")
            guard [202, 409].contains(response.status), response.isOfType(MirrorInfo.contentType) else {
                guard case .cosigned(let line) = try answer(response, signed) else {
                    throw .invalid("a 409 to entries that is about a size")
                }
                next = head.size
                return line
            }
            let info = try take(response)
            let reached = min(info.next, head.size)
            if reached <= start { turns += 1 }
            start = reached
            guard turns <= max(0, limits.conflicts) else {
                throw info.size > head.size ? .superseded(size: info.size) : .conflicting(size: info.size)
            }
            // It has lost what was announced, or never had it.
            if info.size < head.size { try await announce(signed, ledger) }
        }
    }

    /// Learns where the mirror is, by an upload of nothing. What it answers else is told by the next request.
    private func ask(_ origin: String) async throws(CosignerFailure) {
        let body: [UInt8]
        do { body = try AddEntriesHeader(origin: origin, start: 0, end: 0).bytes } catch {
            throw .unproved(error.description)
        }
        let response = try await send(body, AddEntriesHeader.contentType, "add-entries")
        if response.status == 409, response.isOfType(MirrorInfo.contentType) { _ = try take(response) }
    }

    private func take(_ response: PeerResponse) throws(CosignerFailure) -> MirrorInfo {
        let info: MirrorInfo
        do { info = try MirrorInfo(bytes: response.body) } catch { throw .invalid(error.description) }
        guard info.size <= largest else { throw .ahead(size: info.size) }
        (pending, next, ticket) = (info.size, info.next, info.ticket)
        return info
    }

    /// The body of a request with the next packages.
    private func request(
        from start: UInt64,
        to head: TreeHead,
        _ ledger: LedgerReader
    ) async throws(CosignerFailure) -> [UInt8] {
        do {
            let header = try AddEntriesHeader(origin: ledger.key.name, start: start, end: head.size, ticket: ticket)
            var body = header.bytes
            for number in 0..<min(MirrorPush.packages, header.packageCount) where body.count < MirrorPush.byteCount {
                let range = header.package(number)
                var entries: [[UInt8]] = []
                try await ledger.forEachEntry(in: range.start..<range.end, of: head) { _, entry in entries.append(entry)
                }
                let subtree = try Subtree(start: range.first, end: range.end)
                let proof = try await ledger.subtreeConsistencyProof(of: subtree, in: head)
                let bundle = try EntryBundle(entries)
                body += EntryPackage(first: range.first, start: range.start, entries: bundle, path: proof.path).bytes
            }
            return body
        } catch { throw .unproved("\(error)") }
    }

    // MARK: Requests

    private func send(_ body: [UInt8], _ type: String, _ path: String) async throws(CosignerFailure) -> PeerResponse {
        let limit = max(MirrorInfo.maximumByteCount, CosignerAnswer.maximumByteCount)
        do {
            return try await transport.send(.post(body, type, to: "\(mirror.url)/\(path)", responseLimit: limit))
        } catch { throw .noAnswer("\(error)") }
    }

    private func answer(
        _ response: PeerResponse,
        _ signed: SignedCheckpoint
    ) throws(CosignerFailure) -> CosignerAnswer {
        try CosignerAnswer(response, on: signed.note, by: mirror.key, checker: checker, limits: limits)
    }
}

extension MirrorPush: CosignatureClient {
    /// Whom it brings the ledger to.
    public nonisolated var cosigner: Cosigner { mirror }
}
