import TestSupport
import Testing
import TraceProof

@Suite struct TrustPolicyTests {
    let checker = NoteTestChecker()

    @Test func twoOfThreePartnersMustHaveSeenIt() throws {
        let world = try NoteWorld()
        let policy = try TrustPolicy(bytes: Array(world.policyText().utf8))

        let result = try policy.evaluate(world.signed(at: [300, nil, 200]), checker: checker)
        #expect(result.isAccepted)
        #expect(result.log == 0)
        #expect(result.witnesses == [.verified(time: 300), .absent, .verified(time: 200)])
        #expect(result.groups.map(\.reached) == [2])
        #expect(result.quorumTime == 300)

        let tooFew = try policy.evaluate(world.signed(at: [nil, 100, nil]), checker: checker)
        #expect(!tooFew.isAccepted)
        #expect(tooFew.log == 0)
        #expect(!tooFew.quorumReached)
    }

    @Test func aPolicyIsBuiltAndWritten() throws {
        let world = try NoteWorld()
        var policy = TrustPolicy()
        try policy.addLog(key: world.logKey, url: TrustPolicy.Token("https://ledger.example/factory"))
        try policy.addWitness(TrustPolicy.Token("customs"), key: world.witnessKeys[0])
        try policy.setQuorum(TrustPolicy.Token("customs"))
        #expect(try TrustPolicy(bytes: policy.bytes) == policy)
        #expect(policy.name(of: try #require(policy.quorum)).description == "customs")
    }

    @Test func theLogsNameMustBeTheOrigin() throws {
        let world = try NoteWorld()
        let other = try Checkpoint(origin: "other.example", head: TreeHead(size: 2, root: world.checkpoint.head.root))
        let line = try NoteSignature(
            name: NoteWorld.origin,
            keyID: world.logKey.keyID,
            bytes: world.log.sign(other.noteText).bytes
        )
        let signed = try SignedCheckpoint(note: SignedNote(text: other.noteText, signatures: [line]))
        let policy = try TrustPolicy(bytes: Array(world.policyText(quorum: "none").utf8))
        let result = policy.evaluate(signed, checker: checker)
        #expect(result.logs == [.verified(time: nil)])
        #expect(result.log == nil)
        #expect(!result.isAccepted)
        #expect(result.quorumReached && result.quorumTime == nil)
    }

    @Test func aBadCosignatureRefusesEvenWhenOthersSuffice() throws {
        let world = try NoteWorld()
        let policy = try TrustPolicy(bytes: Array(world.policyText().utf8))
        let text = world.checkpoint.noteText
        let forged = try world.witnesses[0].cosign(text, name: NoteWorld.witnessName(2), time: 5)
        let line = try NoteSignature(name: forged.name, keyID: world.witnessKeys[2].keyID, bytes: forged.bytes)
        let result = try policy.evaluate(world.signed(at: [1, 2, nil]).adding([line]), checker: checker)
        #expect(result.quorumReached)
        #expect(result.invalidLines == [8])
        #expect(!result.isAccepted)
    }

    @Test func witnessesInTwoRoomsReachAQuorum() throws {
        let world = try NoteWorld()
        let text = """
            log \(world.logKey.text)
            witness X1 \(world.witnessKeys[0].text)
            witness X2 \(world.witnessKeys[1].text)
            group X any X1 X2
            witness Y1 \(world.witnessKeys[2].text)
            group Y all Y1
            group X-and-Y all X Y
            quorum X-and-Y

            """
        let policy = try TrustPolicy(bytes: Array(text.utf8))
        #expect(policy.groups[2].members == [.group(0), .group(1)])
        #expect(try policy.evaluate(world.signed(at: [50, 10, 20]), checker: checker).quorumTime == 20)
        #expect(try !policy.evaluate(world.signed(at: [50, 10, nil]), checker: checker).isAccepted)
        #expect(try TrustPolicy(bytes: policy.bytes) == policy)
    }

    @Test func namesAreOctetsNotText() throws {
        let world = try NoteWorld()
        var text = Array("witness \u{212A} \(world.witnessKeys[0].text)\nwitness K \(world.witnessKeys[1].text)\n".utf8)
        text +=
            Array("witness ".utf8) + [0xFF, 0x80] + Array(" \(world.witnessKeys[2].text)\nquorum ".utf8) + [
                0xFF, 0x80, 10,
            ]
        let policy = try TrustPolicy(bytes: text)
        #expect(policy.quorum == .witness(2))
        #expect(policy.bytes == text)
    }

    @Test func whitespaceAndCommentsAreFree() throws {
        let policy = try TrustPolicy(bytes: Array("\n \t\n  # é\u{A0}\n\t#\n \tquorum\t \tnone \n".utf8))
        #expect(policy == TrustPolicy())
    }

    @Test func aWitnessMayBePostQuantumButNeverCounts() throws {
        let world = try NoteWorld()
        let bytes = [UInt8](repeating: 3, count: 1312)
        let id = SHA256.hash(Array("q.example\n".utf8) + [6] + bytes).bytes[..<4]
        let key = "q.example+\(Hex.encode(id))+\(Base64.encode([6] + bytes))"
        let text = "log \(world.logKey.text)\nwitness q \(key)\nquorum q\n"
        let policy = try TrustPolicy(bytes: Array(text.utf8))
        let line = try NoteSignature(
            name: "q.example",
            keyID: policy.witnesses[0].key.keyID,
            bytes: [UInt8](repeating: 0, count: 2428)
        )
        let result = try policy.evaluate(world.signed().adding([line]), checker: checker)
        #expect(result.witnesses == [.unsupported])
        #expect(!result.isAccepted)
    }

    @Test func manyWitnessesAndNotMore() throws {
        func file(_ count: UInt32) throws -> [UInt8] {
            var text = ""
            for number in 0..<count {
                let key = try #require(PublicKey(SHA256.hash([UInt8(number >> 8), UInt8(number & 255)]).bytes))
                text += "witness w\(number) \(try VerifierKey(name: "w", type: .cosignature, publicKey: key).text)\n"
            }
            return Array(
                (text + "group g 1 " + (0..<count).map { "w\($0)" }.joined(separator: " ") + "\nquorum g\n").utf8
            )
        }
        #expect(try TrustPolicy(bytes: file(1024)).witnesses.count == 1024)
        expectRefusal(line: 1025, "more than 1024") { _ = try TrustPolicy(bytes: file(1025)) }
        expectRefusal(line: nil, "longer") { _ = try TrustPolicy(bytes: [UInt8](repeating: 10, count: 5 << 20)) }
    }
}
