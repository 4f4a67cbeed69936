public import TraceProof

/// A witness (C2SP tlog-witness): it cosigns, of each log that it knows, checkpoints that extend the one it cosigned last,
/// and no others.
///
/// ```swift
/// let witness = try Witness(
///     name: "witness.example/w1", signer: key, logs: [vkey], store: store, checker: checker, now: now
/// )
/// let outcome = await witness.addCheckpoint(body)       // POST <submission prefix>/add-checkpoint
/// send(outcome.response)
/// send(await witness.checkpoint(of: hash))              // GET <monitoring prefix>/<hash>/checkpoint
/// ```
/// Its cosignatures are of type 0x04, which do not bind a name: its key is nobody else's, no log's and no mirror's.
public actor Witness {
    /// The name on its cosignatures and its key.
    public nonisolated let key: VerifierKey
    private let register: CheckpointRegister
    private let checker: any SignatureChecker
    private var logs: WitnessedLogs

    /// A witness of these logs.
    ///
    /// - Parameters:
    ///   - logs: the logs' vkeys, of type 0x01; several of one name are keys of one log.
    ///   - store: where the latest checkpoint of each log is kept. It is this witness's alone and never goes back: a witness
    ///     whose record is lost is retired, and another key takes its place.
    ///   - now: the time for cosignatures, in POSIX seconds.
    /// - Throws: for a log that has the witness's name or key, and what ``WitnessedLogs`` refuses.
    public init(
        name: String,
        signer: any Signer,
        logs: [VerifierKey],
        store: any CheckpointStore,
        checker: any SignatureChecker,
        now: @escaping @Sendable () -> UInt64
    ) throws(FormatError) {
        let cosigner = try CosigningKey(name: name, signer: signer, now: now)
        key = cosigner.key
        self.checker = checker
        self.logs = try Witness.logs(logs, key, checker)
        register = CheckpointRegister(store, cosigner: cosigner, checker: checker)
    }

    /// Takes other logs in the place of those before. What was cosigned of a log is remembered, also while it is not among
    /// them.
    ///
    /// - Throws: as the initializer; the logs stay what they were then.
    public func replaceLogs(_ logs: [VerifierKey]) throws(FormatError) {
        self.logs = try Witness.logs(logs, key, checker)
    }

    /// A log of the witness's name could have it sign lines that are taken for the log's, and one of its key lets one
    /// signature stand for two statements.
    private static func logs(
        _ keys: [VerifierKey],
        _ own: VerifierKey,
        _ checker: any SignatureChecker
    ) throws(FormatError) -> WitnessedLogs {
        for key in keys {
            guard !key.name.hasSameUTF8(as: own.name) else {
                throw FormatError("vkey", at: .whole, "the log \(key.name) has the witness's name: choose another name")
            }
            guard key.keyBytes != own.keyBytes else {
                throw FormatError(
                    "vkey",
                    at: .whole,
                    "the log \(key.name) has the witness's key: each has a key of its own, make one for the witness"
                )
            }
        }
        return try WitnessedLogs(keys, checker: checker)
    }

    /// Answers a body of `POST <submission prefix>/add-checkpoint`. The same checkpoint asked for again is cosigned again.
    public func addCheckpoint(_ body: [UInt8]) async -> CheckpointRegister.Outcome {
        await register.add(body, logs: logs)
    }

    /// The latest checkpoint that was cosigned of a log, with the log's signature and the cosignature; `nil` where none was.
    public func latest(_ log: OriginHash) async throws -> SignedCheckpoint? {
        try await register.latest(log, logs: logs)
    }

    /// Answers `GET <monitoring prefix>/<hash>/checkpoint`: 404 for a log of which nothing was cosigned, and for any other
    /// text than a hash; 500 where the record cannot be read.
    public func checkpoint(of hash: String) async -> PeerResponse {
        let type = WitnessRequest.contentType
        guard let log = OriginHash(hexadecimal: hash) else {
            return PeerResponse(status: 404, contentType: type, body: Array("not the hash of an origin\n".utf8))
        }
        do {
            guard let latest = try await latest(log) else {
                return PeerResponse(status: 404, contentType: type, body: Array("nothing was cosigned of it\n".utf8))
            }
            return PeerResponse(status: 200, contentType: type, body: latest.bytes)
        } catch { return PeerResponse(status: 500, contentType: type, body: Array("it cannot be read\n".utf8)) }
    }
}
