import Foundation
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// Tests/Goldens/ledger is a ledger's directory as it has been since it was first written: three entries published, a
/// fourth committed in the journal. `TRACE_WRITE_GOLDENS=1 swift test --filter LedgerGoldenTests` writes it anew.
@Suite struct LedgerGoldenTests {
    static let root = Vectors.packageRoot.appending(path: "Tests/Goldens/ledger").path

    private func made() async throws -> (files: [String: [UInt8]], statements: [Statement]) {
        let world = try LedgerWorld()
        let ledger = try await world.create(
            issuerKeys: [.init(issuer: nil, key: world.dairy.publicKey)],
            configuration: .init(publicationDelay: nil, nonce: { 7 })
        )
        let statements = try await world.notes(["milk", "cream", "butter"], in: ledger)
        _ = try await ledger.append(Array(statements[..<2]))
        _ = try await ledger.publish()
        _ = try await ledger.append([statements[2]])
        return (try world.snapshot(), statements)
    }

    @Test func theSameCallsGiveTheSameFiles() async throws {
        let made = try await made().files
        let golden = try LedgerWorld(LedgerGoldenTests.root, keep: true)
        if ProcessInfo.processInfo.environment["TRACE_WRITE_GOLDENS"] != nil {
            for (file, bytes) in made { try golden.write(bytes, file) }
        }
        #expect(try golden.snapshot() == made)
    }

    @Test func todaysProgramOpensIt() async throws {
        let world = try LedgerWorld()
        try world.restore(try LedgerWorld(LedgerGoldenTests.root, keep: true).snapshot())
        #expect(try await world.fsck().findings.isEmpty)
        #expect(try await world.reader().checkpoint().checkpoint.head.size == 3)
        let ledger = try await world.open()
        #expect(await ledger.size == 4)
        let statements = try await made().statements
        #expect(try await ledger.append(statements).map(\.index) == [1, 2, 3])
        #expect(try await world.fsck().isSound)
    }
}
