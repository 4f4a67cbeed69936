import ArgumentParser
import EPCIS
import EPCISJSON
import Foundation
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

extension DemoCommand {
    /// Somebody with access to the disk changes one bit of one stored record: shows which checks catch it, and mends it.
    func forge(_ story: [DemoStep], anchors: TrustAnchors) async throws {
        let checker = SodiumSignatureChecker()
        for step in story {
            let reader = LedgerReader(
                DirectorySource(step.enterprise.directory),
                key: step.enterprise.ledger.information.key,
                checker: checker
            )
            let head = try await reader.checkpoint().checkpoint.head
            let original = try Statement(decoding: try await reader.entry(step.index, in: head).bytes)
            guard let forgery = DemoForgery(of: original, event: step.event),
                let bundle = BundleCoordinate(holding: step.index, treeSize: head.size)
            else { continue }
            let file = URL(filePath: "\(step.enterprise.directory)/\(bundle.path)")
            let stored = try Data(contentsOf: file)
            guard let place = stored.firstRange(of: Data(original.encoded)) else { continue }

            print(
                "6  Somebody flips one bit on the disk of \(step.enterprise.name): entry \(step.index) in \(bundle.path)"
            )
            print("   The record now says \(forgery.now) where \(forgery.before) was signed.")
            var forged = stored
            forged.replaceSubrange(place, with: forgery.statement.encoded)
            try forged.write(to: file)
            defer { try? stored.write(to: file) }

            let verdict = Verifier(anchors: anchors, checker: checker).verify(.statements([forgery.statement]))
            for failed in verdict.steps where !failed.passed {
                print("   verify   \(failed.name): does not hold; verdict \(verdict.verdict.name)")
            }
            do {
                _ = try await reader.entry(step.index, in: head)
                print("   prove    made a proof of the forged record, which it must not")
            } catch { print("   prove    refuses: \(error)") }
            let report = await Fsck.run(
                DirectorySource(step.enterprise.directory),
                key: reader.key,
                depth: .statements,
                checker: checker
            )
            for finding in report.findings {
                print("   fsck     \(finding.file), entry \(finding.index ?? 0): \(finding.reason)")
            }
            guard verdict.verdict == .forged, !report.isSound else {
                throw ValidationError("the forgery went unnoticed, which must never happen")
            }
            try stored.write(to: file)
            let again = await Fsck.run(
                DirectorySource(step.enterprise.directory),
                key: reader.key,
                depth: .statements,
                checker: checker
            )
            print("   The byte is put back: fsck finds \(again.isSound ? "nothing wrong" : "\(again.findings)").\n")
            return
        }
        throw ValidationError("no record of the story can be forged by one bit, so there is nothing to show")
    }
}

/// A statement with one bit of its payload flipped so that it still reads as an event, and what it says now.
struct DemoForgery {
    let statement: Statement
    let before: String
    let now: String

    init?(of original: Statement, event: EPCISEvent) {
        guard let payloadStart = original.encoded.firstRange(of: original.payload)?.lowerBound else { return nil }
        let honest = JSONValue(event)
        for offset in original.payload.indices {
            var bytes = original.encoded
            bytes[payloadStart + offset] ^= 1
            guard let forged = try? Statement(decoding: bytes),
                let said = try? EPCISEvent(payload: forged.payload)
            else { continue }
            let lie = JSONValue(said)
            guard let pointer = lie.firstDifference(from: honest), pointer.hasSuffix("/quantity"),
                let before = honest[pointer: pointer], let now = lie[pointer: pointer]
            else { continue }
            statement = forged
            self.before = String(decoding: before.serialized(.compact), as: UTF8.self)
            self.now = String(decoding: now.serialized(.compact), as: UTF8.self)
            return
        }
        return nil
    }
}
