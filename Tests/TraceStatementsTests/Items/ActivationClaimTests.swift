import EPCIS
import GS1
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

/// What an entry commissions, and what an activation of one of its items claims.
@Suite struct ActivationClaimTests {
    static let item = "(01)09521101530018(21)A1"

    /// Three items, of which the first has a hidden code.
    static func tree() throws -> (tree: ItemTree, key: SigningKey) {
        let key = try SigningKey.item(seed: Array(0..<16), identity: item)
        let salt = [UInt8](repeating: 5, count: ItemLeaf.saltLength)
        let leaves = try ["A1", "A2", "A3"].map { serial in
            try ItemLeaf(serial: serial, key: serial == "A1" ? key.publicKey : nil, salt: salt)
        }
        return (try ItemTree(leaves), key)
    }

    static func event(_ tree: ItemTreeRoot?, _ change: (inout EPCISEvent) -> Void = { _ in }) async throws -> Statement
    {
        var event = EPCISEvent(
            kind: .object,
            eventTime: try #require(Timestamp("2026-03-01T08:00:00.000+08:00")),
            eventTimeZoneOffset: try #require(TimeZoneOffset("+08:00"))
        )
        event.action = .add
        event.quantityList = [
            QuantityElement(epcClass: Identifier("https://id.gs1.org/01/09521101530018/10/L1"), quantity: Number(3))
        ]
        event.items = tree
        change(&event)
        return try await Statement.sign(
            kind: .event,
            payload: event.payload(),
            issuer: StatementWorld.gln,
            subject: event.subject,
            issuedAt: StatementWorld.time,
            chain: ChainLink(sequence: 1, previous: SHA256.hash([])),
            with: try StatementWorld.key(2)
        )
    }

    static func root(_ tree: ItemTree) throws -> ItemTreeRoot {
        try #require(ItemTreeRoot(count: tree.count, root: tree.root))
    }

