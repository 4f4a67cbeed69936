import TestSupport
import Testing
import TraceProof
import TraceSigning

@testable import TraceReplication

@Suite("Asking a cosigner") struct CosignerClientTests {
    /// The example: one request a checkpoint, and the cosignature holds.
    @Test func aGrowingLedgerIsCosigned() async throws {
        let world = try CosigningWorld(size: 300)
        let client = world.client()
        let url = world.cosigners[0].url
        for size in [1, 2, 77, 256, 300] {
            let line = try await world.ask(client, size).get()
            let cosigned = try await world.log.checkpoint(size).adding([line])
            #expect(try cosigned.cosignatures(by: [world.witnesses[0].key], checker: TestLog.checker).count == 1)
            let sent = world.transport.sent(url)
            #expect(sent.count == 1 && sent[0].method == .post && sent[0].responseLimit == 65_536)
            let status = await client.status
            #expect(status.size == size && status.failure == nil && status.lastSuccess == WitnessWorld.time)
        }
    }

    /// A client that knows nothing starts from 0, is told, and proves from there.
    @Test func itIsToldTheSizeThatTheCosignerHolds() async throws {
        let world = try CosigningWorld(size: 300)
        #expect(try await world.ask(world.client(), 77).get().name == "w0.example")
        let again = world.client()
        _ = world.transport.sent(world.cosigners[0].url)
        _ = try await world.ask(again, 300).get()
        let sizes = try world.transport.sent(world.cosigners[0].url).map { try WitnessRequest(bytes: $0.body).oldSize }
        #expect(sizes == [0, 77])
        // Another instance asked for the checkpoint that is held already.
        _ = try await world.ask(world.client(), 300).get()
    }

    /// What is lost on its way is asked for again, from the size that the cosigner has by then.
    @Test func aLostAnswerIsMadeUpFor() async throws {
        let world = try CosigningWorld(size: 300)
        let (client, url, witness) = (world.client(), world.cosigners[0].url, world.witnesses[0])
        struct Lost: Error {}
        world.transport.host(url) { request in
            _ = await witness.addCheckpoint(request.body)
            throw Lost()
        }
        #expect(try await world.ask(client, 50) == .failure(.noAnswer("Lost()")))
        world.transport.host(url, witness)
        _ = try await world.ask(client, 300).get()
        #expect(await client.status.size == 300)
    }

    @Test func anAnswerIsAskedForOnce() async throws {
        let world = try CosigningWorld(size: 9)
        let client = world.client()
        let signed = try await world.log.checkpoint(9)
        let reader = world.log.reader
        let lines = await [Int](0..<10).concurrentMap { _ in await client.cosignature(on: signed, in: reader) }
        #expect(Set(try lines.map { try $0.get() }).count == 1)
        #expect(world.transport.sent(world.cosigners[0].url).count == 1)
    }

