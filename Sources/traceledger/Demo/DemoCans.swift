import ArgumentParser
import EPCIS
import Foundation
import GS1
import QRReader
import TraceLabels
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

extension DemoCommand {
    /// The last act: a lot of cans gets codes, outside and under the seal, in one entry; one can is scanned, opened and
    /// activated, and its copy shows that it is one.
    func sealCans(_ enterprise: DemoEnterprise, _ registry: DemoRegistry, root: String) async throws {
        let count = 10_000
        print("8  A code on each can, and one under its seal")
        let started = ContinuousClock.now
        let lot = try DemoLot(count: count)
        let stamps = try lot.stamps(signedBy: enterprise.key)
        print(
            "   \(count) codes are signed in \(Demo.seconds(ContinuousClock.now - started)); the first is \(stamps[0].utf8.count) characters:"
        )
        print("   \(stamps[0])")
        let (index, secret, keys) = try await commit(lot, enterprise)
        let entry = try DemoCommand.entry(index, of: enterprise)
        print(
            "   One entry of \(Demo.bytes(entry.encoded.count)) commissions all \(count), hidden codes included, in "
                + "\(Demo.seconds(ContinuousClock.now - started)) with the codes"
        )
        let logged = try await prove(index, enterprise, registry)
        let pack = try BatchPack(logged, secret: secret, serials: lot.seeds.items.map(\.serial), keys: keys)
        let bytes = try pack.encoded()
        try Data(bytes).write(to: URL(filePath: "\(root)/cans.pack"))
        print("   A shop's pack with all of them has \(Demo.bytes(bytes.count)), \(bytes.count / count) a can")

        let item = lot.seeds.items[4711]
        let stamp = try scan(stamps[4711], root: root)
        let verifier = Verifier(
            anchors: try await registry.anchors(at: DemoEnterprise.now),
            checker: SodiumSignatureChecker(),
            now: DemoEnterprise.now
        )
        print("   Somebody photographs a can: \(stamp.elementString)")
        try expect(verifier.verify(stamp), .issued, "the code alone; whoever photographs it has the same")
        let proof = LoggedItem(try pack.tree().proof(ofIndex: 4711), of: logged)
        try Data(try proof.encoded()).write(to: URL(filePath: "\(root)/can.proof"))
        var evidence = ItemEvidence(items: [proof])
        try expect(verifier.verify(stamp, with: evidence), .issuedAndLogged, "with the can's proof, and no network")
        let wrong = lot.seeds.items[4712]
        evidence.secretKey = try SigningKey.item(seed: wrong.seed, identity: lot.identity(of: item).text).publicKey
        try expect(verifier.verify(stamp, with: evidence), .forged, "the hidden code of another can under this one's seal")
        let key = try SigningKey.item(seed: item.seed, identity: lot.identity(of: item).text)
        evidence.secretKey = key.publicKey
        try expect(verifier.verify(stamp, with: evidence), .secretMatches, "the buyer opens it: the code under the seal")
        let opened = try await activate(lot.identity(of: item), proof, key, enterprise)
        evidence.histories = [try await history(of: lot.identity(of: item), enterprise, registry)]
        evidence.ownActivation = opened
        try expect(verifier.verify(stamp, with: evidence), .secretMatches, "the opening is recorded, the first one")
        // Whoever sells the copy has outside and inside of one can, a thousand times.
        evidence.ownActivation = nil
        let copy = verifier.verify(stamp, with: evidence)
        try expect(copy, .alreadyActivated, "its copy, both codes copied, is opened by the next buyer")
        print("   \(copy.verdict.meaning.english)\n   \(copy.verdict.meaning.chinese)\n")
    }

    private func expect(_ report: ItemReport, _ verdict: Verdict, _ what: String) throws {
        print("   \(Demo.pad(report.verdict.name, 16)) \(what)")
        guard report.verdict == verdict else {
            throw ValidationError("the demo expected \(verdict.name): \(report.report.reason)")
        }
    }

    private static func entry(_ index: UInt64, of enterprise: DemoEnterprise) throws -> Statement {
        guard let bytes = enterprise.ledger.entry(index) else { throw ValidationError("entry \(index) is not there") }
        return try Statement(decoding: bytes)
    }

