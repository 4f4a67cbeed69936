import GS1
import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// What a code on a pack proves: alone, with a proof that its item was committed, with the hidden code, with openings and
/// recalls. Each verdict of formats.md section 8 once, and what an attacker gets.
@Suite struct StampVerdictTests {
    @Test func aCodeAloneIsIssuedAndNoMore() async throws {
        let cans = try await ItemWorld()
        let result = try await cans.verifier().verify(try await cans.stamp())
        #expect(result.verdict == .issued, "\(result.report.steps)")
        #expect(result.issuer?.identifier == World.issuer)
        // A photograph is the same code: the report says so, whatever else it says.
        #expect(result.report.unchecked.contains { $0.hasPrefix("copy: a visible code can be photographed") })
        #expect(result.verdict.meaning.english.contains("photographed"))
        #expect(result.asOf.map(\.part.name) == ["registry"])
    }

    @Test func withItsItemProofItIsLogged() async throws {
        let cans = try await ItemWorld()
        for evidence in [
            ItemEvidence(items: [try await cans.item()]), ItemEvidence(packs: [try await cans.pack()]),
        ] {
            let result = try await cans.verifier().verify(try await cans.stamp(), with: evidence)
            #expect(result.verdict == .issuedAndLogged, "\(result.report.steps)")
            #expect(result.batch?.index == 1)
            #expect(result.asOf.map(\.part.name) == ["registry", "batch"])
            #expect(result.report.asOf?.time == 1_767_225_701)
            #expect(result.verdict.meaning.english.contains("photographed"))
        }
    }

    @Test func withTheHiddenCodeTheSecretMatches() async throws {
        let cans = try await ItemWorld()
        let verifier = try await cans.verifier()
        let (stamp, item) = (try await cans.stamp(), try await cans.item())
        let right = verifier.verify(
            stamp,
            with: ItemEvidence(items: [item], secretKey: try ItemWorld.key("C1").publicKey)
        )
        #expect(right.verdict == .secretMatches, "\(right.report.steps)")
        // The hidden code of another can, or any other.
        let wrong = verifier.verify(
            stamp,
            with: ItemEvidence(items: [item], secretKey: try ItemWorld.key("C2").publicKey)
        )
        #expect(wrong.verdict == .forged)
        #expect(wrong.report.reason.hasPrefix("secret:"))
        // Without the item's proof there is nothing to compare with.
        let alone = verifier.verify(stamp, with: ItemEvidence(secretKey: try ItemWorld.key("C1").publicKey))
        #expect(alone.verdict == .issued)
    }

    @Test func whatIsSignedCannotBeChanged() async throws {
        let cans = try await ItemWorld()
        let verifier = try await cans.verifier()
        let stamp = try await cans.stamp()
        let others: [[Element]] = [
            ItemWorld.elements("C2"), ItemWorld.elements(lot: "L2"), ItemWorld.elements(lot: nil),
            ItemWorld.elements(expiry: "271231"), ItemWorld.elements(expiry: nil),
            ItemWorld.elements() + [Element(ai: Stamp.marketAI, value: "CN")],
            ItemWorld.elements().map { $0.ai == 1 ? Element(ai: 1, value: "09521101530025") : $0 },
        ]
        for elements in others {
            let altered = try Stamp(elements: elements, keyID: stamp.keyID, signature: stamp.signature)
            #expect(verifier.verify(altered).verdict == .forged, "\(altered.elementString)")
        }
        // Host, its case and the order of attributes are not signed.
        let text = try stamp.uri(host: "id.example.cn")
        let value = try #require(text.split(separator: "=").last)
        for same in [
            text, "http://other.example/dead/01/\(ItemWorld.gtin)/10/L1/21/C1?S=\(value)&17=261231",
            "https://id.example.cn/01/\(ItemWorld.gtin)/10/L1/21/C1?17=261231&S=\(value)&linkType=gs1:pip",
        ] {
            #expect(verifier.verify(try Stamp(parsing: same)).verdict == .issued, "\(same)")
        }
    }

    @Test func aKeyThatNobodyVouchesForProvesNothing() async throws {
        let cans = try await ItemWorld()
        let stranger = try await Stamp.sign(ItemWorld.elements(), with: cans.world.strangerKey)
        #expect(try await cans.verifier().verify(stranger).verdict == .unknownKey)
        // Who has no registry names the key.
        let own = TrustAnchors(issuerKeys: [.init(issuer: nil, key: cans.world.strangerKey.publicKey)])
        #expect(Verifier(anchors: own, checker: World.checker).verify(stranger).verdict == .issued)
    }

