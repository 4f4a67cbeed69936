import Foundation
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

@Suite("A ledger, from its making to a proof")
struct LedgerExampleTests {
    @Test func appendPublishProve() async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/ledger-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let checker = SodiumSignatureChecker()
        let ledgerKey = SigningKey.generate()
        let enterprise = SigningKey.generate()
        do {
            let ledger = try await Ledger.create(
                directory,
                origin: "example.com/ledger",
                signer: ledgerKey,
                created: 1_767_225_600,
                nonce: RandomBytes.make(16),
                checker: checker
            )
            for number in 0..<600 {
                let statement = try await ledger.sign(
                    Array("note \(number)".utf8),
                    kind: .note,
                    issuer: "9521101000009",
                    subject: "(01)09521101000007",
                    issuedAt: 1_767_225_600,
                    with: enterprise
                )
                let appended = try await ledger.append([statement])
                #expect(appended.map(\.index) == [UInt64(number + 1)])
                if number % 97 == 0 { _ = try await ledger.publish() }
            }
            _ = try await ledger.publish()
        }
        let again = try await Ledger.open(directory, signer: ledgerKey, checker: checker)
        #expect(await again.size == 601)
        let reader = try await LedgerReader(DirectorySource(directory), checker: checker)
        let head = try await reader.checkpoint().checkpoint.head
        #expect(head.size == 601)
        for index: UInt64 in [0, 1, 255, 256, 600] {
            let entry = try await reader.entry(index, in: head)
            #expect(try Statement(decoding: entry.bytes).header.kind == (index == 0 ? .genesis : .note))
        }
        for depth in CheckDepth.allCases {
            let report = await Fsck.run(
                DirectorySource(directory),
                key: again.information.key,
                depth: depth,
                checker: checker
            )
            #expect(report.findings.isEmpty)
            #expect(report.size == 601)
        }
    }
}
