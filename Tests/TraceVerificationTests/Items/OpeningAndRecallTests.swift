import GS1
import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// Openings of an item and recalls: what a ledger has of them, and what a verdict makes of that.
@Suite struct OpeningAndRecallTests {
    @Test func theFirstOpeningIsTheConsumersOwn() async throws {
        var cans = try await ItemWorld()
        let opening = try await cans.open()
        let history = try await cans.history()
        let evidence = ItemEvidence(
            items: [try await cans.item()],
            histories: [history],
            secretKey: try ItemWorld.key("C1").publicKey,
            ownActivation: opening.leafHash
        )
        let result = try await cans.verifier().verify(try await cans.stamp(), with: evidence)
        #expect(result.verdict == .secretMatches, "\(result.report.steps)")
        #expect(result.activations.map(\.index) == [2])
        #expect(result.asOf.map(\.part.name) == ["registry", "batch", "activations"])
    }

    @Test func aCopyOfTheHiddenCodeComesSecond() async throws {
        var cans = try await ItemWorld()
        let first = try await cans.open(nonce: 1)
        let second = try await cans.open(nonce: 2)
        let history = try await cans.history()
        var evidence = ItemEvidence(
            items: [try await cans.item()],
            histories: [history],
            secretKey: try ItemWorld.key("C1").publicKey,
            ownActivation: second.leafHash
        )
        let copy = try await cans.verifier().verify(try await cans.stamp(), with: evidence)
        #expect(copy.verdict == .alreadyActivated, "\(copy.report.steps)")
        #expect(copy.activations.map(\.index) == [2, 3])
        // Who was first is told that there are copies.
        evidence.ownActivation = first.leafHash
        let own = try await cans.verifier().verify(try await cans.stamp(), with: evidence)
        #expect(own.verdict == .secretMatches)
        #expect(own.report.steps.contains { $0.detail.contains("1 came after it") })
        // Who only looks at the outside of an opened pack sees that it was opened.
        evidence.secretKey = nil
        evidence.ownActivation = nil
        #expect(try await cans.verifier().verify(try await cans.stamp(), with: evidence).verdict == .alreadyActivated)
    }

    @Test func anotherCansOpeningIsNotThisOnes() async throws {
        var cans = try await ItemWorld()
        try await cans.open("C2")
        let history = try await cans.history("C1")
        #expect(history.entries.isEmpty)
        let result = try await cans.verifier().verify(
            try await cans.stamp(),
            with: ItemEvidence(items: [try await cans.item()], histories: [history])
        )
        #expect(result.verdict == .issuedAndLogged, "\(result.report.steps)")
        #expect(result.activations.isEmpty)
    }

    @Test func anOpeningLeftOutIsNoticed() async throws {
        var cans = try await ItemWorld()
        try await cans.open()
        let whole = try await cans.history()
        let cut = SubjectProof(
            subject: whole.subject,
            checkpoint: whole.checkpoint,
            entries: [],
            mapRoot: whole.mapRoot,
            proof: whole.proof,
            inclusion: try InclusionMultiproof.make(
                indices: [whole.mapRoot.index],
                treeSize: cans.tree.size,
                from: cans.tree
            ).hashes
        )
        let result = try await cans.verifier().verify(
            try await cans.stamp(),
            with: ItemEvidence(items: [try await cans.item()], histories: [cut])
        )
        #expect(result.verdict == .forged)
        #expect(result.report.reason.contains("other entries"))
    }

    @Test func withoutTheItemsProofAnOpeningStaysOpen() async throws {
        var cans = try await ItemWorld()
        try await cans.open()
        let result = try await cans.verifier().verify(
            try await cans.stamp(),
            with: ItemEvidence(histories: [try await cans.history()])
        )
        #expect(result.verdict == .issued)
        #expect(result.report.unchecked.contains { $0.hasPrefix("activation: entry 2") })
    }

    private func recall(
        _ level: Recall.Class = .first,
        lot: String? = ItemWorld.lot,
        serials: RecallScope.Serials? = nil
    ) throws -> Recall {
        try Recall(
            identifier: "R1",
            level: level,
            scopes: [try RecallScope(gtin: ItemWorld.gtin, lot: lot, serials: serials)],
            reason: "Salmonella.",
            instruction: "Do not eat it.",
            opened: 1_767_225_900
        )
    }