    @Test func anEnterpriseSpeaksForItsOwnProductsOnly() async throws {
        let cans = try await ItemWorld()
        let key = try World.key(21)
        let verifier = try await cans.verifier { registry in
            try await registry.record(try await registry.enrolment("9521105000005", key, prefixes: ["9521105"]))
        }
        let result = verifier.verify(try await Stamp.sign(ItemWorld.elements(), with: key))
        #expect(result.verdict == .unknownKey)
        #expect(result.report.reason.contains("not of 9521105000005"))
    }

    @Test func aRevokedKeyCountsOnlyWithAnEntryFromBefore() async throws {
        let cans = try await ItemWorld()
        let verifier = try await cans.verifier { registry in
            let end = try KeyEnd(key: cans.world.enterpriseKey.publicKey, moment: 1_767_225_800, reason: .keyCompromise)
            try await registry.record(try Enrolment(party: World.issuer, .revoke(end)))
        }
        let stamp = try await cans.stamp()
        #expect(verifier.verify(stamp).verdict == .keyRevoked)
        let logged = verifier.verify(stamp, with: ItemEvidence(items: [try await cans.item()]))
        #expect(logged.verdict == .issuedAndLogged, "\(logged.report.steps)")
        // An item of the batch that the code does not name does not help.
        let other = verifier.verify(stamp, with: ItemEvidence(items: [try await cans.item("C2")]))
        #expect(other.verdict == .keyRevoked)
        // Nor does an entry that the cosigners saw only afterwards.
        let late = try await cans.verifier { registry in
            let end = try KeyEnd(key: cans.world.enterpriseKey.publicKey, moment: 1_767_225_600, reason: .keyCompromise)
            try await registry.record(try Enrolment(party: World.issuer, .revoke(end)))
        }
        #expect(late.verify(stamp, with: ItemEvidence(items: [try await cans.item()])).verdict == .keyRevoked)
    }

    @Test func aSerialThatTheLotDoesNotHaveIsNotInTheLedger() async throws {
        let cans = try await ItemWorld()
        let extra = try await cans.stamp("C9")
        let result = try await cans.verifier().verify(extra, with: ItemEvidence(packs: [try await cans.pack()]))
        #expect(result.verdict == .notInLedger)
        #expect(result.asOf.last?.part.name == "batch")
        // A pack of another lot says nothing of it.
        let other = try await cans.stamp("C9", lot: "L2")
        #expect(
            try await cans.verifier().verify(other, with: ItemEvidence(packs: [try await cans.pack()])).verdict
                == .issued
        )
        // The item of one lot under the number of another is none of that lot.
        let moved = try await cans.stamp(lot: "L2")
        #expect(
            try await cans.verifier().verify(moved, with: ItemEvidence(items: [try await cans.item()])).verdict
                == .notInLedger
        )
    }

    @Test func aProofThatWasAlteredIsForged() async throws {
        let cans = try await ItemWorld()
        let (stamp, batch, proof) = (try await cans.stamp(), try await cans.batch(), try cans.proof())
        let swapped = ItemProof(index: proof.index, count: proof.count, leaf: proof.leaf, path: proof.path.reversed())
        let key = try ItemLeaf(serial: "C1", key: cans.world.strangerKey.publicKey, salt: proof.leaf.salt)
        let rekeyed = ItemProof(index: proof.index, count: proof.count, leaf: key, path: proof.path)
        for altered in [swapped, rekeyed] {
            let result = try await cans.verifier().verify(
                stamp,
                with: ItemEvidence(items: [LoggedItem(altered, of: batch)])
            )
            #expect(result.verdict == .forged)
        }
        var serials = cans.items.leaves.map(\.serial)
        serials.swapAt(0, 1)
        let pack = try BatchPack(batch, secret: cans.secret, serials: serials, keys: cans.items.leaves.map(\.key))
        #expect(try await cans.verifier().verify(stamp, with: ItemEvidence(packs: [pack])).verdict == .forged)
    }

    @Test func expiryIsTheEndOfTheDay() async throws {
        let cans = try await ItemWorld()
        for (expiry, end): (String, UInt64) in [
            ("261231", 1_798_761_600), ("260200", 1_772_323_200), ("240229", 1_709_251_200),
        ] {
            let stamp = try await cans.stamp(expiry: expiry)
            #expect(try await cans.verifier(now: end - 1).verify(stamp).verdict == .issued, "\(expiry)")
            #expect(try await cans.verifier(now: end).verify(stamp).verdict == .expired, "\(expiry)")
        }
        // Without a clock nothing is said of it, and the report says that.
        let result = try await cans.verifier(now: nil).verify(try await cans.stamp(expiry: "200101"))
        #expect(result.verdict == .issued)
        #expect(result.report.unchecked.contains { $0.hasPrefix("expiry:") })
    }
}
