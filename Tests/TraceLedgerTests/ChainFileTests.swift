import Foundation
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

@Suite("Where a signer that is not at its ledger stands")
final class ChainFileTests {
    private let path = FileManager.default.temporaryDirectory.path + "/chain-\(UUID())"
    private let genesis = TreeHash.leaf([1])

    deinit {
        for suffix in ["", ".lock"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    private func key(_ byte: UInt8 = 7) throws -> SigningKey {
        try SigningKey(seed: [UInt8](repeating: byte, count: SigningKey.seedByteCount))
    }

    private func statement(_ link: ChainLink) async throws -> Statement {
        try await Statement.sign(
            kind: .note,
            payload: [0x60],
            issuer: "9521101000009",
            subject: "-",
            issuedAt: 1_767_225_600,
            chain: link,
            with: key()
        )
    }

    @Test func beginsAtTheGenesisAndGoesOnWhereItWasSaved() async throws {
        let key = try key().publicKey
        var second = Digest(repeatElement(0, count: 32))
        do {
            var file = try ChainFile(path, genesis: genesis, key: key)
            #expect(file.next == ChainLink(sequence: 0, previous: genesis))
            let statement = try await statement(file.next)
            file.advance(behind: statement)
            second = statement.leafHash
            try file.save()
        }
        let file = try ChainFile(path, genesis: nil, key: key)
        #expect(file.next == ChainLink(sequence: 1, previous: try #require(second)))
        #expect(file.genesis == genesis)
        let golden = Vectors.packageRoot.appending(path: "Tests/Goldens/chain-file/second.chain")
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(contentsOf: golden))
    }

    @Test func whatIsNotSavedIsNotCounted() async throws {
        do {
            var file = try ChainFile(path, genesis: genesis, key: key().publicKey)
            file.advance(behind: try await statement(file.next))
        }
        #expect(throws: LedgerError.self) { _ = try ChainFile(path, genesis: nil, key: key().publicKey) }
    }

    @Test func anotherKeyOrLedgerIsRefused() throws {
        do { try ChainFile(path, genesis: genesis, key: key().publicKey).save() }
        #expect(throws: LedgerError.self) { _ = try ChainFile(path, genesis: nil, key: key(8).publicKey) }
        #expect(throws: LedgerError.self) { _ = try ChainFile(path, genesis: TreeHash.leaf([2]), key: key().publicKey) }
    }

    @Test func oneProcessAtATime() throws {
        let held = try ChainFile(path, genesis: genesis, key: key().publicKey)
        #expect(throws: FileError.self) { _ = try ChainFile(path, genesis: genesis, key: key().publicKey) }
        #expect(held.next.sequence == 0)
    }

    @Test func changedBytesAreRefusedOrOtherPositions() throws {
        let key = try key().publicKey
        do { try ChainFile(path, genesis: genesis, key: key).save() }
        let good = [UInt8](try Data(contentsOf: URL(filePath: path)))
        for position in good.indices {
            var bytes = good
            bytes[position] ^= [1, 0x20, 0x80][position % 3]
            try Data(bytes).write(to: URL(filePath: path))
            guard let file = try? ChainFile(path, genesis: nil, key: key) else { continue }
            // What is accepted is a whole other value: saving it gives the very bytes again.
            try file.save()
            #expect([UInt8](try Data(contentsOf: URL(filePath: path))) == bytes)
        }
        for length in good.indices {
            try Data(good[..<length]).write(to: URL(filePath: path))
            #expect(throws: LedgerError.self) { _ = try ChainFile(path, genesis: nil, key: key) }
        }
    }

    @Test func theLedgerSaysWhereTheChainGoesOn() async throws {
        let ledgerKey = SigningKey.generate()
        let checker = SodiumSignatureChecker()
        let ledger = try await Ledger.create(
            path,
            origin: "example.com/ledger",
            signer: ledgerKey,
            created: 1_767_225_600,
            nonce: RandomBytes.make(16),
            checker: checker
        )
        let reader = try await LedgerReader(DirectorySource(path), checker: checker)
        let genesis = try await reader.genesis()
        let key = try key().publicKey
        #expect(try await reader.nextLink(for: key) == ChainLink(sequence: 0, previous: genesis))
        let statement = try await statement(ChainLink(sequence: 0, previous: genesis))
        _ = try await ledger.append([statement])
        _ = try await ledger.publish()
        #expect(try await reader.nextLink(for: key) == ChainLink(sequence: 1, previous: statement.leafHash))
        #expect(try await ledger.nextLink(for: key) == reader.nextLink(for: key))
    }
}
