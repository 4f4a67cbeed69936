import TestSupport
import Testing
import TraceProof
import TraceReplication
import TraceSigning

/// Nothing in an answer is believed but a valid cosignature of the configured key with a plausible time.
@Suite("Cosigners that lie") struct LyingCosignerTests {
    /// What a lying cosigner answers, and what is made of it.
    struct Lie: CustomTestStringConvertible {
        let testDescription: String
        let failure: String
        let answer: @Sendable (SignedCheckpoint) async throws -> PeerResponse

        init(
            _ name: String,
            _ failure: String,
            _ answer: @escaping @Sendable (SignedCheckpoint) async throws -> PeerResponse
        ) {
            (testDescription, self.failure, self.answer) = (name, failure, answer)
        }

        static func line(
            _ text: [UInt8],
            name: String = "w0.example",
            time: UInt64 = WitnessWorld.time,
            key: UInt8 = 200,
            times: Int = 1
        ) async throws -> [UInt8] {
            try await Cosignature.sign(text, name: name, time: time, signer: TestLog.signer(key)).line
        }
    }

    private static let lies = [
        Lie("nothing", "there is no signature") { _ in PeerResponse(status: 200) },
        Lie("garbage", "begins with an em dash") { _ in PeerResponse(status: 200, body: Array("hello\n".utf8)) },
        Lie("no line feed", "does not end in a line feed") {
            PeerResponse(status: 200, body: try await Lie.line($0.note.text).dropLast())
        },
        Lie("a page", "begins with an em dash") { _ in
            PeerResponse(status: 200, contentType: "text/html", body: [UInt8](repeating: 0x3C, count: 65_536) + [10])
        },
        Lie("many lines", "more than 100 signatures") {
            let line = try await Lie.line($0.note.text)
            return PeerResponse(status: 200, body: (0..<101).flatMap { _ in line })
        },
        Lie("another key", "no line is of the key") {
            PeerResponse(status: 200, body: try await Lie.line($0.note.text, key: 9))
        },
        Lie("another name", "no line is of the key") {
            PeerResponse(status: 200, body: try await Lie.line($0.note.text, name: "w1.example"))
        },
        Lie("the log's own line", "no line is of the key") {
            PeerResponse(status: 200, body: $0.note.signatures[0].line)
        },
        Lie("another checkpoint", "does not verify") {
            PeerResponse(status: 200, body: try await Lie.line(Array("x\n".utf8) + $0.note.text))
        },
        Lie("a plain signature", "does not verify") {
            let key = try VerifierKey(name: "w0.example", type: .cosignature, publicKey: TestLog.signer(200).publicKey)
            let signature = try TestLog.signer(200).signature(for: $0.note.text)
            let line = try NoteSignature(name: key.name, keyID: key.keyID, bytes: signature.bytes)
            return PeerResponse(status: 200, body: line.line)
        },
        Lie("the future", "one of the clocks is wrong") {
            PeerResponse(status: 200, body: try await Lie.line($0.note.text, time: WitnessWorld.time + 301))
        },
        Lie("the end of time", "one of the clocks is wrong") {
            PeerResponse(status: 200, body: try await Lie.line($0.note.text, time: .max / 2))
        },
        Lie("long ago", "one of the clocks is wrong") {
            PeerResponse(status: 200, body: try await Lie.line($0.note.text, time: WitnessWorld.time - 86_401))
        },
        Lie("the beginning of time", "one of the clocks is wrong") {
            PeerResponse(status: 200, body: try await Lie.line($0.note.text, time: 0))
        },
        Lie("always another size", "again and again") { _ in
            PeerResponse(status: 409, contentType: "text/x.tlog.size", body: Array("3\n".utf8))
        },
        Lie("no size", "not a size in decimal") { _ in
            PeerResponse(status: 409, contentType: "text/x.tlog.size", body: Array("03\n".utf8))
        },
        Lie("a size without its end", "not a size in decimal") { _ in
            PeerResponse(status: 409, contentType: "text/x.tlog.size", body: Array("3".utf8))
        },
        Lie("an endless size", "not a size in decimal") { _ in
            PeerResponse(
                status: 409,
                contentType: "text/x.tlog.size",
                body: [UInt8](repeating: 0x39, count: 60_000) + [10]
            )
        },
    ]

    @Test(arguments: lies) func noLieIsTaken(_ lie: Lie) async throws {
        let world = try CosigningWorld(size: 9)
        let client = world.client()
        world.transport.host(world.cosigners[0].url) { try await lie.answer(WitnessRequest(bytes: $0.body).checkpoint) }
        guard case .failure(let failure) = try await world.ask(client, 9) else {
            Issue.record("taken")
            return
        }
        #expect("\(failure)".contains(lie.failure), "\(failure)")
        #expect(world.transport.sent(world.cosigners[0].url).count <= 4)
        #expect(await client.status.lastSuccess == nil)
        // An honest one at the same place is believed again.
        world.transport.host(world.cosigners[0].url, world.witnesses[0])
        _ = try await world.ask(client, 9).get()
    }

    /// What is true among other lines is found; clocks may differ a little, and media types have parameters.
    @Test func theTruthAmongOthersIsTaken() async throws {
        let world = try CosigningWorld(size: 9)
        let text = try await world.log.checkpoint(9).note.text
        for time in [WitnessWorld.time + 300, WitnessWorld.time - 86_400] {
            let client = world.client()
            let line = try await Lie.line(text, time: time)
            let others = try await Lie.line(text, name: "other", key: 9) + Lie.line(Array("x\n".utf8) + text)
            world.transport.host(world.cosigners[0].url) { _ in PeerResponse(status: 200, body: others + line) }
            #expect(try await world.ask(client, 9).get().line == line)
        }
        let (witness, url) = (world.witnesses[0], world.cosigners[0].url)
        _ = await witness.addCheckpoint(try await world.log.request(0, 4))
        world.transport.host(url) { request in
            var response = await witness.addCheckpoint(request.body).response
            if response.status == 409 { response.contentType = "Text/X.tlog.size; charset=utf-8" }
            return response
        }
        _ = try await world.ask(world.client(), 9).get()
    }
}
