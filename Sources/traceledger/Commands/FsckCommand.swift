public import ArgumentParser
import EPCISJSON
public import TraceLedger
import TraceProof
import TraceSigning

extension CheckDepth: ExpressibleByArgument {}

/// `fsck`: checks a whole ledger, and mends it.
struct FsckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck",
        abstract: "Derive every tile and the root again from the entries, and check chains and signatures.",
        discussion: """
            Depths: tree (hashes up to the signed root), chains (and every signer's chain, one signature a key), \
            statements (and every entry's signature).

            With --repair-from, files that are wrong or missing are restored where the mirror or backup has bytes that \
            lead to a root that the ledger signed, and a directory that is older than a source is brought up to it. \
            Nothing a source says is believed unproved.

            Examples:
              traceledger fsck LEDGER --log-key "$(cat farm.vkey)"
              traceledger fsck LEDGER --repair-from https://mirror.example/farm
            """
    )

    @Argument(help: ArgumentHelp("The ledger.", valueName: "dir|url")) var ledger: LedgerLocation
    @OptionGroup var logKey: LogKeyOption
    @Option(help: "How deep to look.") var depth = CheckDepth.statements
    @Option(
        name: .customLong("repair-from"),
        help: ArgumentHelp("A mirror or backup to restore from; repeat it.", valueName: "dir|url")
    )
    var sources: [LedgerLocation] = []
    @OptionGroup var alarms: AlarmOptions
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        let reader = try await ledger.reader(logKey, mentionsKey: true)
        if sources.isEmpty { try await check(reader) } else { try await repair(reader) }
    }

    private func check(_ reader: LedgerReader) async throws {
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
        let found = report.root == nil ? [] : try await alarms.find(in: reader) ?? []
        if json { try Console.json(document(report, alarms: found)) } else { try print(report, alarms: found) }
        try end(report)
        if !found.isEmpty { throw CommandFailure(.wrong, "\(ledger.text): \(found.count) entries raise an alarm") }
    }

    private func repair(_ reader: LedgerReader) async throws {
        let directory = try ledger.directory(for: "fsck --repair-from")
        let opened = try sources.map { try $0.source() }
        let bar = ProgressBar("checking")
        let result = try await LedgerRepair.run(
            directory,
            from: opened,
            key: reader.key,
            depth: depth,
            checker: SodiumSignatureChecker(),
            progress: { done, total in bar.update(done, of: total) }
        )
        bar.finish()
        for source in opened {
            if let failure = (source as? HTTPSource)?.failure { Console.warning(failure.message) }
        }
        if json {
            try Console.json(document(result.after).adding(["repair": RepairOutput.document(result.repair)]))
        } else {
            try RepairOutput.print(result.repair)
            try print(result.after)
        }
        try end(result.after)
        // Sound, but whether it is the newest state, or what it lacks, a source did not say.
        if let failure = opened.lazy.compactMap({ ($0 as? HTTPSource)?.failure }).first { throw failure }
    }

    private func end(_ report: FsckReport) throws {
        if !report.isSound {
            throw CommandFailure(.wrong, "\(ledger.text): \(report.findingCount) found to be wrong")
        }
    }

    private func document(_ report: FsckReport, alarms: [FsckReport.Finding] = []) -> JSONValue {
        let errors = report.findings.map(\.document) + alarms.map { $0.document.adding(["alarm": .boolean(true)]) }
        return .object([
            "size": .number(report.size), "root": .text(report.root?.description),
            "depth": .text(report.depth.rawValue), "errors": .array(errors),
        ])
    }

    private func print(_ report: FsckReport, alarms: [FsckReport.Finding] = []) throws {
        for finding in report.findings {
            let place = finding.index.map { "\(finding.file), entry \($0)" } ?? finding.file
            try Console.line("\(Console.coloured("wrong", .red))  \(place): \(finding.reason)")
        }
        if report.findingCount > report.findings.count {
            try Console.line("and \(report.findingCount - report.findings.count) more")
        }
        for alarm in alarms {
            try Console.line(
                "\(Console.coloured("alarm", .yellow))  \(alarm.file), entry \(alarm.index ?? 0): \(alarm.reason.onOneLine)"
            )
        }
        let state = report.isSound ? Console.coloured("sound", .green) : Console.coloured("not sound", .red)
        try Console.line(
            "\(ledger.text): \(state), \(report.size) entries, root \(report.root?.description ?? "unknown"), "
                + "checked to the depth of \(report.depth.rawValue)"
        )
    }
}

extension FsckReport.Finding {
    /// Its members in JSON.
    var document: JSONValue {
        .object(["file": .text(file), "index": .number(index), "reason": .text(reason)])
    }
}

/// What a repair did, for people and as JSON.
enum RepairOutput {
    static func print(_ report: RepairReport) throws {
        for restored in report.restored {
            try Console.line("\(Console.coloured("restored", .green))  \(restored.file): from \(restored.source)")
        }
        if report.restoredCount > report.restored.count {
            try Console.line("and \(report.restoredCount - report.restored.count) more restored")
        }
        for failed in report.failed {
            try Console.line("\(Console.coloured("not restored", .red))  \(failed.file): \(failed.reason)")
        }
        if report.failedCount > report.failed.count {
            try Console.line("and \(report.failedCount - report.failed.count) more not restored")
        }
        if let (from, to) = report.broughtUp { try Console.line("brought up from size \(from) to size \(to)") }
        if let folder = report.setAside {
            Console.note("the journal of the older state, all of which is in the restored tree, was moved to \(folder)")
        }
    }

    static func document(_ report: RepairReport) -> JSONValue {
        let restored = report.restored.map { file in
            JSONValue.object(["file": .text(file.file), "source": .text(file.source)])
        }
        let failed = report.failed.map { file in
            JSONValue.object(["file": .text(file.file), "reason": .text(file.reason)])
        }
        let broughtUp = report.broughtUp.map { sizes in
            JSONValue.object(["from": .number(sizes.from), "to": .number(sizes.to)])
        }
        return .object([
            "restored": .array(restored), "failed": .array(failed), "broughtUp": broughtUp ?? JSONValue(.null),
        ])
    }
}
