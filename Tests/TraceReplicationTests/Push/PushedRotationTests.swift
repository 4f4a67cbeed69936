import Foundation
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceReplication
import TraceSigning
import TraceStatements

/// A ledger whose key is rotated behind a firewall: its mirror learns of it from what is pushed, and from nobody else.
@Suite("A pushed ledger whose key is rotated")
struct PushedRotationTests {
    /// A ledger in a directory of its own, of notes by one signer.
    private final class Origin: Sendable {
        let directory: String
        let dairy: SigningKey

        init() throws {
            directory = "\(NSTemporaryDirectory())/traceledger-rotated-\(UUID())"
            dairy = try StatementLog.signer(2)
        }

        deinit { try? FileManager.default.removeItem(atPath: directory) }

        func create() async throws -> Ledger {
            var configuration = Ledger.Configuration(publicationDelay: nil)
            configuration.mapRoots = nil
            return try await Ledger.create(
                directory,
                origin: StatementLog.origin,
                signer: try StatementLog.signer(1),
                issuerKeys: [],
                created: StatementLog.time,
                nonce: [UInt8](repeating: 7, count: Genesis.nonceLength),
                checker: StatementLog.checker,
                configuration: configuration
            )
        }

        func append(_ count: Int, to ledger: Ledger) async throws {
            for _ in 0..<count {
                let statement = try await Statement.sign(
                    kind: .note,
                    payload: Array("note \(await ledger.size)".utf8),
                    issuer: "9521101000009",
                    subject: "(01)09521101000007",
                    issuedAt: StatementLog.time,
                    chain: await ledger.nextLink(for: dairy.publicKey),
                    with: dairy
                )
                _ = try await ledger.append([statement])
            }
            _ = try await ledger.publish()
        }

        func reader() async throws -> LedgerReader {
            try await LedgerReader(DirectorySource(directory), checker: StatementLog.checker)
        }
    }

    private func push(_ origin: Origin, to world: PushWorld, _ service: PushService) async throws {
        let mirror = try Cosigner(key: world.cosigning.key, url: "https://mirror.example/mirror")
        let push = MirrorPush(
            mirror,
            transport: MirrorTransport(service),
            checker: StatementLog.checker,
            limits: CosigningLimits(now: { StatementLog.time + 120 }, sleep: { _ in })
        )
        let reader = try await origin.reader()
        _ = try await push.push(try await reader.checkpoint(), from: reader)
    }

    @Test(arguments: CheckDepth.allCases) func theMirrorFollows(_ depth: CheckDepth) async throws {
        let origin = try Origin()
        var ledger = try await origin.create()
        let first = try VerifierKey(
            name: StatementLog.origin,
            type: .ed25519,
            publicKey: try StatementLog.signer(1).publicKey
        )
        let world = try PushWorld(first)
        try await origin.append(20, to: ledger)
        try await push(origin, to: world, try world.open(depth))
        // Two rotations, with entries between, before anything is pushed again.
        ledger = try await ledger.rotateKey(to: StatementLog.signer(50))
        try await origin.append(300, to: ledger)
        ledger = try await ledger.rotateKey(to: StatementLog.signer(51))
        try await push(origin, to: world, try world.open(depth))
        try await origin.append(5, to: ledger)
        try await push(origin, to: world, try world.open(depth))
        let size = await ledger.size
        for key in [first] + (try await origin.reader()).keys.all {
            let reader = try await LedgerReader(
                DirectorySource(world.directory),
                key: key,
                checker: StatementLog.checker
            ).following()
            #expect(try await reader.checkpoint().checkpoint.head.size == size)
            let report = await Fsck.run(
                DirectorySource(world.directory),
                key: key,
                depth: .statements,
                checker: StatementLog.checker
            )
            #expect(report.findings.isEmpty, "\(report.findings)")
        }
        #expect(world.bytes("checkpoints/22") != nil && world.bytes("checkpoints/323") != nil)
    }

    /// Whoever pushes the handover first with a line that is not the new key's, or without one, keeps nobody from it.
    @Test func aHandoverWithoutTheNewKeysSignature() async throws {
        let origin = try Origin()
        let ledger = try await origin.create()
        try await origin.append(3, to: ledger)
        let (signer, new) = (try StatementLog.signer(1), try StatementLog.signer(50))
        let first = try VerifierKey(name: StatementLog.origin, type: .ed25519, publicKey: signer.publicKey)
        _ = try await ledger.rotateKey(to: new)
        let both = try await origin.reader().checkpoint()
        let own = both.note.signatures.filter { $0.keyID == first.keyID }
        let other = try #require(both.note.signatures.first { $0.keyID != first.keyID })
        let forged = try NoteSignature(name: other.name, keyID: other.keyID, bytes: other.bytes.reversed())
        let log = try await StatementLog(copying: origin.reader())
        for lines in [own, own + [forged]] {
            let world = try PushWorld(first)
            let service = try world.open(.chains)
            let note = try SignedCheckpoint(note: SignedNote(text: both.note.text, signatures: lines))
            let request = try WitnessRequest(oldSize: 0, path: [], checkpoint: note)
            #expect(await service.endpoints.addCheckpoint(request.bytes).response.status == 200)
            #expect(await service.entries(try log.body(0, 5)).status == 200)
            #expect(try await world.shown().note.signatures.map(\.keyID) == [first.keyID, world.cosigning.key.keyID])
            try await push(origin, to: world, service)
            let reader = try await LedgerReader(DirectorySource(world.directory), checker: StatementLog.checker)
            #expect(reader.keys.all.count == 2)
            #expect(try await reader.checkpoint().note.signatures.count == 3)
        }
    }

    /// Without the handover nobody believes the new key.
    @Test func aNewKeyAloneIsNoKey() async throws {
        let log = try StatementLog.short(600)
        let world = try PushWorld(log.key)
        let service = try world.open()
        let stranger = try await log.checkpoint(300, by: StatementLog.signer(50))
        let request = try WitnessRequest(oldSize: 0, path: [], checkpoint: stranger)
        #expect(await service.endpoints.addCheckpoint(request.bytes).response.status == 403)
        // Beside the right one it changes nothing.
        let both = try await log.checkpoint(300).adding(stranger.note.signatures)
        let second = try WitnessRequest(oldSize: 0, path: [], checkpoint: both)
        #expect(await service.endpoints.addCheckpoint(second.bytes).response.status == 200)
        #expect(await service.entries(try log.body(0, 300)).status == 200)
        try await world.expect(log, 300)
        #expect(try await service.checkpoint(log, 300, 600).status == 200)
    }
}
