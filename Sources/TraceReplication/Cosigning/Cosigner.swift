internal import TraceLedger
public import TraceProof

/// Somebody else who cosigns this ledger's checkpoints: a witness or a mirror, by its key and where it takes submissions.
public struct Cosigner: Hashable, Sendable {
    /// What it cosigns for.
    public enum Role: String, Hashable, Sendable {
        /// It saw the history grow (C2SP tlog-witness).
        case witness
        /// It holds every entry, which are brought to it (C2SP tlog-mirror).
        case mirror
    }

    /// Its key, of type 0x04, with the name on its cosignatures.
    public let key: VerifierKey
    /// Its submission prefix, without a slash at the end.
    public let url: String
    /// What it cosigns for.
    public let role: Role

    /// The cosigner with this vkey and submission prefix.
    ///
    /// - Throws: for a key of another type, and a URL that is not plain `http` or `https`.
    public init(key: VerifierKey, url: String, role: Role = .witness) throws(FormatError) {
        guard key.type == .cosignature else {
            throw FormatError(
                "vkey",
                at: .whole,
                "\(key.name) has no Ed25519 cosigner's key (type 0x04), and no other can be checked here"
            )
        }
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        let isPlain = url.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3F && $0 != 0x23 }
        let hasHost = ["https://", "http://"].contains { url.hasPrefix($0) && url.utf8.count > $0.utf8.count }
        guard isPlain, hasHost else {
            throw FormatError(
                "cosigner",
                at: .whole,
                "the URL of \(key.name) is to be http:// or https://, a host and a path, and nothing behind it"
            )
        }
        (self.key, self.url, self.role) = (key, url, role)
    }
}

/// Whoever asks one cosigner; one request is under way at a time.
protocol CosignatureClient: Actor {
    /// Whom it asks.
    nonisolated var cosigner: Cosigner { get }
    /// How the cosigner stands.
    var status: CosignerStatus { get }
    /// The cosigner's cosignature on a checkpoint, or why there is none.
    func cosignature(
        on signed: SignedCheckpoint,
        in ledger: LedgerReader
    ) async -> Result<NoteSignature, CosignerFailure>
}

extension CosignerClient: CosignatureClient {}

/// How a cosigner stands, for the page and the metrics.
public struct CosignerStatus: Hashable, Sendable {
    /// Which one.
    public let cosigner: Cosigner
    /// The size of the largest tree that it is known to have cosigned; 0 before it answered.
    public internal(set) var size: UInt64 = 0
    /// When it last cosigned, in POSIX seconds of this node's clock; `nil` before.
    public internal(set) var lastSuccess: UInt64?
    /// What its last answer was wrong with; `nil` where it cosigned, or was never asked.
    public internal(set) var failure: CosignerFailure?
    /// When ``failure`` was, in POSIX seconds; kept when the cosigner is back.
    public internal(set) var lastFailure: UInt64?
}

/// What a ledger goes by in asking its cosigners: clocks and limits.
public struct CosigningLimits: Sendable {
    /// How long one request may take. Default: 5 seconds.
    public var request = Duration.seconds(5)
    /// How long the others are waited for once there are enough. Default: 100 milliseconds.
    public var grace = Duration.milliseconds(100)
    /// How far a cosigner's clock may be ahead of ours. Default: 300 seconds.
    public var clockAhead: UInt64 = 300
    /// How old a cosignature may be: some cosigners repeat the one that they made before. Default: a day.
    public var age: UInt64 = 86_400
    /// How often a cosigner may say that it holds another size, for one checkpoint.
    public var conflicts = 3
    /// The time in POSIX seconds.
    public var now: @Sendable () -> UInt64
    /// Waits; throws where its task is cancelled meanwhile.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// The default limits, by these clocks.
    public init(
        now: @escaping @Sendable () -> UInt64,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        (self.now, self.sleep) = (now, sleep)
    }

    /// Whether a cosignature of `time`, received now, can be true.
    func isPlausible(_ time: UInt64) -> Bool {
        let now = now()
        return time <= now ? now - time <= age : time - now <= clockAhead
    }
}