    static func opening(_ nonce: UInt8 = 7) async throws -> (Statement, commissioning: Statement) {
        let (tree, key) = try tree()
        let commissioning = try await event(try root(tree))
        let activation = try #require(
            Activation(
                origin: StatementWorld.origin,
                commissioning: commissioning.leafHash,
                proof: try tree.proof(ofIndex: 0),
                nonce: [UInt8](repeating: nonce, count: Activation.nonceLength)
            )
        )
        let identity = try #require(ItemIdentity(text: item))
        let statement = try await Statement.activate(activation, of: identity, issuedAt: StatementWorld.time, with: key)
        return (statement, commissioning)
    }

    @Test func anOpeningHoldsAgainstTheEventThatItNames() async throws {
        let (opening, commissioning) = try await Self.opening()
        let claim = try ActivationClaim(opening)
        #expect(claim.item.text == Self.item && claim.commissioning == commissioning.leafHash)
        try claim.checkLedger(StatementWorld.origin)
        try claim.checkSignature(of: opening, checker: SodiumSignatureChecker())
        let items = try #require(CommissionedItems(of: commissioning))
        #expect(items.gtin == "09521101530018" && items.tree.count == 3)
        try claim.check(against: items)

        #expect(throws: ActivationError.otherLedger(found: StatementWorld.origin, origin: "x")) {
            try claim.checkLedger("x")
        }
        #expect(throws: ActivationError.noItems(commissioning.leafHash)) { try claim.check(against: nil) }
        let more = try #require(ItemTreeRoot(count: 4, root: items.tree.root))
        let other = try #require(CommissionedItems(of: try await Self.event(more)))
        #expect(throws: ActivationError.otherTree(commissioning.leafHash)) { try claim.check(against: other) }
    }

    @Test func theGoldenOpening() async throws {
        let (made, _) = try await Self.opening()
        let golden = try statementGolden("activation.cose", made: made.encoded)
        #expect(made.encoded == golden)
        let claim = try ActivationClaim(try Statement(decoding: golden))
        #expect(claim.item.text == Self.item)
    }

    @Test func onlyAnEventThatAddsItemsOfOneProductCommissions() async throws {
        let root = try Self.root(try Self.tree().tree)
        let second = QuantityElement(epcClass: Identifier("urn:epc:class:lgtin:9521101.053002.L1"))
        let same = QuantityElement(epcClass: Identifier("urn:epc:class:lgtin:9521101.053001.L2"))
        let changes: [(Bool, (inout EPCISEvent) -> Void)] = [
            (true, { _ in }), (true, { $0.quantityList?.append(same) }),
            (true, { $0.epcList = [Identifier("urn:epc:id:sgtin:9521101.053001.A1")] }),
            (false, { $0.items = nil }), (false, { $0.action = .observe }), (false, { $0.action = nil }),
            (false, { $0.kind = .transaction }), (false, { $0.quantityList = nil }), (false, { $0.quantityList = [] }),
            (false, { $0.quantityList?.append(second) }),
            (false, { $0.epcList = [Identifier("urn:epc:id:sscc:9521101.1234567890")] }),
            (false, { $0.epcList = [Identifier("urn:x:thing")] }),
        ]
        for (number, (isOne, change)) in changes.enumerated() {
            let statement = try await Self.event(root, change)
            #expect((CommissionedItems(of: statement) != nil) == isOne, "change \(number)")
        }
        let note = try await StatementWorld.statement(
            "x",
            ChainLink(sequence: 1, previous: root.root),
            StatementWorld.key(2)
        )
        #expect(CommissionedItems(of: note) == nil)
    }

    /// The look at the bytes never misses one, and passes over what is none.
    @Test func theQuickLookFindsEveryItemTree() async throws {
        for count: UInt64 in [1, 23, 24, 255, 256, 65_535, 65_536, ItemTreeRoot.maximumCount] {
            let statement = try await Self.event(ItemTreeRoot(count: count, root: SHA256.hash([1])))
            #expect(CommissionedItems.mayStand(in: statement.encoded[...]), "\(count)")
            // Inside a bundle, too.
            let bundle = [1, 2, 3] + statement.encoded + [4]
            #expect(CommissionedItems.mayStand(in: bundle[3..<3 + statement.encoded.count]))
        }
        #expect(!CommissionedItems.mayStand(in: try await Self.event(nil).encoded[...]))
        let (opening, commissioning) = try await Self.opening()
        #expect(!CommissionedItems.mayStand(in: opening.encoded[...]))
        for length in 0..<commissioning.encoded.count {
            _ = CommissionedItems.mayStand(in: commissioning.encoded.prefix(length))
        }
    }

    @Test func whatIsNoOpeningIsRefusedWithItsReason() async throws {
        let (opening, commissioning) = try await Self.opening()
        for statement in [commissioning] {
            let error = #expect(throws: ActivationError.self) { try ActivationClaim(statement) }
            #expect(error?.description.contains("kind event") == true)
        }
        var bytes = opening.encoded
        bytes[bytes.count - 1] ^= 1
        let forged = try Statement(decoding: bytes)
        let claim = try ActivationClaim(forged)
        #expect(throws: ActivationError.signature(claim.key)) {
            try claim.checkSignature(of: forged, checker: SodiumSignatureChecker())
        }
        // A key with a component of small order may verify, and is no key to stand in a ledger.
        #expect(throws: ActivationError.weakKey(claim.key)) {
            try claim.checkSignature(of: opening, checker: NoGoodPoint())
        }
    }

    @Test func aRecallIsAboutTheLotsAndProductsOfItsScopes() async throws {
        let recall = try Recall(
            identifier: "R-1",
            level: .second,
            scopes: [
                RecallScope(gtin: "09521101530018", lot: "L1"), RecallScope(gtin: "09521101530018", lot: "L2"),
                RecallScope(gtin: "09521101530025"),
            ],
            reason: "glass",
            instruction: "bring it back",
            opened: StatementWorld.time
        )
        let statement = try await Statement.sign(
            kind: .recall,
            payload: recall.encoded,
            issuer: StatementWorld.gln,
            subject: recall.subject,
            issuedAt: StatementWorld.time,
            chain: ChainLink(sequence: 1, previous: SHA256.hash([])),
            with: try StatementWorld.key(2)
        )
        #expect(
            SubjectMap.subjects(of: statement) == [
                "(01)09521101530018(10)L1", "(01)09521101530018", "(01)09521101530018(10)L2", "(01)09521101530025",
            ]
        )
        // One that cannot be read is about its sub.
        let words = try await StatementWorld.statement(
            "in words",
            ChainLink(sequence: 1, previous: SHA256.hash([])),
            StatementWorld.key(2),
            kind: .recall
        )
        #expect(SubjectMap.subjects(of: words) == [StatementWorld.subject])
    }
}

/// Finds every signature valid and no key a good point.
private struct NoGoodPoint: SignatureChecker {
    func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool { true }
    func isValidPoint(_ bytes: [UInt8]) -> Bool { false }
    func admits(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool { true }
}
