import ArgumentParser
import EPCISJSON
import Foundation
import TraceProof
import TraceSigning
import TraceVerification

/// `bundle verify`.
struct BundleVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check bundles and show who said what, when, where, under which key, and whether it counts.",
        discussion: """
            Needs no network. What counts is what you give: the policy and the registry in a bundle were chosen by whoever \
            made it. --registry-origin believes the registry in the bundle, if it is of that name and the policy's \
            cosigners saw it.

            Exit code 0 only if every statement comes to issuedAndLogged; 1 where something is wrong; 2 where a key is \
            missing. html is one page without scripts or links, to print or to keep.

            Example:
              traceledger bundle verify lot-A7.bundle --policy POLICY --registry registry.pack
            """
    )

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json, csv, html
    }

    @Argument(help: "The bundles; `-` is standard input.") var files: [String]
    @OptionGroup var trust: TrustOptions
    @Option(help: "How to show it.") var format = Format.text
    @Flag(help: "The same as --format json: an object for one file, an array for several.") var json = false
    @OptionGroup var output: OutputOption

    func validate() throws {
        if json, format != .text, format != .json { throw ValidationError("--json and --format \(format) differ") }
    }

    func run() async throws {
        try output.checkApart(from: files + trust.files)
        let anchors = try trust.anchors()
        var checked: [CheckedBundle] = []
        var unreadable: CommandFailure?
        for file in files {
            let bundle: EvidenceBundle
            // The others are still checked: what is forged among them must not hide behind it.
            do { bundle = try BundleCommand.read(file) } catch let failure as CommandFailure {
                if unreadable != nil { Console.error(failure.message) }
                unreadable = unreadable ?? failure
                continue
            }
            let result = await BundleVerifyCommand.verify(bundle, anchors)
            checked.append(CheckedBundle(file: file, result: result))
        }
        if !checked.isEmpty { try write(checked) }
        let codes = checked.map { Int32($0.result.report.verdict.exitCode) }
        // What is wrong weighs more than what is missing, whichever number is larger.
        let worst = codes.contains(1) ? 1 : codes.max() ?? 0
        if let unreadable { throw worst == 1 ? CommandFailure(.wrong, unreadable.message) : unreadable }
        if worst != 0 { throw ExitCode(worst) }
    }

    /// Verifies, with the signatures checked on all processors.
    static func verify(_ bundle: EvidenceBundle, _ anchors: TrustAnchors) async -> BundleReport {
        let known = KnownSignatures()
        let verifier = Verifier(anchors: anchors, checker: known, now: Clock.now)
        await known.check(verifier.signatures(in: bundle))
        return verifier.verify(bundle)
    }

    private func write(_ checked: [CheckedBundle]) throws {
        switch json ? .json : format {
        case .text: try output.write(text: Array(checked.map(\.text).joined(separator: "\n").utf8))
        case .json:
            let documents = checked.map(\.document)
            let whole = files.count == 1 ? documents[0] : JSONValue.array(documents)
            try output.write(text: whole.serialized(.pretty))
        case .csv: try output.write(text: BundleTable(checked).bytes)
        case .html: try output.write(text: Array(BundlePage(checked).html.utf8))
        }
    }
}

/// A bundle and what its check came to.
struct CheckedBundle {
    let file: String
    let result: BundleReport

    /// The keys of `verify`, with a row for each statement.
    var document: JSONValue {
        result.report.document(file).adding([
            "ledgers": .array(
                result.ledgers.map {
                    .object([
                        "origin": .text($0.origin), "size": .number($0.size), "time": .text($0.time.map(Time.text)),
                    ])
                }
            ),
            "rows": .array(result.rows.map { BundleCells($0).document }),
        ])
    }

    /// A line a statement below the report.
    var text: String {
        var text = result.report.text(file)
        for row in result.rows.map(BundleCells.init) {
            let colour: Console.Colour = row.exitCode == 0 ? .green : row.exitCode == 1 ? .red : .yellow
            text += "  \(Console.coloured(row[.verdict], colour))  \(row.line)\n"
        }
        return text
    }
}
