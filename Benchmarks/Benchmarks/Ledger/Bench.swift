import Foundation
import Measure
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// A ledger in a temporary directory, and statements signed for it that are not appended yet.
actor Bench {
    private static let folder = FileManager.default.temporaryDirectory.appending(path: "ledgers-\(getpid())")
    private static let ledgerKey = SigningKey.generate()
    private static let key = SigningKey.generate()

    private var directory = ""
    private var ledger: Ledger?
    private var statements: [Statement] = []

    /// Puts a ledger with so many entries in place of the last one, and signs statements of 250-byte entries for it.
    func renew(statements count: Int, behind standing: Int = 0) async throws {
        ledger = nil
        directory = Bench.folder.appending(path: UUID().uuidString).path()
        try FileManager.default.createDirectory(atPath: Bench.folder.path(), withIntermediateDirectories: true)
        let ledger = try await Ledger.create(
            directory,
            origin: "ledger.example",
            signer: Bench.ledgerKey,
            created: 0,
            nonce: RandomBytes.make(Genesis.nonceLength),
            checker: SodiumSignatureChecker()
        )
        var link = await ledger.nextLink(for: Bench.key.publicKey)
        statements = []
        for sequence in 0..<UInt64(standing + count) {
            let statement = try await Statement.sign(
                kind: .event,
                payload: Array("\(sequence)".utf8) + [UInt8](repeating: 0x5A, count: 56),
                issuer: "9521101000009",
                subject: "(01)09521101001013(10)QS260803A",
                issuedAt: 1_790_000_000,
                chain: link,
                with: Bench.key
            )
            link = ChainLink(sequence: sequence + 1, previous: statement.leafHash)
            statements.append(statement)
        }
        if standing > 0 { _ = try await ledger.append(Array(statements.prefix(standing))) }
        statements.removeFirst(standing)
        self.ledger = ledger
    }

    func appendAll() async throws {
        guard let ledger else { return }
        _ = try await ledger.append(statements)
        _ = try await ledger.publish()
    }

    func appendEach() async throws {
        guard let ledger else { return }
        for statement in statements { _ = try await ledger.append([statement]) }
    }

    /// The least that a durable append can be: each entry written behind the other and synchronised.
    nonisolated func writeDurably(count: Int) throws {
        let file = open(Bench.folder.appending(path: "raw").path(), O_CREAT | O_WRONLY | O_APPEND, 0o600)
        guard file >= 0 else { throw POSIXError(.EIO) }
        defer { close(file) }
        for _ in 0..<count {
            guard write(file, Sodium.entry, Sodium.entry.count) == Sodium.entry.count, fdatasync(file) == 0 else {
                throw POSIXError(.EIO)
            }
        }
    }

    // MARK: A ledger that stands

    /// A published ledger of 5,000 statements, closed.
    static var standing: Bench { get async throws { try await made.value } }

    private static let made = Task {
        let bench = Bench()
        try await bench.renew(statements: 5000)
        try await bench.appendAll()
        await bench.forget()
        return bench
    }

    private func forget() { (ledger, statements) = (nil, []) }

    func reopen() async throws {
        _ = try await Ledger.open(directory, signer: Bench.ledgerKey, checker: SodiumSignatureChecker())
    }

    func fsck(_ depth: CheckDepth) async throws {
        let source = DirectorySource(directory)
        let report = await Fsck.run(
            source,
            key: try await LedgerReader.information(source).key,
            depth: depth,
            checker: SodiumSignatureChecker()
        )
        precondition(report.isSound, "the benchmark's ledger is damaged: \(report.findings)")
    }

    static func removeAll() throws {
        if FileManager.default.fileExists(atPath: folder.path()) { try FileManager.default.removeItem(at: folder) }
    }
}
