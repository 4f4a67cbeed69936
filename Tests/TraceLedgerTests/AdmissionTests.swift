import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

@Suite("What a ledger admits")
struct AdmissionTests {
    let world: LedgerWorld
    let ledger: Ledger

    init() async throws {
        world = try LedgerWorld()
        ledger = try await world.create()
    }

    /// The refusal of one statement, which must leave everything as it was.
    private func refusal(_ statements: Statement..., in other: Ledger? = nil) async throws -> LedgerError.RefusalReason?
    {
        let ledger = other ?? ledger
        let before = (await ledger.size, try world.journal())
        do {
            _ = try await ledger.append(statements)
            return nil
        } catch {
            #expect(await ledger.size == before.0)
            #expect(try world.journal() == before.1)
            guard case .refused(let position, let reason) = error else { throw error }
            #expect(position == statements.count - 1)
            return reason
        }
    }

    @Test func aDuplicateIsAnsweredWithTheEntryThatStands() async throws {
        let first = try await world.note("milk", in: ledger)
        #expect(try await ledger.append([first]).first?.isDuplicate == false)
        // The very same statement again, and the same payload signed again at the chain's next place.
        let again = try await ledger.append([first])
        #expect(again.map(\.index) == [1])
        #expect(again.map(\.isDuplicate) == [true])
        let resigned = try await world.note("milk", in: ledger)
        #expect(resigned != first)
        let answer = try await ledger.append([resigned])
        #expect(answer.map(\.index) == [1])
        #expect(answer.map(\.leafHash) == [first.leafHash])
        #expect(await ledger.size == 2)
        #expect(await ledger.standing(kind: .note, issuer: LedgerWorld.gln, payload: first.payload)?.index == 1)

        // Where it is wanted it goes in, and the first one still stands for it.
        #expect(try await ledger.append([resigned], allowDuplicates: true).map(\.index) == [2])
        #expect(try await ledger.append([resigned], allowDuplicates: true).map(\.isDuplicate) == [true])
        #expect(await ledger.standing(kind: .note, issuer: LedgerWorld.gln, payload: first.payload)?.index == 1)
    }

    @Test func anotherKindOrIssuerIsNoDuplicate() async throws {
        _ = try await ledger.append([world.note("milk", in: ledger)])
        let recall = try await world.note("milk", in: ledger, kind: .recall)
        #expect(try await ledger.append([recall]).map(\.isDuplicate) == [false])
        let other = try await world.note("milk", in: ledger, by: try LedgerWorld.key(3), issuer: "9521102000008")
        #expect(try await ledger.append([other]).map(\.isDuplicate) == [false])
    }

    @Test func duplicatesWithinOneCall() async throws {
        let first = try await world.note("milk", in: ledger)
        let link = ChainLink(sequence: 1, previous: first.leafHash)
        let same = try await world.note("milk", in: ledger, link: link)
        let cream = try await world.note("cream", in: ledger, link: link)
        let answers = try await ledger.append([first, first, same, cream])
        #expect(answers.map(\.index) == [1, 1, 1, 2])
        #expect(answers.map(\.isDuplicate) == [false, true, true, false])
        #expect(await ledger.size == 3)
    }

    @Test func oneBadStatementRefusesTheWholeCall() async throws {
        let good = try await world.note("milk", in: ledger)
        let gap = try await world.note("cream", in: ledger, link: ChainLink(sequence: 2, previous: good.leafHash))
        #expect(try await refusal(good, gap) == .chain(.gap(expected: 1, found: 2)))
        // What was refused has left nothing behind: the same statements go in when they are complete.
        #expect(await ledger.standing(kind: .note, issuer: LedgerWorld.gln, payload: good.payload) == nil)
        #expect(await ledger.nextLink(for: world.dairy.publicKey)?.sequence == 0)
        #expect(try await ledger.append([good]).map(\.index) == [1])
    }

    @Test func theChain() async throws {
        let notes = try await world.notes(["one", "two"], in: ledger)
        _ = try await ledger.append(notes)
        func link(_ sequence: UInt64, _ previous: Digest) -> ChainLink {
            ChainLink(sequence: sequence, previous: previous)
        }
        let gap = try await world.note("x", in: ledger, link: link(3, notes[1].leafHash))
        #expect(try await refusal(gap) == .chain(.gap(expected: 2, found: 3)))
        let fork = try await world.note("x", in: ledger, link: link(1, notes[0].leafHash))
        guard case .chain(.fork(sequence: 1, let head))? = try await refusal(fork) else {
            Issue.record("a fork was not refused as such")
            return
        }
        #expect(head.index == 2)
        let wrong = try await world.note("x", in: ledger, link: link(2, notes[0].leafHash))
        guard case .chain(.wrongPrevious(sequence: 2, found: notes[0].leafHash, _))? = try await refusal(wrong) else {
            Issue.record("a wrong previous entry was not refused as such")
            return
        }
        let stranger = try LedgerWorld.key(3)
        let unknown = try await world.note("x", in: ledger, by: stranger, link: link(1, notes[0].leafHash))
        #expect(try await refusal(unknown) == .chain(.unknownKey(KeyID(of: stranger.publicKey))))
    }

