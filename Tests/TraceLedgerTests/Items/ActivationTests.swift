import EPCIS
import GS1
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

@testable import TraceLedger

/// What a ledger admits of those who open packs: anybody's activation of an item that it committed itself, and nothing else.
@Suite("Activations")
struct ActivationTests {
    let world: LedgerWorld
    let ledger: Ledger
    let batch: ItemBatch
    let commissioned: Statement

    init() async throws {
        (world, batch) = (try LedgerWorld(), try ItemBatch(5))
        ledger = try await world.create()
        commissioned = try await batch.commission(in: ledger, by: world)
        _ = try await ledger.append([commissioned])
    }

    /// Why a statement is not admitted; it must leave everything as it was.
    private func refusal(_ statement: Statement) async throws -> ActivationError? {
        let size = await ledger.size
        do {
            _ = try await ledger.append([statement])
            return nil
        } catch {
            #expect(await ledger.size == size)
            guard case .refused(position: 0, reason: .activation(let reason)) = error else { throw error }
            return reason
        }
    }

    @Test func aCanIsOpenedAndTheLedgerRemembers() async throws {
        let opening = try await batch.opening(of: 3, commissioned: commissioned.leafHash)
        let answer = try await ledger.append([opening])
        #expect(answer.map(\.index) == [2] && answer.map(\.isDuplicate) == [false])

        // Opened again, by whoever has the code: another entry, behind the first.
        let again = try await batch.opening(of: 3, commissioned: commissioned.leafHash, nonce: 2)
        #expect(try await ledger.append([again]).map(\.index) == [3])
        #expect(try await ledger.firstActivation(of: ItemBatch.identity(3)) == 2)
        #expect(try await ledger.firstActivation(of: ItemBatch.identity(4)) == nil)

        try await ledger.logMapRoot()
        let reader = try world.reader()
        let about = try await reader.subjectProof(of: "(01)09521101530018(21)C3", at: try await reader.checkpoint())
        #expect(about.entries.map(\.index) == [2, 3])
        #expect(try await world.fsck().isSound)
    }

