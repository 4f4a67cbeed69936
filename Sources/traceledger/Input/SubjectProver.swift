import GS1
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// Writes the proof that these entries are about a subject and no others.
struct SubjectProver {
    let ledger: LedgerLocation
    let ledgerKey: LedgerKeyOption
    let logKey: LogKeyOption

    func prove(_ text: String, atSize size: UInt64?, _ output: OutputOption) async throws {
        try output.checkBinary()
        if size == nil, !ledger.isURL { try await ledgerKey.logMapRoot(ledger.text) }
        let reader = try await ledger.reader(logKey)
        let checkpoint = try await reader.checkpoint(atSize: size)
        let subject = SubjectMap.names(of: Identifier(text)).first ?? text
        let bar = ProgressBar("looking")
        let proof = try await reader.subjectProof(of: subject, at: checkpoint) { bar.update($0, of: $1) }
        bar.finish()
        let verifier = Verifier(anchors: TrustAnchors(logKeys: [reader.key]), checker: SodiumSignatureChecker())
        let report = verifier.verify(.subjectProof(proof))
        if let failed = report.steps.first(where: { !$0.passed }) {
            throw CommandFailure(
                .wrong,
                "\(reader.source.name): the proof that was made does not verify: \(failed.detail)"
            )
        }
        try output.write(binary: proof.encoded)
        let found = proof.entries.count == 1 ? "1 entry" : "\(proof.entries.count) entries"
        Console.note("\(found) about \(subject), as of the map root in entry \(proof.mapRoot.index)")
    }
}

extension LedgerKeyOption {
    /// Logs the root of the map of subjects in a ledger of one's own; where its key is not at hand, or another process writes
    /// it, what it logged before has to do.
    func logMapRoot(_ directory: String) async throws {
        guard try key != nil || Ledger.rememberedKeyPath(directory) != nil else { return }
        do {
            let ledger = try await open(directory)
            try await ledger.logMapRoot()
            try await ledger.close()
        } catch let error as FileError where error.operation == "lock" || error.isReadOnly {
            Console.note("no map root is logged now, and the last one counts: \(error)")
        } catch let refusal as RestoreRefusal {
            Console.note("no map root is logged now, and the last one counts: \(refusal)")
        } catch let failure as CommandFailure where failure.status == .usage && key == nil {
            Console.note("no map root is logged now, and the last one counts: \(failure.message)")
        }
    }
}