    private func commit(
        _ lot: DemoLot,
        _ enterprise: DemoEnterprise
    ) async throws -> (index: UInt64, secret: [UInt8], keys: [PublicKey]) {
        let maker = try BatchMaker(lot.seeds)
        let keys = try await maker.keys()
        let secret = RandomBytes.make(BatchPack.secretLength)
        let tree = try await maker.tree(keys, secret: secret)
        var gate: ValidationGate?
        let json = try maker.eventJSON(now: Time.text(DemoEnterprise.now))
        let event = try maker.event(json, tree, named: "the lot", gate: &gate)
        let appended = try await enterprise.ledger.issue(
            [Ledger.Draft(payload: try event.payload(), subject: event.subject)],
            issuer: enterprise.gln,
            issuedAt: DemoEnterprise.now,
            with: enterprise.key,
            until: .published
        )
        guard let entry = appended.first else { throw ValidationError("the lot was not appended") }
        return (entry.index, secret, keys)
    }

    private func reader(_ enterprise: DemoEnterprise) -> LedgerReader {
        LedgerReader(
            DirectorySource(enterprise.directory),
            key: enterprise.ledger.information.key,
            checker: SodiumSignatureChecker()
        )
    }

    private func prove(
        _ index: UInt64,
        _ enterprise: DemoEnterprise,
        _ registry: DemoRegistry
    ) async throws -> LoggedBatch {
        let reader = reader(enterprise)
        let checkpoint = try await registry.cosigned(try await reader.checkpoint(), at: DemoEnterprise.now)
        let (receipt, entry) = try await EntryProver(reader: reader, checkpoint: checkpoint).receipt(index)
        let statement = try Statement(decoding: entry)
        return try LoggedBatch(TransparentStatement(statement, receipts: [receipt]), checkpoint: checkpoint)
    }

    /// Draws the code, and reads it from the picture.
    private func scan(_ text: String, root: String) throws -> Stamp {
        let png = try QRSymbol(text).picture().png
        try Data(png).write(to: URL(filePath: "\(root)/can.png"))
        guard let code = QRReader.read(try GreyImage(file: png)).first else {
            throw ValidationError("the demo's own picture cannot be read")
        }
        return try Stamp(parsing: code.text)
    }

    private func activate(
        _ item: ItemIdentity,
        _ proof: LoggedItem,
        _ key: SigningKey,
        _ enterprise: DemoEnterprise
    ) async throws -> Digest {
        guard
            let activation = Activation(
                origin: proof.batch.origin,
                commissioning: proof.batch.statement.leafHash,
                proof: proof.proof,
                nonce: RandomBytes.make(Activation.nonceLength)
            )
        else { throw ValidationError("the can has no hidden code") }
        let statement = try await Statement.activate(activation, of: item, issuedAt: DemoEnterprise.now, with: key)
        _ = try await enterprise.ledger.append([statement], until: .published)
        return statement.leafHash
    }

    private func history(
        of item: ItemIdentity,
        _ enterprise: DemoEnterprise,
        _ registry: DemoRegistry
    ) async throws -> SubjectProof {
        try await enterprise.ledger.logMapRoot()
        _ = try await enterprise.ledger.publish()
        let reader = reader(enterprise)
        let checkpoint = try await registry.cosigned(try await reader.checkpoint(), at: DemoEnterprise.now)
        return try await reader.subjectProof(of: item.text, at: checkpoint)
    }
}

/// The lot of the demo.
private struct DemoLot {
    let seeds: SeedsFile

    /// So many cans of the product whose story was told.
    init(count: Int) throws {
        let serials = RandomSerials()
        seeds = SeedsFile(
            name: "the lot",
            common: [
                Element(ai: 1, value: "09521102003016"), Element(ai: 10, value: "CG2611"),
                Element(ai: 17, value: "280200"),
            ],
            items: (0..<count).map { _ in
                SeedsFile.Item(serial: serials.next(), seed: RandomBytes.make(HiddenCode.seedLength))
            }
        )
    }

    func identity(of item: SeedsFile.Item) throws -> ItemIdentity {
        try ItemIdentity(gtin: seeds.common[0].value, serial: item.serial)
    }

    func stamps(signedBy key: SigningKey) throws -> [String] {
        let series = try StampSeries(seeds.common, host: "q.chenguang.example")
        let messages = try seeds.items.map { try series.message(serial: $0.serial) }
        let keyID = KeyID(of: key.publicKey)
        return try zip(seeds.items, key.signatures(for: messages)).map {
            try series.uri(serial: $0.serial, keyID: keyID, signature: $1)
        }
    }
}
