public import ArgumentParser
import EPCISJSON
public import TraceLedger
import TraceProof
import TraceSigning

extension CheckDepth: ExpressibleByArgument {}

/// `fsck`: checks a whole ledger.
struct FsckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck",
        abstract: "Derive every tile and the root again from the entries, and check chains and signatures.",
        discussion: """
            Depths: tree (hashes up to the signed root), chains (and every signer's chain, one signature a key), \
            statements (and every entry's signature).

            Example:
              traceledger fsck LEDGER --log-key "$(cat farm.vkey)"
            """
    )

    @Argument(help: ArgumentHelp("The ledger.", valueName: "dir|url")) var ledger: LedgerLocation
    @OptionGroup var logKey: LogKeyOption
    @Option(help: "How deep to look.") var depth = CheckDepth.statements
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        let reader = try await ledger.reader(logKey, mentionsKey: true)
        let bar = ProgressBar("checking")
        let report = await Fsck.run(
            reader.source,
            key: reader.key,
            depth: depth,
            checker: SodiumSignatureChecker(),
            progress: { done, total in bar.update(done, of: total) }
        )
        bar.finish()
        // What the network did not give is no finding about the ledger.
        if let failure = (reader.source as? HTTPSource)?.failure { throw failure }
        if json { try Console.json(document(report)) } else { try print(report) }
        if !report.isSound {
            throw CommandFailure(.wrong, "\(ledger.text): \(report.findingCount) found to be wrong")
        }
    }

    private func document(_ report: FsckReport) -> JSONValue {
        let errors = report.findings.map { finding in
            JSONValue.object([
                "file": .text(finding.file), "index": .number(finding.index), "reason": .text(finding.reason),
            ])
        }
        return .object([
            "size": .number(report.size), "root": .text(report.root?.description),
            "depth": .text(report.depth.rawValue), "errors": .array(errors),
        ])
    }

    private func print(_ report: FsckReport) throws {
        for finding in report.findings {
            let place = finding.index.map { "\(finding.file), entry \($0)" } ?? finding.file
            try Console.line("\(Console.coloured("wrong", .red))  \(place): \(finding.reason)")
        }
        if report.findingCount > report.findings.count {
            try Console.line("and \(report.findingCount - report.findings.count) more")
        }
        let state = report.isSound ? Console.coloured("sound", .green) : Console.coloured("not sound", .red)
        try Console.line(
            "\(ledger.text): \(state), \(report.size) entries, root \(report.root?.description ?? "unknown"), "
                + "checked to the depth of \(report.depth.rawValue)"
        )
    }
}
