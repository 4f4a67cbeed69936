import TestSupport
import Testing
import TraceProof
import TraceReplication

/// The transcript of torchwood's litewitness of June 2025, request by request.
///
/// Two of its statuses are others here. An unknown origin is 404, by the newer text of the standard, and was 403. And the
/// request with the invalid signature is 400: that signature ends in base64 with spare bits, which is refused before it is
/// looked at whose it is; with the spare bits cleared it is 403.
@Suite("litewitness's transcript", .enabled(if: Vectors.present, "\(Vectors.absentMessage)"))
struct LitewitnessTests {
    /// One request of the hurl file, and what is asserted of its answer.
    struct Exchange {
        let body: String
        let status: Int
        let isExact: Bool
        let text: String
    }

    static func exchanges() throws -> [Exchange] {
        let file = String(decoding: try Vectors.bytes("torchwood-witness/litewitness.txt"), as: UTF8.self)
        let hurl = try #require(file.components(behind: "-- add-checkpoint.hurl --\n").last)
        return try hurl.components(behind: "POST http://localhost:7380/add-checkpoint\n```\n").dropFirst().map { part in
            let halves = part.components(behind: "```\n")
            let lines = try #require(halves.last).split(separator: "\n").map(String.init)
            let assertion = try #require(lines.last { $0.hasPrefix("body ") })
            let quoted = String(assertion.split(separator: "\"")[1])
            return Exchange(
                body: halves[0],
                status: try #require(Int(lines[0].dropFirst("HTTP ".count))),
                isExact: assertion.hasPrefix("body == "),
                text: quoted.replacing("\\n", with: "\n")
            )
        }
    }

    /// The key that the script gives to `witnessctl add-sigsum-log`.
    static func logKey() throws -> VerifierKey {
        let bytes = try #require(Hex.decode("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"))
        return try VerifierKey(
            name: "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562",
            type: .ed25519,
            publicKey: try #require(PublicKey(bytes))
        )
    }

    @Test func everyAnswerIsTheStandards() async throws {
        let store = MemoryStore()
        let witness = try Witness(
            name: "example.com/witness",
            signer: TestLog.signer(9),
            logs: [LitewitnessTests.logKey()],
            store: store,
            checker: TestLog.checker,
            now: { WitnessWorld.time }
        )
        let exchanges = try LitewitnessTests.exchanges()
        #expect(exchanges.map(\.status) == [200, 403, 403, 422, 422, 200, 409, 200, 409])
        for (place, exchange) in exchanges.enumerated() {
            var answer = Answer(await witness.addCheckpoint(Array(exchange.body.utf8)).response)
            let wanted = exchange.text == "unknown log" ? 404 : exchange.status
            if exchange.text == "invalid signature" {
                #expect(answer == Answer(400, "signed note, line 9: the signature is not canonical base64\n"))
                let cleared = exchange.body.replacing("WVrx6gx=", with: "WVrx6gw=")
                #expect(cleared != exchange.body)
                answer = Answer(await witness.addCheckpoint(Array(cleared.utf8)).response)
            }
            #expect(answer.status == wanted, "request \(place): \(answer)")
            if exchange.isExact {
                #expect(answer.body == exchange.text && answer.contentType == "text/x.tlog.size", "request \(place)")
            } else {
                #expect(answer.body.contains(exchange.text), "request \(place): \(answer)")
            }
        }
        let latest = try #require(try await witness.latest(OriginHash(LitewitnessTests.logKey().name)))
        #expect(latest.checkpoint.head.size == 5, "as `witnessctl list-logs` says in the end")
    }
}

extension String {
    /// The parts between the occurrences of a text.
    fileprivate func components(behind separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