    @Test func aReplayFromAnotherLedgerOrOneMadeAgain() async throws {
        let elsewhere = try LedgerWorld()
        let other = try await elsewhere.create(nonce: 8)
        let replay = try await world.note("milk", in: other)
        guard case .chain(.otherLedger(let found, let genesis))? = try await refusal(replay) else {
            Issue.record("a replay was not refused as such")
            return
        }
        #expect(found != genesis)
    }

    @Test func signaturesAndKeys() async throws {
        let good = try await world.note("milk", in: ledger)
        var bytes = good.encoded
        bytes[bytes.count - 1] ^= 1
        #expect(try await refusal(try Statement(decoding: bytes)) == .signature(world.dairy.publicKey))
        // R of small order: refused before the verify is asked, so that every library agrees.
        let signature = [1] + [UInt8](repeating: 0, count: 63)
        let weakR = try Statement(decoding: good.encoded.dropLast(64) + signature)
        #expect(try await refusal(weakR) == .signature(world.dairy.publicKey))
        // The identity as a key, whose signature would be good over anything for a careless library.
        let weak = try WeakSigner()
        let link = try #require(await ledger.nextLink(for: weak.publicKey))
        let statement = try await Statement.sign(
            kind: .note,
            payload: [1],
            issuer: LedgerWorld.gln,
            subject: "s",
            issuedAt: 1,
            chain: link,
            with: weak
        )
        #expect(try await refusal(statement) == .weakKey(weak.publicKey))
        await #expect(throws: LedgerError.self) { try await LedgerWorld().create(signer: weak) }
    }

    @Test func kindsOfTheLedgerItself() async throws {
        let root = try await world.note("root", in: ledger, kind: .mapRoot)
        #expect(try await refusal(root) == .kind(.mapRoot))
        let genesis = try Statement(decoding: try await entry(0))
        // The one that stands is a duplicate; another one is refused.
        #expect(try await ledger.append([genesis]).map(\.index) == [0])
        let second = try await world.note("again", in: ledger, kind: .genesis)
        #expect(try await refusal(second) == .chain(.secondGenesis))
        let unknown = try await world.note("opaque", in: ledger, kind: StatementKind(rawValue: 65_099))
        #expect(try await refusal(unknown) == nil, "an unknown kind is kept")
    }

    private func entry(_ index: UInt64) async throws -> [UInt8] {
        let reader = try world.reader()
        return try await reader.entry(index, in: try await reader.checkpoint().checkpoint.head).bytes
    }

    @Test func theAdmissionList() async throws {
        let world = try LedgerWorld()
        let anyone = try LedgerWorld.key(3)
        let ledger = try await world.create(issuerKeys: [
            .init(issuer: LedgerWorld.gln, key: world.dairy.publicKey), .init(issuer: nil, key: anyone.publicKey),
        ])
        func reason(_ issuer: String, _ key: SigningKey) async throws -> String {
            let statement = try await world.note("\(issuer) \(key)", in: ledger, by: key, issuer: issuer)
            return await refused { try await ledger.append([statement]) }
        }
        #expect(try await reason(LedgerWorld.gln, world.dairy) == "accepted")
        #expect(try await reason("9521102000008", anyone) == "accepted")
        #expect(try await reason("9521102000008", world.dairy).contains("is not in the ledger's admission list"))
        #expect(
            try await reason(LedgerWorld.gln, try LedgerWorld.key(4)).contains("is not in the ledger's admission list")
        )
        // The ledger's own name and its own key go together, whatever the list says.
        #expect(try await reason(LedgerWorld.origin, anyone).contains("is not in the ledger's admission list"))
        #expect(try await reason(LedgerWorld.gln, world.ledgerKey).contains("is not in the ledger's admission list"))
        #expect(try await reason(LedgerWorld.origin, world.ledgerKey) == "accepted")
        #expect(ledger.information.issuerKeys.count == 2)
        let read = try await LedgerReader.information(world.source)
        #expect(read == ledger.information)
    }
}

/// The identity point as a key, with the signature that careless libraries accept.
struct WeakSigner: Signer {
    let publicKey: PublicKey

    init() throws {
        guard let key = PublicKey([1] + [UInt8](repeating: 0, count: 31)) else { throw Falsified("no key") }
        publicKey = key
    }

    func signature(for message: [UInt8]) async throws -> Signature {
        guard let signature = Signature([1] + [UInt8](repeating: 0, count: 63)) else { throw Falsified("none") }
        return signature
    }
}