    /// While one request is under way others wait, and of those the largest is asked for.
    @Test func theLargestGoesNext() async throws {
        let world = try CosigningWorld(size: 9)
        let (client, url, witness, gate) = (world.client(), world.cosigners[0].url, world.witnesses[0], Gate())
        world.transport.host(url) { request in
            await gate.pass()
            return await witness.addCheckpoint(request.body).response
        }
        let reader = world.log.reader
        let (one, two, three) = (
            try await world.log.checkpoint(3), try await world.log.checkpoint(5), try await world.log.checkpoint(9)
        )
        async let first = client.cosignature(on: one, in: reader)
        await gate.waitForArrivals(1)
        async let second = client.cosignature(on: two, in: reader)
        async let third = client.cosignature(on: three, in: reader)
        while await client.largest < 9 { await Task.yield() }
        await gate.open()
        _ = try await first.get()
        // Whether it came before or behind the larger one.
        let middle = await second
        if case .failure(let failure) = middle { #expect(failure == .superseded(size: 9)) }
        _ = try await third.get()
        // Behind a larger one a smaller is not asked for any more, and that is no fault of the cosigner's.
        let four = try await world.log.checkpoint(4)
        #expect(await client.cosignature(on: four, in: reader) == .failure(.superseded(size: 9)))
        #expect(await client.status.failure == nil)
    }

    // MARK: What does not answer

    @Test func timeIsLimited() async throws {
        let world = try CosigningWorld(size: 9)
        let client = world.client()
        let gate = Gate()
        // A transport that does not heed its cancellation.
        world.transport.host(world.cosigners[0].url) { _ in
            await gate.pass()
            return PeerResponse(status: 200)
        }
        async let asked = world.ask(client, 9)
        await world.time.pass(.seconds(5))
        #expect(try await asked == .failure(.timedOut))
        #expect(await client.status.failure == .timedOut)
        #expect(await client.status.lastFailure == WitnessWorld.time)
        await gate.open()
    }

    @Test func whoIsOffTheNetIsNamedSo() async throws {
        let world = try CosigningWorld(size: 9)
        let client = world.client()
        world.transport.host(world.cosigners[0].url, nil)
        #expect(try await world.ask(client, 9) == .failure(.noAnswer("Unreachable()")))
        world.transport.host(world.cosigners[0].url, world.witnesses[0])
        _ = try await world.ask(client, 9).get()
        let status = await client.status
        #expect(status.failure == nil && status.lastFailure == WitnessWorld.time)
    }

    @Test(arguments: [400, 403, 404, 409, 422, 429, 500, 503, 201, 204, 302]) func otherStatusesAreFinal(_ status: Int)
        async throws
    {
        let world = try CosigningWorld(size: 9)
        let client = world.client()
        world.transport.host(world.cosigners[0].url) { _ in
            PeerResponse(status: status, contentType: "text/plain", body: Array("7\n\u{202E}no\u{7}".utf8))
        }
        let failure = CosignerFailure.refused(status: status, "7  no ")
        #expect(try await world.ask(client, 9) == .failure(failure))
        #expect(failure.isAlarm == (status == 422))
        #expect(world.transport.sent(world.cosigners[0].url).count == 1)
    }

    // MARK: Alarms

    /// Somebody had a larger tree cosigned under this ledger's key.
    @Test func aSizeThatWasNeverSignedIsAnAlarm() async throws {
        let world = try CosigningWorld(size: 20)
        _ = try await world.ask(world.client(), 20).get()
        let restored = world.client()
        #expect(try await world.ask(restored, 15) == .failure(.ahead(size: 20)))
        #expect(await restored.status.failure?.isAlarm == true)
    }

    /// Somebody had another history cosigned: the proof, which holds for us, does not hold there.
    @Test func anotherHistoryIsAnAlarm() async throws {
        let world = try CosigningWorld(size: 20)
        let fork = try TestLog(size: 20, salt: 1)
        _ = try await world.client().cosignature(on: fork.checkpoint(11), in: fork.reader).get()
        let client = world.client()
        guard case .failure(let failure) = try await world.ask(client, 20) else {
            Issue.record("cosigned")
            return
        }
        #expect(failure.isAlarm)
        #expect("\(failure)".contains("another history"))
    }

    @Test func aLedgerThatCannotProveItSaysSo() async throws {
        let world = try CosigningWorld(size: 20)
        _ = try await world.ask(world.client(), 11).get()
        let client = world.client()
        let broken = try TestLog(size: 3).reader
        guard
            case .failure(.unproved(let reason)) = await client.cosignature(
                on: try world.log.checkpoint(20),
                in: broken
            )
        else {
            Issue.record("proved")
            return
        }
        #expect(reason.contains("tile"))
    }

    // MARK: Names

    @Test func aCosignerIsAKeyAndAPlainURL() throws {
        let key = try VerifierKey(name: "w", type: .cosignature, publicKey: TestLog.signer(1).publicKey)
        #expect(try Cosigner(key: key, url: "https://w.example/a//").url == "https://w.example/a")
        #expect(try Cosigner(key: key, url: "http://127.0.0.1:8000").url == "http://127.0.0.1:8000")
        for url in [
            "", "w.example", "ftp://w.example", "https://", "http:///", "https://a b", "https://a?b", "https://a#b",
            "https://ü",
        ] {
            #expect(throws: FormatError.self, "\(url)") { try Cosigner(key: key, url: url) }
        }
        let log = try VerifierKey(name: "w", type: .ed25519, publicKey: TestLog.signer(1).publicKey)
        #expect(throws: FormatError.self) { try Cosigner(key: log, url: "https://w.example") }
    }
}