    @Test func theSameBytesAgainAreTheEntryThatStands() async throws {
        let opening = try await batch.opening(of: 0, commissioned: commissioned.leafHash)
        _ = try await ledger.append([opening])
        #expect(try await ledger.append([opening]).map(\.isDuplicate) == [true])
        // The same payload under another time is the same opening.
        let later = try await batch.opening(of: 0, commissioned: commissioned.leafHash, at: LedgerWorld.time + 1)
        #expect(
            try await ledger.append([later]) == [
                Ledger.Appended(index: 2, leafHash: opening.leafHash, isDuplicate: true)
            ]
        )
        #expect(await ledger.size == 3)
    }

    @Test func aBatchMayBringItsEventWithIt() async throws {
        let other = try ItemBatch(3, lot: 2)
        let event = try await other.commission(in: ledger, by: world)
        let proof = try other.tree.proof(ofIndex: 1)
        let opening = try await ItemBatch.statement(
            try ItemBatch.activation(proof, commissioned: event.leafHash),
            subject: try ItemBatch.identity(1).text,
            by: try ItemBatch.key(1, 2)
        )
        // Behind its event, not in front of it; and all or none.
        await expectRefusal("\(ActivationError.noEntry(event.leafHash))") { try await ledger.append([opening, event]) }
        let first = try await batch.opening(of: 1, commissioned: commissioned.leafHash)
        #expect(try await ledger.append([first, event, opening]).map(\.index) == [2, 3, 4])
        #expect(try await ledger.publish().checkpoint.head.size == 5)
        #expect(try await world.fsck().isSound)
    }

    @Test func itIsForOneLedger() async throws {
        let leaf = commissioned.leafHash
        let elsewhere = try await batch.opening(of: 0, commissioned: leaf, origin: "example.com/other")
        #expect(try await refusal(elsewhere) == .otherLedger(found: "example.com/other", origin: LedgerWorld.origin))
        // A ledger made again under the same origin has another genesis, so other leaf hashes.
        let again = try LedgerWorld()
        let other = try await again.create(nonce: 8)
        let opening = try await batch.opening(of: 0, commissioned: leaf)
        await expectRefusal("statement 0: \(ActivationError.noEntry(leaf))") { try await other.append([opening]) }
    }

    @Test func alteredProofs() async throws {
        let proof = try batch.tree.proof(ofIndex: 2)
        let key = try ItemBatch.key(2)
        let leaf = commissioned.leafHash
        func refusal(_ proof: ItemProof) async throws -> ActivationError? {
            let payload = try ItemBatch.activation(proof, commissioned: leaf)
            let subject = try ItemBatch.identity(2).text
            return try await self.refusal(try await ItemBatch.statement(payload, subject: subject, by: key))
        }
        func with(index: UInt64? = nil, count: UInt64? = nil, leaf: ItemLeaf? = nil, path: [Digest]? = nil) -> ItemProof
        {
            ItemProof(
                index: index ?? proof.index,
                count: count ?? proof.count,
                leaf: leaf ?? proof.leaf,
                path: path ?? proof.path
            )
        }
        #expect(try await refusal(with(index: 3)) == .otherTree(leaf))
        #expect(try await refusal(with(path: proof.path.reversed())) == .otherTree(leaf))
        let salted = try ItemLeaf(
            serial: proof.leaf.serial,
            key: proof.leaf.key,
            salt: [UInt8](repeating: 0, count: 16)
        )
        #expect(try await refusal(with(leaf: salted)) == .otherTree(leaf))
        #expect(try await refusal(with(count: 6)) == .otherTree(leaf), "the count is of the event, too")
        #expect(try await refusal(with(path: Array(proof.path.dropLast()))) == .proof)
        #expect(try await refusal(with(path: proof.path + [leaf])) == .proof)
        #expect(try await refusal(with(path: [])) == .proof)
        #expect(try await refusal(proof) == nil)
    }

    @Test func aStrangersKeyInAStrangersTree() async throws {
        // He has a good proof of an item of his own, and no event of this ledger leads to it.
        let stranger = try ItemBatch(5, lot: 9)
        let payload = try ItemBatch.activation(stranger.tree.proof(ofIndex: 0), commissioned: commissioned.leafHash)
        let opening = try await ItemBatch.statement(payload, by: try ItemBatch.key(0, 9))
        #expect(try await refusal(opening) == .otherTree(commissioned.leafHash))
    }

    @Test func theSignatureIsTheItemsOwn() async throws {
        let key = try ItemBatch.key(0)
        let good = try await batch.opening(of: 0, commissioned: commissioned.leafHash)
        var bytes = good.encoded
        bytes[bytes.count - 1] ^= 1
        #expect(try await refusal(try Statement(decoding: bytes)) == .signature(key.publicKey))
        // Somebody who has the proof, which is no secret, and not the code.
        let forged = try await Statement.sign(
            kind: .activation,
            payload: good.payload,
            issuer: good.header.issuer,
            subject: good.header.subject,
            issuedAt: LedgerWorld.time,
            chain: nil,
            with: BorrowedName(publicKey: key.publicKey, key: try ItemBatch.key(1))
        )
        #expect(try await refusal(forged) == .signature(key.publicKey))
        // R of small order.
        let weakR = try Statement(decoding: good.encoded.dropLast(64) + [1] + [UInt8](repeating: 0, count: 63))
        #expect(try await refusal(weakR) == .signature(key.publicKey))
        #expect(try await refusal(good) == nil)
    }

    @Test func aWeakKeyOpensNothing() async throws {
        let weak = try WeakSigner()
        let tree = try ItemTree([
            ItemLeaf(serial: "C0", key: weak.publicKey, salt: [UInt8](repeating: 1, count: 16))
        ])
        let event = try await batch.commission(in: ledger, by: world) {
            $0.items = ItemTreeRoot(count: 1, root: tree.root)
        }
        _ = try await ledger.append([event])
        let payload = try ItemBatch.activation(tree.proof(ofIndex: 0), commissioned: event.leafHash)
        #expect(try await refusal(try await ItemBatch.statement(payload, by: weak)) == .signature(weak.publicKey))
    }

    @Test func theItemIsTheOneInSub() async throws {
        let leaf = commissioned.leafHash
        let payload = try ItemBatch.activation(batch.tree.proof(ofIndex: 0), commissioned: leaf)
        let key = try ItemBatch.key(0)
        func refusal(_ subject: String, issuer: String? = nil) async throws -> ActivationError? {
            try await self.refusal(try await ItemBatch.statement(payload, issuer: issuer, subject: subject, by: key))
        }
        let other = try ItemBatch.identity(0, gtin: ItemBatch.otherGTIN)
        #expect(try await refusal(other.text) == .otherProduct(other, gtin: ItemBatch.gtin))
        for subject in ["(01)09521101530018(21)C1", "(01)09521101530018", "(01)9521101530018(21)C0", "C0", "(21)C0"] {
            guard case .malformed = try await refusal(subject) else {
                Issue.record("\(subject) was not refused as such")
                return
            }
        }
        for issuer in [LedgerWorld.gln, "item:", Activation.issuer(try ItemBatch.key(1).publicKey)] {
            guard case .malformed = try await refusal("(01)09521101530018(21)C0", issuer: issuer) else {
                Issue.record("\(issuer) was not refused as such")
                return
            }
        }
    }

    @Test func anItemWithoutACodeCannotBeOpened() async throws {
        let plain = try ItemBatch(2, keyless: [0])
        let event = try await plain.commission(in: ledger, by: world)
        _ = try await ledger.append([event])
        let proof = try plain.tree.proof(ofIndex: 0)
        #expect(Activation(origin: "x", commissioning: event.leafHash, proof: proof, nonce: Array(0..<16)) == nil)
        // Written by hand, under anybody's key.
        let payload = CBORValue.map([
            .init(.integer(1), .text(LedgerWorld.origin)), .init(.integer(2), .bytes(event.leafHash.bytes)),
            .init(.integer(3), try CBORValue(decoding: proof.encoded)),
            .init(.integer(4), .bytes([UInt8](repeating: 1, count: 16))),
        ]).encoded()
        guard
            case .malformed(let error) = try await refusal(
                try await ItemBatch.statement(payload, by: try LedgerWorld.key(9))
            )
        else {
            Issue.record("it was not refused as such")
            return
        }
        #expect(error.reason.contains("no key"))
    }

    @Test func theEntryThatIsNamedCommissionsThem() async throws {
        let (proof, key) = (try batch.tree.proof(ofIndex: 0), try ItemBatch.key(0))
        func refusal(_ leaf: Digest) async throws -> ActivationError? {
            let payload = try ItemBatch.activation(proof, commissioned: leaf)
            return try await self.refusal(try await ItemBatch.statement(payload, by: key))
        }
        let unknown = SHA256.hash([1])
        #expect(try await refusal(unknown) == .noEntry(unknown))
        let note = try await world.note("milk", in: ledger)
        _ = try await ledger.append([note])
        #expect(try await refusal(note.leafHash) == .noItems(note.leafHash))

        let changes: [(inout EPCISEvent) -> Void] = [
            { $0.items = nil }, { $0.action = .observe }, { $0.kind = .aggregation }, { $0.quantityList = nil },
            { $0.quantityList = [QuantityElement(epcClass: Identifier("https://id.gs1.org/00/095211010000000016"))] },
            {
                $0.quantityList?.append(
                    QuantityElement(epcClass: Identifier("https://id.gs1.org/01/\(ItemBatch.otherGTIN)/10/L1"))
                )
            },
        ]
        for (number, change) in changes.enumerated() {
            let event = try await batch.commission(in: ledger, by: world, change)
            _ = try await ledger.append([event])
            #expect(try await refusal(event.leafHash) == .noItems(event.leafHash), "change \(number)")
        }
        // Another batch of the same product.
        let other = try await ItemBatch(4, lot: 3).commission(in: ledger, by: world)
        _ = try await ledger.append([other])
        #expect(try await refusal(other.leafHash) == .otherTree(other.leafHash))
        // A second event about the same batch is as good as the first.
        let again = try await batch.commission(in: ledger, by: world) { $0.disposition = Term("active") }
        _ = try await ledger.append([again])
        #expect(try await refusal(again.leafHash) == nil)
    }

    @Test func garbageUpToTheLargestEntry() async throws {
        let key = try LedgerWorld.key(9)
        for payload: [UInt8] in [
            [], [1], [0xA0], [UInt8](repeating: 0xFF, count: 64_000), [UInt8](repeating: 0, count: 65_000),
        ] {
            guard case .malformed = try await refusal(try await ItemBatch.statement(payload, by: key)) else {
                Issue.record("\(payload.count) bytes were not refused as such")
                return
            }
        }
    }

    @Test func aChangedBitOfAnOpeningIsNoOpening() async throws {
        let opening = try await batch.opening(of: 4, commissioned: commissioned.leafHash)
        await forAllInTurn(150) { random in
            var bytes = opening.encoded
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            guard let changed = try? Statement(decoding: bytes) else { return }
            let size = await ledger.size
            do {
                _ = try await ledger.append([changed])
                throw Falsified("\(Hex.encode(bytes)) was admitted")
            } catch is LedgerError {}
            try check(await ledger.size == size, "an entry came in")
        }
    }

    /// Whoever the ledger admits otherwise, it admits openings, and it admits nobody else for that.
    @Test func listsOfIssuersHaveNoSayInIt() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create(issuerKeys: [
            .init(issuer: LedgerWorld.gln, key: world.dairy.publicKey)
        ])
        let event = try await batch.commission(in: ledger, by: world)
        _ = try await ledger.append([event])
        let opening = try await batch.opening(of: 0, commissioned: event.leafHash)
        #expect(try await ledger.append([opening]).map(\.index) == [2])
        let key = try ItemBatch.key(0)
        let note = try await world.note("x", in: ledger, by: key, issuer: Activation.issuer(key.publicKey))
        await expectRefusal("is not in the ledger's admission list") { try await ledger.append([note]) }
    }

    // MARK: Where the entry is found

    /// In memory, published, in the index on disk, and after an opening: the answer is the same.
    @Test func theEntryIsFoundWhereverItStands() async throws {
        let world = try LedgerWorld()
        var configuration = LedgerWorld.onlyWhenAsked
        configuration.limits.unindexed = 4
        configuration.limits.unindexedAtRest = 1
        var ledger = try await world.create(configuration: configuration)
        let event = try await batch.commission(in: ledger, by: world)
        _ = try await ledger.append([event])
        for round in 0..<5 {
            let opening = try await batch.opening(of: round, commissioned: event.leafHash)
            let index = try #require(try await ledger.append([opening]).first?.index)
            for _ in 0..<2 {
                let again = try await batch.opening(of: round, commissioned: event.leafHash, nonce: 2)
                _ = try await ledger.append([again])
                #expect(try await ledger.firstActivation(of: ItemBatch.identity(round)) == index)
            }
            #expect(try await ledger.firstActivation(of: ItemBatch.identity(0)) == 2)
            _ = try await ledger.append(try await world.notes((0..<3).map { "\(round) \($0)" }, in: ledger))
            if round.isMultiple(of: 2) { _ = try await ledger.publish() }
            if round == 3 {
                try await ledger.close()
                ledger = try await world.open(configuration: configuration)
            }
        }
        try await ledger.close()
        #expect(try await world.fsck().isSound)
    }

    /// What does not hold by itself is refused before anything is read: here nothing could be.
    @Test func guessesReadNothingFromDisk() async throws {
        let world = try LedgerWorld()
        var configuration = LedgerWorld.onlyWhenAsked
        configuration.limits.unindexedAtRest = 1
        let made = try await world.create(configuration: configuration)
        let event = try await batch.commission(in: made, by: world)
        _ = try await made.append([event])
        try await made.close()

        let ledger = try await world.open(configuration: configuration)
        let bundle = try world.files().filter { $0.hasPrefix("tile/entries/") }
        let kept = try bundle.map { try world.bytes($0) }
        for file in bundle { try world.remove(file) }
        let good = try await batch.opening(of: 0, commissioned: event.leafHash)
        var bytes = good.encoded
        bytes[bytes.count - 1] ^= 1
        let guess = try Statement(decoding: bytes)
        await expectRefusal("the signature is not that of the item key") { try await ledger.append([guess]) }
        // One that holds by itself has its entry read, and where that cannot be the writer goes on.
        await expectRefusal("cannot be read") { try await ledger.append([good]) }
        for (file, bytes) in zip(bundle, kept) { try world.write(bytes, file) }
        #expect(try await ledger.append([good]).map(\.index) == [2])
        // Once read it is remembered.
        for file in bundle { try world.remove(file) }
        let next = try await batch.opening(of: 1, commissioned: event.leafHash)
        #expect(try await ledger.append([next]).map(\.index) == [3])
    }

    @Test func whatIsRememberedIsBounded() {
        let cache = CommissionedCache()
        for number in 0..<5000 { cache.insert(nil, for: SHA256.hash(Array("\(number)".utf8))) }
        let last = SHA256.hash(Array("4999".utf8))
        #expect(cache[last] == .some(nil))
        #expect(cache[SHA256.hash(Array("0".utf8))] == nil)
    }

    @Test func manyGuessesInAMoment() async throws {
        let key = try ItemBatch.key(0)
        var guesses: [Statement] = []
        let good = try await batch.opening(of: 0, commissioned: commissioned.leafHash)
        for number in 0..<500 {
            var bytes = good.encoded
            bytes[bytes.count - 64 + number % 32] ^= UInt8(truncatingIfNeeded: 1 + number / 32)
            guesses.append(try Statement(decoding: bytes))
        }
        let clock = ContinuousClock()
        var refusals = 0
        let time = await clock.measure {
            for guess in guesses {
                do { _ = try await ledger.append([guess]) } catch { refusals += 1 }
            }
        }
        print("activations: 500 guesses refused in \(time)")
        #expect(refusals == 500 && key.publicKey == good.header.issuerKey)
    }
}

extension StatementHeader {
    /// The key that `iss` of an activation names.
    fileprivate var issuerKey: PublicKey? {
        Hex.decode(Substring(issuer).dropFirst(Activation.issuerScheme.count).utf8).flatMap { PublicKey($0) }
    }
}

/// Signs with one key in the name of another.
private struct BorrowedName: Signer {
    let publicKey: PublicKey
    let key: SigningKey

    func signature(for message: [UInt8]) async throws -> Signature { key.signature(for: message) }
}
