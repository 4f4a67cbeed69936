import ArgumentParser
import EPCISJSON
import Foundation
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// `stamp verify`.
struct StampVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the code on a pack: who issued it, and what else the evidence at hand shows.",
        discussion: """
            Takes the text of a code, a file with one a line, or a PNG or JPEG picture of the printed code. No network is needed. \
            A code alone comes to at most issued: it can be photographed. With an item proof or a batch pack it is \
            issuedAndLogged, and with the hidden code from under the seal secretMatches. Exit codes as `verify`; what is no \
            stamp at all is exit 2.

            Examples:
              traceledger stamp verify can.jpg --policy POLICY --registry registry.pack
              traceledger stamp verify 'HTTPS://Q.DAIRY.EXAMPLE/01/...' --policy POLICY \\
                --registry registry.pack --item-proof can.proof --code-file code.txt
            """
    )

    enum Language: String, CaseIterable, ExpressibleByArgument { case en, zh }

    @Argument(help: ArgumentHelp("A code, a file of codes, or a picture; `-` is standard input.", valueName: "code|file"))
    var inputs: [String]
    @OptionGroup var trust: TrustOptions
    @OptionGroup var evidence: ItemEvidenceOptions
    @Option(help: ArgumentHelp("Stands in for the clock.", valueName: "time")) var now: Moment?
    @Option(help: "The language of the verdict's sentence.") var language = Language.en
    @Flag(help: "Print one JSON document: an object for one code, an array for several.") var json = false

    /// What became of a code.
    private struct Checked: Sendable {
        let code: CodeInput.Code
        var report: ItemReport?
        var failure: CommandFailure?

        var exit: Int32 { report.map { Int32($0.verdict.exitCode) } ?? failure?.status.rawValue ?? 0 }
    }

    func run() async throws {
        let verifier = Verifier(anchors: try trust.anchors(), checker: SodiumSignatureChecker(), now: now?.seconds ?? Clock.now)
        let (evidence, hidden) = try evidence.read()
        var unreadable: CommandFailure?
        var codes: [CodeInput.Code] = []
        for input in inputs {
            do { codes += try CodeInput(input).codes } catch let failure as CommandFailure {
                if unreadable != nil { Console.error(failure.message) }
                unreadable = unreadable ?? failure
            }
        }
        if hidden != nil, codes.count > 1 {
            throw CommandFailure(.usage, "\(codes.count) codes and one hidden code: name the one code that it belongs to")
        }
        var rest = codes[...]
        var documents: [JSONValue] = []
        var worst: Int32 = 0
        let isTable = codes.count > 1 && !json
        try await OrderedPieces.run {
            let piece = Array(rest.prefix(64))
            rest = rest.dropFirst(64)
            return piece.isEmpty ? nil : piece
        } work: { piece in
            piece.map { StampVerifyCommand.check($0, verifier, evidence, hidden) }
        } take: { checked in
            for one in checked {
                if worst != 1, one.exit != 0 { worst = one.exit }
                if let failure = one.failure {
                    if codes.count == 1, unreadable == nil { unreadable = failure } else { Console.error(failure.message) }
                } else if let report = one.report {
                    if json {
                        documents.append(report.document(one.code.name))
                    } else {
                        try Console.write(isTable ? report.line : report.text(one.code.name, isChinese: language == .zh))
                    }
                }
            }
        }
        if json, !documents.isEmpty { try Console.json(codes.count == 1 ? documents[0] : .array(documents)) }
        if let unreadable { throw worst == 1 ? CommandFailure(.wrong, unreadable.message) : unreadable }
        if worst != 0 { throw ExitCode(worst) }
    }

    private static func check(
        _ code: CodeInput.Code,
        _ verifier: Verifier<SodiumSignatureChecker>,
        _ evidence: ItemEvidence,
        _ hidden: HiddenCode?
    ) -> Checked {
        do {
            let stamp = try code.stamp()
            var evidence = evidence
            if let hidden {
                guard let item = stamp.item else {
                    throw CommandFailure(.usage, "\(code.name): it has no serial number (21), so no hidden code belongs to it")
                }
                evidence.secretKey = try SigningKey.item(seed: hidden.seed, identity: item.text).publicKey
            }
            return Checked(code: code, report: verifier.verify(stamp, with: evidence))
        } catch { return Checked(code: code, failure: CommandFailure(error)) }
    }
}

extension ItemReport {
    /// The keys of `verify`, and what is known of the item.
    func document(_ file: String) -> JSONValue {
        let identity = JSONValue.object([
            "elements": .text(stamp.elementString), "gtin": .text(stamp.gtin), "lot": .text(stamp.lot),
            "serial": .text(stamp.serial), "expiry": .text(stamp.expiry), "market": .text(stamp.market),
        ])
        let batch = batch.map { batch in
            JSONValue.object([
                "origin": .text(batch.origin), "index": .number(batch.index),
                "leafHash": .text(batch.statement.leafHash.description), "count": .number(batch.items.count),
            ])
        }
        let recalls = recalls.map { found in
            JSONValue.object([
                "id": .text(found.recall.identifier), "class": .number(found.recall.level.rawValue),
                "issuer": .text(found.issuer), "reason": .text(found.recall.reason),
                "instruction": .text(found.recall.instruction), "opened": .text(Time.text(found.recall.opened)),
            ])
        }
        let activations = activations.map { found in
            JSONValue.object([
                "index": .number(found.index), "leafHash": .text(found.leafHash.description),
                "claimedAt": .text(Time.text(found.claimedAt)),
            ])
        }
        let freshness = asOf.map { part in
            JSONValue.object([
                "part": .text(part.part.name), "origin": .text(part.asOf.origin), "size": .number(part.asOf.size),
                "time": .text(part.asOf.time.map(Time.text)),
            ])
        }
        return report.document(file).adding([
            "identity": identity,
            "issuer": issuer.map {
                .object(["id": .text($0.identifier), "name": .text($0.data.shownName)])
            } ?? JSONValue(.null),
            "batch": batch ?? JSONValue(.null), "recalls": .array(recalls), "activations": .array(activations),
            "freshness": .array(freshness),
        ])
    }

    /// One of many: verdict, elements and what speaks against it, with tabs between.
    var line: String { "\(verdict.name)\t\(stamp.elementString)\t\(verdict.exitCode == 0 ? "-" : report.reason)\n" }

    /// The steps, who and what it is, what each part is as of, and the verdict's sentence.
    func text(_ file: String, isChinese: Bool) -> String {
        var text = "\(file): stamp\n"
        for step in report.steps {
            text += "  \(step.passed ? Console.coloured("ok    ", .green) : Console.coloured("FAILED", .red))  \(step.name): \(step.detail)\n"
        }
        for what in report.unchecked { text += "  \(Console.coloured("not checked", .yellow))  \(what)\n" }
        text += "  item    \(stamp.elementString)\n"
        if let issuer { text += "  issuer  \(issuer.data.shownName.onOneLine) (\(issuer.identifier))\n" }
        for part in asOf {
            let seen = part.asOf.time.map { ", seen by the cosigners by \(Time.text($0))" } ?? ""
            text += "  as of   \(part.part.name): size \(part.asOf.size) of \(part.asOf.origin)\(seen)\n"
        }
        let colour: Console.Colour = verdict.exitCode == 0 ? .green : verdict.exitCode == 1 ? .red : .yellow
        let sentence = isChinese ? verdict.meaning.chinese : verdict.meaning.english
        return text + "\(Console.coloured(verdict.name, colour)): \(sentence)\n"
    }
}
