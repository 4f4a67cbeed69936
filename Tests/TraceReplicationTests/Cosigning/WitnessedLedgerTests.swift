import Foundation
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceReplication
import TraceSigning
import TraceStatements

/// A real ledger, and a witness whose store is a real folder.
@Suite("A witnessed ledger") struct WitnessedLedgerTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/traceledger-witnessed-\(UUID())"

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    private func witness(_ key: VerifierKey) throws -> Witness {
        try Witness(
            name: "witness.example/w1",
            signer: TestLog.signer(200),
            logs: [key],
            store: DurableStore("\(folder)/witness", limit: SignedNote.maximumByteCount),
            checker: TestLog.checker,
            now: { WitnessWorld.time }
        )
    }

    @Test func itsPublicationsAreCosignedAcrossRestarts() async throws {
        defer { remove() }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let signer = try TestLog.signer(1)
        var configuration = Ledger.Configuration(publicationDelay: nil)
        configuration.mapRoots = nil
        let ledger = try await Ledger.create(
            "\(folder)/ledger",
            origin: "ledger.example/a",
            signer: signer,
            admitsAnyEntry: true,
            created: WitnessWorld.time,
            nonce: [UInt8](repeating: 7, count: Genesis.nonceLength),
            checker: TestLog.checker,
            configuration: configuration
        )
        let key = try VerifierKey(name: "ledger.example/a", type: .ed25519, publicKey: signer.publicKey)
        let reader = LedgerReader(DirectorySource("\(folder)/ledger"), key: key, checker: TestLog.checker)
        let transport = TestTransport()
        let time = TestTime()
        for round in 0..<3 {
            // Both begin anew: the client knows nothing, the witness has its folder.
            let witness = try witness(key)
            let cosigner = try Cosigner(key: witness.key, url: "https://w.example")
            transport.host(cosigner.url, witness)
            let quorum = try CosignerQuorum(
                [cosigner],
                transport: transport,
                checker: TestLog.checker,
                limits: time.limits
            )
            for _ in 0..<2 {
                _ = try await ledger.append(entries: [Array("entry \(await ledger.size)".utf8)])
                let signed = try await ledger.publish()
                let lines = try await quorum.cosignatures(for: signed, in: reader)
                let cosigned = try signed.adding(lines)
                #expect(try cosigned.cosignatures(by: [witness.key], checker: TestLog.checker).count == 1)
                #expect(try await witness.latest(OriginHash(key.name)) == cosigned)
            }
            #expect(transport.sent(cosigner.url).count == (round == 0 ? 2 : 3), "told once, then it knows")
            #expect(throws: FileError.self, "two of them are not one witness") { try self.witness(key) }
            // Lets go of the last reference to the witness, and so of its store.
            transport.host(cosigner.url, nil)
        }
        try await ledger.close()
    }
}
