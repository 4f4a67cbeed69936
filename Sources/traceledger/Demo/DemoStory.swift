import ArgumentParser
import EPCIS
import Foundation
import GS1
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// One event of the can's story, with the entry that holds it.
struct DemoStep: Sendable {
    let enterprise: DemoEnterprise
    let index: UInt64
    let event: EPCISEvent
    var proofPath = ""

    /// What happened, in a few words.
    var summary: String {
        let step = event.bizStep?.text.replacing("_", with: " ") ?? "\(event.kind)"
        let correction = event.errorDeclaration == nil ? "" : " (declared wrong afterwards)"
        return "\(event.eventTime.text.prefix(16).replacing("T", with: " "))  \(Demo.pad(step + correction, 42))"
            + "  \(enterprise.name)"
    }
}

extension DemoCommand {
    /// Finds every event of the can's story in the three ledgers, proves each to be logged, and verifies each proof file
    /// as a stranger would, with nothing but the policy and the registry's pack.
    func tellStory(
        _ enterprises: [DemoEnterprise],
        _ registry: DemoRegistry,
        anchors: TrustAnchors,
        root: String
    ) async throws -> [DemoStep] {
        print("4  The story of one can, \(DemoCommand.can), from raw milk to the till")
        let checker = SodiumSignatureChecker()
        var story = DemoStory.follow(DemoCommand.can, in: try await DemoStory.events(of: enterprises))
        try FileManager.default.createDirectory(atPath: "\(root)/proofs", withIntermediateDirectories: true)
        let verifier = Verifier(anchors: anchors, checker: checker)
        var proved = ContinuousClock.now - ContinuousClock.now
        var proofBytes = 0
        var good = 0
        for number in story.indices {
            let step = story[number]
            let reader = LedgerReader(
                DirectorySource(step.enterprise.directory),
                key: step.enterprise.ledger.information.key,
                checker: checker
            )
            let started = ContinuousClock.now
            let checkpoint = try await reader.checkpoint()
            let entry = try await reader.entry(step.index, in: checkpoint.checkpoint.head)
            let proof = try TLogProof(
                extra: entry.bytes,
                index: step.index,
                path: entry.proof.path,
                checkpoint: try await registry.cosigned(checkpoint, at: DemoEnterprise.now)
            )
            story[number].proofPath = "proofs/\(number + 1)-\(step.enterprise.folder)-\(step.index).tlog-proof"
            let file = URL(filePath: "\(root)/\(story[number].proofPath)")
            try Data(proof.bytes).write(to: file)
            let report = verifier.verify(try Evidence(decoding: [UInt8](try Data(contentsOf: file))))
            proved += ContinuousClock.now - started
            proofBytes += proof.bytes.count
            if report.verdict == .issuedAndLogged { good += 1 }
            print("   \(step.summary): \(report.verdict.name)")
        }
        print(
            "\n5  \(good) of \(story.count) proofs verify, each from one file of \(Demo.bytes(proofBytes / max(1, story.count)))"
                + " on average, in \(Demo.seconds(proved)) with making them"
        )
        print("   \(Verdict.issuedAndLogged.meaning.english)")
        print("   \(Verdict.issuedAndLogged.meaning.chinese)\n")
        guard good == story.count, !story.isEmpty else { throw ValidationError("the demo's own proofs do not verify") }
        return story
    }
}

/// Finds what belongs to one item: the demo's small stand-in for a trace, along containers and transformations.
enum DemoStory {
    /// Every event of every ledger, read and decoded from the entries.
    static func events(of enterprises: [DemoEnterprise]) async throws -> [DemoStep] {
        var steps: [DemoStep] = []
        for enterprise in enterprises {
            let reader = LedgerReader(
                DirectorySource(enterprise.directory),
                key: enterprise.ledger.information.key,
                checker: SodiumSignatureChecker()
            )
            let head = try await reader.checkpoint().checkpoint.head
            for index in 0..<head.size {
                let statement = try Statement(decoding: try await reader.entry(index, in: head).bytes)
                guard statement.header.kind == .event else { continue }
                steps.append(
                    DemoStep(enterprise: enterprise, index: index, event: try EPCISEvent(payload: statement.payload))
                )
            }
        }
        return steps
    }

    /// The steps that mention the item, what it was made of, or what it was packed in, in the order of event time.
    static func follow(_ item: String, in steps: [DemoStep]) -> [DemoStep] {
        var followed: Set<String> = [item]
        var size = 0
        while size < followed.count {
            size = followed.count
            for event in steps.map(\.event) {
                if !followed.isDisjoint(with: keys(event.outputEPCList, event.outputQuantityList)) {
                    followed.formUnion(keys(event.inputEPCList, event.inputQuantityList))
                }
                if let parent = event.parentID, event.kind == .aggregation,
                    !followed.isDisjoint(with: keys(event.childEPCs, event.childQuantityList))
                {
                    followed.insert(key(parent))
                }
                followed.formUnion(lots(of: event, among: followed))
            }
        }
        return steps.filter { step in
            let event = step.event
            let named =
                keys(event.epcList, event.quantityList) + keys(event.childEPCs, event.childQuantityList)
                + keys(event.outputEPCList, event.outputQuantityList) + (event.parentID.map { [key($0)] } ?? [])
            return !followed.isDisjoint(with: named)
        }.sorted { $0.event.eventTime.milliseconds < $1.event.eventTime.milliseconds }
    }

    /// The lots that a commissioning event of followed serials names in its ILMD.
    private static func lots(of event: EPCISEvent, among followed: Set<String>) -> [String] {
        guard case .text(let lot)? = event.ilmd?.first(where: { $0.name.hasSuffix(":lotNumber") })?.value else {
            return []
        }
        return (event.epcList ?? []).filter { followed.contains(key($0)) }.compactMap { item in
            guard let product = item.elements.first(where: { $0.ai == 1 }) else { return nil }
            return ElementString([product, Element(ai: 10, value: lot)])?.text
        }
    }

    private static func keys(_ items: [Identifier]?, _ quantities: [QuantityElement]?) -> [String] {
        (items ?? []).map(key) + (quantities ?? []).map { key($0.epcClass) }
    }

    private static func key(_ identifier: Identifier) -> String { identifier.elementString ?? identifier.text }
}
