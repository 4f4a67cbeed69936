internal import FoundationEssentials
public import Logging
public import Metrics
internal import NIOCore
public import TraceLedger
public import TraceProof

/// What mirrors need of the world outside: every part can be another one in a test.
public struct MirrorEnvironment: Sendable {
    /// The source at a URL.
    public var source: @Sendable (String) throws -> any LedgerSource
    /// The copy that a mirror keeps; whoever cosigns what it shows goes in here.
    public var mirror: @Sendable (MirrorSettings) -> Mirror
    /// What checks signatures.
    public var checker: any SignatureChecker
    /// Is told of each checkpoint that a source showed under the ledger's signature, for the watch on forks.
    public var onCheckpoint: @Sendable (SeenCheckpoint) -> Void = { _ in }
    /// What mirrors sleep by.
    public var clock: any Clock<Duration> = ContinuousClock()
    /// Seconds since 1970.
    public var now: @Sendable () -> UInt64 = { UInt64(max(0, Date().timeIntervalSince1970)) }
    /// A random number of 0..<1.
    public var spread: @Sendable () -> Double = { Double.random(in: 0..<1) }
    /// Where mirrors report.
    public var logger: Logger
    /// Where mirrors are counted.
    public var metrics: any MetricsFactory = MetricsSystem.factory
    /// How many updates go on at a time; the others wait for their turn.
    public var updatesAtATime = 4
    /// How long a turn is, at least, where others wait.
    public var turn: Duration = .seconds(2)
    /// How many threads copy, hash and check: file calls and signatures would keep the pool that serves requests.
    public var threads = max(2, System.coreCount)

    /// Mirrors that read through `source`.
    public init(
        source: @escaping @Sendable (String) throws -> any LedgerSource,
        checker: any SignatureChecker,
        logger: Logger
    ) {
        (self.source, self.checker, self.logger) = (source, checker, logger)
        mirror = { Mirror($0.directory, key: $0.key, depth: $0.depth, checker: checker) }
    }

    /// Mirrors that read over HTTP.
    public init(client: HTTPClient, checker: any SignatureChecker, logger: Logger) {
        self.init(source: { try RemoteLedger($0, transport: client) }, checker: checker, logger: logger)
    }
}

/// A checkpoint that somebody showed.
public struct SeenCheckpoint: Sendable {
    /// The ledger that it is of.
    public let origin: String
    /// The URL that showed it.
    public let source: String
    /// The checkpoint, which the ledger's key signed.
    public let checkpoint: SignedCheckpoint
}
