import TestSupport
import TraceProof
import TraceSigning
import TraceStatements

@testable import TraceLedger

/// The statements of the scripted workload, signed once, and the ledger that it begins with.
struct FaultScript: Sendable {
    static let baseSize = 251

    let signer: SigningKey
    let inspector: FaultInspector
    let information: LedgerInformation
    let genesis: Genesis
    /// A ledger of ``baseSize`` entries, closed.
    let base: DiskImage
    let baseLeaves: [Digest]
    /// The statements of one key behind each other.
    let chained: [Statement]
    /// The first one's content, signed again at the place behind the first six.
    let again: Statement
    /// One that leaves a gap in its chain.
    let gap: Statement
    /// First statements of several keys.
    let strangers: [Statement]
    /// Longer ones, which take the journal from segment to segment.
    let long: [Statement]
    /// The leaf hashes of all of them.
    let known: Set<Digest>

    static func configuration(_ delay: Duration? = nil) -> Ledger.Configuration {
        var configuration = Ledger.Configuration(
            publicationDelay: delay,
            now: { LedgerWorld.time },
            // Any number that does not come again; not one that every run of the table has at another call.
            nonce: Ledger.Configuration.systemRandom
        )
        configuration.limits.unindexed = 8
        configuration.limits.unindexedAtRest = 4
        configuration.limits.firstSegment = 4096
        configuration.limits.longestSegment = 8192
        configuration.limits.filesOneByOne = 3
        return configuration
    }

    init() async throws {
        signer = try LedgerWorld.key(1)
        let key = try VerifierKey(name: LedgerWorld.origin, type: .ed25519, publicKey: signer.publicKey)
        inspector = FaultInspector(key: key, checker: RememberingChecker())
        information = LedgerInformation(origin: LedgerWorld.origin, key: key, issuerKeys: [], admitsAnyEntry: false)
        let nonce = [UInt8](repeating: 7, count: Genesis.nonceLength)
        guard
            let genesis = Genesis(
                origin: LedgerWorld.origin,
                ledgerKey: signer.publicKey,
                created: LedgerWorld.time,
                nonce: nonce
            )
        else { throw Falsified("no genesis") }
        self.genesis = genesis

        let disk = SimulatedDisk()
        let world = try LedgerWorld()
        let ledger = try await Ledger.create(
            FaultInspector.directory,
            information,
            genesis,
            signer: signer,
            checker: inspector.checker,
            configuration: FaultScript.configuration(),
            on: disk.process()
        )
        let filler = try await world.notes(
            (1..<FaultScript.baseSize).map { "entry \($0)" },
            in: ledger,
            by: LedgerWorld.key(20)
        )
        _ = try await ledger.append(filler)
        chained = try await world.notes((0..<12).map { "chained \($0)" }, in: ledger)
        again = try await world.note(
            "chained 0",
            in: ledger,
            link: ChainLink(sequence: 6, previous: chained[5].leafHash)
        )
        gap = try await world.note("gap", in: ledger, link: ChainLink(sequence: 9, previous: chained[8].leafHash))
        var strangers: [Statement] = []
        for byte in UInt8(30)..<36 {
            strangers.append(try await world.note("\(byte)", in: ledger, by: LedgerWorld.key(byte)))
        }
        self.strangers = strangers
        let texts = (0..<9).map { "long \($0) " + String(repeating: "x", count: 1500) }
        long = try await world.notes(texts, in: ledger, by: LedgerWorld.key(40))
        try await ledger.close()
        base = disk.image
        let leaves = try await inspector.readable(base, FaultModel()) ?? []
        baseLeaves = leaves
        known = Set(leaves + (chained + strangers + long + [again]).map(\.leafHash))
    }

    func open(on system: any FileSystem, delay: Duration? = nil) async throws -> Ledger {
        try await Ledger.open(
            FaultInspector.directory,
            signer: signer,
            checker: inspector.checker,
            configuration: FaultScript.configuration(delay),
            on: system
        )
    }

    func create(on system: any FileSystem) async throws -> Ledger {
        try await Ledger.create(
            FaultInspector.directory,
            information,
            genesis,
            signer: signer,
            checker: inspector.checker,
            configuration: FaultScript.configuration(),
            on: system
        )
    }
}