    @Test func aRecallCoversLotAndSerials() async throws {
        for (recall, verdict) in [
            (try recall(), Verdict.recalled), (try recall(lot: nil), .recalled), (try recall(lot: "L2"), .issued),
            (try recall(serials: .init(from: "C0", to: "C2")), .recalled),
            (try recall(serials: .init(from: "C2", to: "C4")), .issued),
            (try recall(serials: .init(from: "C00", to: "C99")), .issued),
        ] {
            var cans = try await ItemWorld()
            try await cans.log(.recall, recall.encoded, recall.subject)
            let result = try await cans.verifier().verify(
                try await cans.stamp(),
                with: ItemEvidence(recalls: [try await cans.recallPack()])
            )
            #expect(result.verdict == verdict, "\(recall)")
            #expect(result.recalls.first?.recall == (verdict == .recalled ? recall : nil))
            #expect(result.asOf.last?.part.name == "recalls")
        }
    }

    @Test func aCodeWithoutLotCannotTell() async throws {
        var cans = try await ItemWorld()
        let recall = try recall()
        try await cans.log(.recall, recall.encoded, recall.subject)
        let result = try await cans.verifier().verify(
            try await cans.stamp(lot: nil),
            with: ItemEvidence(recalls: [try await cans.recallPack()])
        )
        #expect(result.verdict == .issued)
        #expect(result.report.unchecked.contains { $0.contains("the code has no lot (10)") })
    }

    @Test func nobodyRecallsWhatIsNotTheirs() async throws {
        let cans = try await ItemWorld()
        let (recall, rival, regulator) = (try recall(), try World.key(22), try World.key(23))
        for (issuer, key, verdict) in [
            ("9521105000005", rival, Verdict.issued), ("9521109000001", regulator, .recalled),
        ] {
            var theirs = cans
            let statement = try await Statement.sign(
                kind: .recall,
                payload: recall.encoded,
                issuer: issuer,
                subject: recall.subject,
                issuedAt: 1_767_225_650,
                chain: ChainLink(sequence: 0, previous: cans.statements[0].leafHash),
                with: key
            )
            theirs.add(statement)
            let verifier = try await theirs.verifier { registry in
                try await registry.record(try await registry.enrolment("9521105000005", rival, prefixes: ["9521105"]))
                let role = try #require(PartyData.Role(name: "regulator"))
                try await registry.record(try await registry.enrolment("9521109000001", regulator, roles: [role]))
            }
            let result = verifier.verify(
                try await theirs.stamp(),
                with: ItemEvidence(recalls: [try await theirs.recallPack()])
            )
            #expect(result.verdict == verdict, "\(result.report.steps) \(result.report.unchecked)")
        }
    }

    @Test func filesAreReadAsTheyWereWritten() async throws {
        var cans = try await ItemWorld()
        let recall = try recall(serials: .init(from: "C0", to: "C2"))
        try await cans.log(.recall, recall.encoded, recall.subject)
        let (item, pack, recalls) = (try await cans.item(), try await cans.pack(), try await cans.recallPack())
        #expect(try LoggedItem(decoding: try item.encoded()) == item)
        #expect(try BatchPack(decoding: try pack.encoded()) == pack)
        #expect(try RecallPack(decoding: recalls.encoded) == recalls)
        let verifier = try await cans.verifier()
        for file in [try item.encoded(), try pack.encoded(), recalls.encoded] {
            let report = verifier.verify(try Evidence(decoding: file))
            #expect(report.verdict == .issuedAndLogged, "\(report.steps) \(report.unchecked)")
        }
        let code = Array(try await cans.stamp().uri(host: "id.example.cn").utf8) + [0x0A]
        #expect(verifier.verify(try Evidence(decoding: code)).verdict == .issued)
    }

    @Test func everyBitOfAFileCounts() async throws {
        let cans = try await ItemWorld()
        let (verifier, stamp) = (try await cans.verifier(), try await cans.stamp())
        let file = try await cans.item().encoded()
        for bit in stride(from: 0, to: file.count * 8, by: 7) {
            var altered = file
            altered[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let item = try? LoggedItem(decoding: altered) else { continue }
            let verdict = verifier.verify(stamp, with: ItemEvidence(items: [item])).verdict
            #expect(
                verdict != .issuedAndLogged,
                "bit \(bit), byte \(bit / 8) of \(file.count): \(Hex.encode(file[max(0, bit / 8 - 12)..<min(file.count, bit / 8 + 8)]))"
            )
        }
    }
}
