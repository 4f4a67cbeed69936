import Foundation
import Logging
import Synchronization
import Testing
import TraceLedger
import TraceProof
import TraceReplication
import TraceSigning
import TraceStatements

@testable import TraceNode

/// Openings of a mirrored ledger's items wait here until the ledger's own receipt is held.
@Suite struct ActivationDeskTests {
    private static let origin = "dairy.example/log"

    /// A ledger's node, as far as a mirror sees it.
    private final class Origin: PeerTransport {
        let key: SigningKey
        let answer: Mutex<@Sendable (Origin, PeerRequest) -> PeerResponse?>
        let asked = Mutex(0)

        init(_ answer: @escaping @Sendable (Origin, PeerRequest) -> PeerResponse?) throws {
            key = try SigningKey(seed: [UInt8](repeating: 7, count: 32))
            self.answer = Mutex(answer)
        }

        func send(_ request: PeerRequest) async throws -> PeerResponse {
            asked.withLock { $0 += 1 }
            guard let response = answer.withLock({ $0 })(self, request) else {
                throw HTTPFailure(request.url, .connecting, "nobody is there", remedy: "wait")
            }
            return response
        }

        /// A receipt in a tree of two.
        func receipt(of leaf: Digest, by signer: SigningKey? = nil) async throws -> ActivationReceipt {
            let signer = signer ?? key
            let tree = MerkleTree(leaves: [TreeHash.leaf([0]), leaf])
            let signature = try await RootSignature.signed(
                root: tree.head.root,
                origin: ActivationDeskTests.origin,
                by: signer
            )
            let proof = try InclusionProof.make(index: 1, treeSize: 2, from: tree)
            return ActivationReceipt(
                origin: ActivationDeskTests.origin,
                index: 1,
                leafHash: leaf,
                firstIndex: 1,
                receipt: try Receipt.inclusion(proof, signature: signature).encoded()
            )
        }
    }

    private let folder = "\(LedgerHost.folder)/desk-\(UUID())"

    private func desk(_ origin: Origin, limit: Int = 10) async throws -> ActivationDesk {
        let desk = try ActivationDesk(
            folder,
            limit: limit,
            transport: origin,
            checker: SodiumSignatureChecker(),
            metrics: ActivationMetrics(),
            logger: Logger(label: "desk") { _ in SwiftLogNoOpLogHandler() }
        )
        let key = try VerifierKey(name: Self.origin, type: .ed25519, publicKey: origin.key.publicKey)
        await desk.replace(with: [.init(key: key, directory: "\(folder)/none", url: "http://origin.example/activations")])
        return desk
    }

    private func opening(_ nonce: UInt8) async throws -> Statement {
        let item = try ItemIdentity(gtin: "09521101530018", serial: "A1")
        let signer = try SigningKey.item(seed: [UInt8](repeating: 1, count: 16), identity: item.text)
        let tree = try ItemTree([ItemLeaf(serial: "A1", key: signer.publicKey, salt: [UInt8](repeating: 0, count: 16))])
        let activation = try #require(
            Activation(
                origin: Self.origin,
                commissioning: TreeHash.leaf([]),
                proof: try tree.proof(ofIndex: 0),
                nonce: [UInt8](repeating: nonce, count: 16)
            )
        )
        return try await Statement.activate(activation, of: item, issuedAt: 1_772_323_200, with: signer)
    }

    /// Runs a desk until `condition` holds.
    private func running(_ desk: ActivationDesk, until condition: @Sendable @escaping () async throws -> Bool) async throws {
        let task = Task { try await desk.run() }
        let end = ContinuousClock.now + .seconds(30)
        while try await !condition() {
            try #require(ContinuousClock.now < end, "it takes too long")
            try await Task.sleep(for: .milliseconds(20))
        }
        task.cancel()
        _ = await task.result
    }

    @Test func whatIsKeptSurvivesAndIsLetGoOfForAReceipt() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (one, two) = (try await opening(1), try await opening(2))
        do {
            let desk = try await desk(try Origin { _, _ in nil })
            for statement in [one, two, one] {
                guard case .kept = try await desk.take(statement, for: Self.origin) else {
                    Issue.record("it was not kept")
                    return
                }
            }
            #expect(await desk.status().kept == 2)
        }
        let origin = try Origin { _, _ in nil }
        let receipts = [
            one.encoded: try await origin.receipt(of: one.leafHash), two.encoded: try await origin.receipt(of: two.leafHash),
        ]
        origin.answer.withLock {
            $0 = { _, request in receipts[request.body].map { PeerResponse(status: 201, body: $0.document.serialized()) } }
        }
        let desk = try await desk(origin)
        try await running(desk) { await desk.status().receipts == 2 }
        guard case .held(let document)? = try await desk.standing(of: one.leafHash) else {
            Issue.record("no receipt is held")
            return
        }
        #expect(String(decoding: document, as: UTF8.self).contains("\"first\":true"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".cose") }.isEmpty)
    }

    @Test func aReceiptOfAnotherKeyIsNone() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let statement = try await opening(1)
        let origin = try Origin { _, _ in nil }
        let stranger = try SigningKey(seed: [UInt8](repeating: 8, count: 32))
        let forged = try await origin.receipt(of: statement.leafHash, by: stranger)
        origin.answer.withLock { $0 = { _, _ in PeerResponse(status: 201, body: forged.document.serialized()) } }
        let desk = try await desk(origin)
        _ = try await desk.take(statement, for: Self.origin)
        try await running(desk) { await !desk.status().failures.isEmpty }
        #expect(await desk.status().kept == 1)
        #expect(await desk.status().failures.first?.reason.contains("did not sign") ?? false)
    }

    @Test func aRefusalIsToldAndNothingIsKeptOfIt() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let statement = try await opening(1)
        let body = Array(#"{"title": "the activation does not hold", "detail": "no such lot"}"#.utf8)
        let desk = try await desk(try Origin { _, _ in PeerResponse(status: 422, body: body) })
        _ = try await desk.take(statement, for: Self.origin)
        try await running(desk) { await desk.status().kept == 0 }
        guard case .refused(let reason)? = try await desk.standing(of: statement.leafHash) else {
            Issue.record("it was not refused")
            return
        }
        #expect(reason == "the activation does not hold: no such lot")
    }

    @Test func whatWaitsIsBounded() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let desk = try await desk(try Origin { _, _ in nil }, limit: 3)
        for nonce in 0..<3 { _ = try await desk.take(try await opening(UInt8(nonce)), for: Self.origin) }
        let more = try await opening(3)
        await #expect(throws: Problem.self) { try await desk.take(more, for: Self.origin) }
        #expect(await desk.status().kept == 3)
        #expect(await !desk.takes("other.example/log"))
    }

    @Test func aLedgersNodeIsLeftInPeaceLongerAndLonger() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let origin = try Origin { _, _ in nil }
        let desk = try await desk(origin)
        for nonce in 0..<5 { _ = try await desk.take(try await opening(UInt8(nonce)), for: Self.origin) }
        let task = Task { try await desk.run() }
        try await Task.sleep(for: .seconds(2))
        task.cancel()
        _ = await task.result
        // All at once, then one after a second or less, and after two or less.
        #expect((5...8).contains(origin.asked.withLock { $0 }), "\(origin.asked.withLock { $0 })")
    }

    @Test func aMapRootFollowsLaterInALargeLedger() {
        #expect(MapRootDesk.pause(60, entries: 1000) == .seconds(60))
        #expect(MapRootDesk.pause(60, entries: 2_000_000) == .seconds(1000))
    }
}
