import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceReplication

@Suite("A quorum of cosigners") struct CosignerQuorumTests {
    /// The example: what comes back makes the checkpoint acceptable by the policy.
    @Test func theirCosignaturesSatisfyThePolicy() async throws {
        let world = try CosigningWorld(size: 300, witnesses: 3)
        let policy = try world.policy(3)
        let quorum: any CheckpointCosigning = try world.quorum(policy)
        for size in [1, 200, 300] {
            let signed = try await world.log.checkpoint(size)
            let lines = try await quorum.cosignatures(for: signed, in: world.log.reader)
            #expect(lines.map(\.name) == ["w0.example", "w1.example", "w2.example"])
            let cosigned = try signed.adding(lines)
            #expect(policy.evaluate(cosigned, checker: TestLog.checker).isAccepted)
        }
    }

    /// The quorum is two of three; the third is slow, is waited for a grace, and its answer is there the next time.
    @Test func theSlowAreGivenAGraceAndNotGivenUp() async throws {
        let world = try CosigningWorld(size: 9, witnesses: 3)
        let quorum = try world.quorum(world.policy(2))
        let (gate, url, slow) = (Gate(), world.cosigners[2].url, world.witnesses[2])
        world.transport.host(url) { request in
            await gate.pass()
            return await slow.addCheckpoint(request.body).response
        }
        let signed = try await world.log.checkpoint(9)
        let reader = world.log.reader
        async let asked = quorum.cosignatures(for: signed, in: reader)
        await world.time.pass(.milliseconds(100))
        #expect(try await asked.map(\.name) == ["w0.example", "w1.example"])

        await gate.open()
        while await quorum.statuses()[2].size < 9 { await Task.yield() }
        #expect(try await quorum.cosignatures(for: signed, in: reader).count == 3)
        #expect(world.transport.sent(url).count == 1, "what it answered late was kept")
    }

    @Test func whoIsJustBehindIsTaken() async throws {
        let world = try CosigningWorld(size: 9, witnesses: 3)
        let quorum = try world.quorum(world.policy(1))
        // Nobody lets the grace end: all three come within it.
        let lines = try await quorum.cosignatures(for: world.log.checkpoint(9), in: world.log.reader)
        #expect(lines.count == 3)
    }

