public import TraceProof

/// Takes checkpoints of known logs as `add-checkpoint` asks for it: decides, cosigns where it is a cosigner's, records
/// durably, and only then answers.
///
/// With a ``CosigningKey`` it is what a ``Witness`` is made of. Without one it keeps the pending checkpoints of a mirror
/// (tlog-mirror) and answers 200 with an empty body.
public struct CheckpointRegister: Sendable {
    private let store: any CheckpointStore
    private let cosigner: CosigningKey?
    private let checker: any SignatureChecker

    /// A register in `store`, which is its own.
    public init(_ store: any CheckpointStore, cosigner: CosigningKey? = nil, checker: any SignatureChecker) {
        (self.store, self.cosigner, self.checker) = (store, cosigner, checker)
    }

    /// What came of a request.
    public struct Outcome: Sendable {
        /// What to send.
        public let response: PeerResponse
        /// The checkpoint that was recorded, as ``latest(_:logs:)`` gives it from now on.
        public let recorded: SignedCheckpoint?
        /// Why it was refused. ``WitnessRefusal/failed(_:)`` is the operator's to mend.
        public let refusal: WitnessRefusal?

        /// The proof that the log forked, where the request was one: to be kept and shown around.
        public var finding: WitnessFinding? {
            if case .inconsistent(_, let finding) = refusal { return finding }
            return nil
        }
    }

    /// Answers a body of `add-checkpoint`.
    @concurrent public func add(_ body: [UInt8], logs: WitnessedLogs) async -> Outcome {
        do throws(WitnessRefusal) {
            let request = try CheckpointRegister.read(body)
            let checkpoint = try WitnessDecision.authenticate(request, logs: logs, checker: checker)
            let (recorded, lines) = try await record(checkpoint, request, logs)
            let response = PeerResponse(status: 200, contentType: WitnessRequest.contentType, body: lines)
            return Outcome(response: response, recorded: recorded, refusal: nil)
        } catch { return Outcome(response: error.response, recorded: nil, refusal: error) }
    }

    private static func read(_ body: [UInt8]) throws(WitnessRefusal) -> WitnessRequest {
        do throws(FormatError) { return try WitnessRequest(bytes: body) } catch { throw .malformed(error) }
    }

    /// How often somebody else may be faster before a request is given up. Whoever was faster moved the log on or had the same
    /// checkpoint cosigned again, so most are told the new size on their second look.
    private static let attempts = 100

    /// Decides by what is kept, and puts the checkpoint in its place if that is still there then. A cosignature that was made
    /// and lost this race is thrown away: none leaves before the checkpoint under it is recorded.
    private func record(
        _ checkpoint: SignedCheckpoint,
        _ request: WitnessRequest,
        _ logs: WitnessedLogs
    ) async throws(WitnessRefusal) -> (SignedCheckpoint, lines: [UInt8]) {
        let origin = checkpoint.checkpoint.origin
        do {
            for _ in 0..<CheckpointRegister.attempts {
                let kept = try await store.checkpoint(of: OriginHash(origin))
                let held = try kept.map { try verified($0, origin, logs) }
                try WitnessDecision.checkExtends(held, checkpoint, request)
                let own = try await cosign(checkpoint)
                let new = try checkpoint.adding(own)
                if try await store.replace(kept, with: new.bytes, of: OriginHash(origin)) {
                    return (new, own.flatMap { $0.line })
                }
            }
            throw WitnessRefusal.failed("\(origin): too many requests for one log at once")
        } catch let refusal as WitnessRefusal { throw refusal } catch { throw .failed("\(origin): \(error)") }
    }

    private func cosign(_ checkpoint: SignedCheckpoint) async throws -> [NoteSignature] {
        guard let cosigner else { return [] }
        return [try await cosigner.cosign(checkpoint)]
    }

    /// The latest checkpoint of a log, for its readers; `nil` where none was ever taken.
    ///
    /// - Throws: where the store cannot be read, or holds what this register did not put there.
    public func latest(_ log: OriginHash, logs: WitnessedLogs) async throws -> SignedCheckpoint? {
        guard let kept = try await store.checkpoint(of: log) else { return nil }
        let origin = try SignedCheckpoint(bytes: kept).checkpoint.origin
        let held = try verified(kept, origin, logs)
        guard OriginHash(origin) == log else { throw damaged("it is of the log \(origin), whose file is another") }
        return held
    }

    /// Reads what is kept, and believes it for its own cosignature or a trusted key of the log: a bit that flipped in the
    /// size would let a log begin a second history. One of the two may have been replaced since, so either is enough.
    private func verified(_ kept: [UInt8], _ origin: String, _ logs: WitnessedLogs) throws -> SignedCheckpoint {
        let held: SignedCheckpoint
        do { held = try SignedCheckpoint(bytes: kept) } catch { throw damaged("\(error)") }
        let keys = (cosigner.map { [$0.key] } ?? []) + (logs.keys(of: origin) ?? [])
        let isSigned = keys.contains { key in
            if case .verified = held.note.outcome(of: key, checker: checker) { return true }
            return false
        }
        guard isSigned else { throw damaged("neither this cosigner's key nor a key of the log signed it") }
        guard held.checkpoint.origin.hasSameUTF8(as: origin) else {
            throw damaged("it is of the log \(held.checkpoint.origin)")
        }
        return held
    }

    private func damaged(_ reason: String) -> FormatError {
        FormatError(
            "latest checkpoint",
            at: .whole,
            "\(reason); what is kept in the store is damaged: restore it from what this node last served, "
                + "or retire this cosigner's key, for a key whose record is lost must not sign again"
        )
    }
}