    @Test func whoIsMissingIsNamed() async throws {
        let world = try CosigningWorld(size: 9, witnesses: 3)
        let quorum = try world.quorum(world.policy(2))
        let gate = Gate()
        world.transport.host(world.cosigners[0].url) { _ in
            await gate.pass()
            return PeerResponse(status: 200)
        }
        world.transport.host(world.cosigners[1].url) { _ in PeerResponse(status: 404, body: Array("unknown log".utf8)) }
        let signed = try await world.log.checkpoint(9)
        let reader = world.log.reader
        async let asked = quorum.cosignatures(for: signed, in: reader)
        // The limit is to pass for the silent one alone.
        while await quorum.statuses()[1].failure == nil { await Task.yield() }
        while await quorum.statuses()[2].size < 9 { await Task.yield() }
        await world.time.pass(.seconds(5))
        do {
            _ = try await asked
            Issue.record("reached")
        } catch let failure as QuorumFailure {
            #expect(failure.cosigned == [world.cosigners[2]])
            #expect(failure.missing.map(\.cosigner) == [world.cosigners[0], world.cosigners[1]])
            #expect(failure.missing.map(\.failure) == [.timedOut, .refused(status: 404, "unknown log")])
            #expect(
                failure.description
                    == "the quorum of cosigners is not reached, with 1 of 3; w0.example (https://w0.example/witness): "
                    + "no answer in time; w1.example (https://w1.example/witness): it refused: 404 unknown log"
            )
        }
        // Asked again when one of them is back: who cosigned is not asked twice.
        await gate.open()
        _ = world.transport.sent(world.cosigners[2].url)
        world.transport.host(world.cosigners[1].url, world.witnesses[1])
        world.transport.host(world.cosigners[0].url, nil)
        #expect(try await quorum.cosignatures(for: signed, in: reader).count == 2)
        #expect(world.transport.sent(world.cosigners[2].url).isEmpty)
    }

    /// One that lies counts as little as one that is silent.
    @Test func aLiarDoesNotCount() async throws {
        let world = try CosigningWorld(size: 9, witnesses: 2)
        let quorum = try world.quorum(world.policy(2))
        let honest = world.witnesses[0]
        // It repeats the other one's cosignature.
        world.transport.host(world.cosigners[1].url) { await honest.addCheckpoint($0.body).response }
        await #expect(throws: QuorumFailure.self) {
            try await quorum.cosignatures(for: world.log.checkpoint(9), in: world.log.reader)
        }
    }

    // MARK: Best effort

    @Test(arguments: [false, true]) func withoutAQuorumWhoeverAnswersIsTaken(_ hasPolicy: Bool) async throws {
        let world = try CosigningWorld(size: 9, witnesses: 3)
        var policy = try world.policy(2)
        try policy.setQuorum(nil)
        let quorum = try world.quorum(hasPolicy ? policy : nil)
        let reader = world.log.reader
        let (gate, gone) = (Gate(), world.cosigners[1].url)
        world.transport.host(gone) { _ in
            await gate.pass()
            return PeerResponse(status: 503)
        }
        // The first time it is waited for until its time is over …
        let first = try await world.log.checkpoint(3)
        async let asked = quorum.cosignatures(for: first, in: reader)
        while await quorum.statuses().count(where: { $0.size == 3 }) < 2 { await Task.yield() }
        await world.time.pass(.seconds(5))
        #expect(try await asked.map(\.name) == ["w0.example", "w2.example"])
        // … and then for the grace only, as long as it does not answer.
        for size in [5, 8] {
            let next = try await world.log.checkpoint(size)
            async let asked = quorum.cosignatures(for: next, in: reader)
            await world.time.pass(.milliseconds(100))
            #expect(try await asked.map(\.name) == ["w0.example", "w2.example"])
            await world.time.pass(.seconds(5))
            while await quorum.statuses()[1].failure != .timedOut { await Task.yield() }
        }
        await gate.open()
        world.transport.host(gone, world.witnesses[1])
        #expect(try await quorum.cosignatures(for: world.log.checkpoint(9), in: reader).count == 3)
    }

    @Test func allGoneIsNoFailureWithoutAQuorum() async throws {
        let world = try CosigningWorld(size: 9, witnesses: 2)
        for cosigner in world.cosigners { world.transport.host(cosigner.url, nil) }
        let quorum = try world.quorum()
        #expect(try await quorum.cosignatures(for: world.log.checkpoint(9), in: world.log.reader).isEmpty)
        let nobody = try CosignerQuorum(
            [],
            transport: world.transport,
            checker: TestLog.checker,
            limits: world.time.limits
        )
        #expect(try await nobody.cosignatures(for: world.log.checkpoint(9), in: world.log.reader).isEmpty)
    }

    // MARK: Configuration

    @Test func whatCannotWorkIsRefused() async throws {
        let world = try CosigningWorld(size: 9, witnesses: 3)
        let policy = try world.policy(2)
        let quorum = try world.quorum(policy)
        let (one, two) = (world.cosigners[0], world.cosigners[1])
        let sameKey = try Cosigner(
            key: VerifierKey(name: "other", type: .cosignature, publicKey: #require(one.key.publicKey)),
            url: "https://other.example"
        )
        let sameURL = try Cosigner(key: two.key, url: one.url)
        for (cosigners, words) in [
            ([one, sameKey], "one key is one cosigner"), ([one, sameURL], "two cosigners have the URL"),
            ([one], "cannot be reached"), ([], "cannot be reached"),
        ] {
            do throws(FormatError) {
                try await quorum.replace(cosigners, policy: policy)
                Issue.record("accepted: \(words)")
            } catch { #expect(error.reason.contains(words), "\(error)") }
        }
        #expect(await quorum.statuses().map(\.cosigner) == world.cosigners)
    }

    /// Who stays is not asked from the start again, and who leaves is asked no more.
    @Test func theSetChangesAtRunTime() async throws {
        let world = try CosigningWorld(size: 9, witnesses: 3)
        let quorum = try world.quorum()
        _ = try await quorum.cosignatures(for: world.log.checkpoint(4), in: world.log.reader)
        #expect(await quorum.statuses().map(\.size) == [4, 4, 4])
        try await quorum.replace([world.cosigners[2], world.cosigners[0]], policy: nil)
        #expect(await quorum.statuses().map(\.size) == [4, 4])
        for cosigner in world.cosigners { _ = world.transport.sent(cosigner.url) }
        let lines = try await quorum.cosignatures(for: world.log.checkpoint(9), in: world.log.reader)
        #expect(lines.map(\.name) == ["w2.example", "w0.example"])
        #expect(world.cosigners.map { world.transport.sent($0.url).count } == [1, 0, 1])
    }

    /// The ledger is closed while it waits: the caller is let go at once.
    @Test func aCallerThatIsCancelledIsLetGo() async throws {
        let world = try CosigningWorld(size: 9, witnesses: 1)
        let quorum = try world.quorum(world.policy(1))
        let gate = Gate()
        world.transport.host(world.cosigners[0].url) { _ in
            await gate.pass()
            return PeerResponse(status: 200)
        }
        let (signed, reader) = (try await world.log.checkpoint(9), world.log.reader)
        let asked = Task { try await quorum.cosignatures(for: signed, in: reader) }
        await gate.waitForArrivals(1)
        asked.cancel()
        await #expect(throws: CancellationError.self) { try await asked.value }
        await gate.open()
    }
}
