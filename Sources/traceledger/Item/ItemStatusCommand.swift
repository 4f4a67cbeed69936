import ArgumentParser
import EPCIS
import EPCISJSON
import GS1
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// `item status`.
struct ItemStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "What a ledger has about one item: its openings in their order, and its events.",
        discussion: """
            The answer is proved to be all that there is, as of the ledger's last map root; -o keeps the proof, which \
            `stamp verify --activations` takes. Commissioned with its batch an item is not named one by one: `item prove` shows \
            that.

            Example:
              traceledger item status LEDGER '(01)09521101530018(21)K7Q2M9XR5TBD' -o can.history
            """
    )

    @Argument(help: ArgumentHelp("The ledger.", valueName: "dir|url")) var ledger: LedgerLocation
    @Argument(help: ArgumentHelp("The item: an element string, a Digital Link or its code.", valueName: "item")) var item: String
    @OptionGroup var ledgerKey: LedgerKeyOption
    @OptionGroup var logKey: LogKeyOption
    @OptionGroup var output: OutputOption
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        let stamp = try? Stamp(parsing: item)
        guard let identity = stamp?.item ?? ItemIdentity(ElementString(item)?.elements ?? Identifier(item).elements) else {
            throw CommandFailure(.usage, "\(item.onOneLine): it names no item: write (01)GTIN(21)SERIAL")
        }
        if !ledger.isURL { try await ledgerKey.logMapRoot(ledger.text) }
        let reader = try await ledger.reader(logKey)
        let checkpoint = try await reader.checkpoint()
        let bar = ProgressBar("looking")
        let proof = try await reader.subjectProof(of: identity.text, at: checkpoint) { bar.update($0, of: $1) }
        bar.finish()
        let verifier = Verifier(anchors: TrustAnchors(logKeys: [reader.key]), checker: SodiumSignatureChecker())
        if let failed = verifier.verify(.subjectProof(proof)).steps.first(where: { !$0.passed }) {
            throw CommandFailure(.wrong, "\(reader.source.name): the proof that was made does not verify: \(failed.detail)")
        }
        if let path = output.path { try OutputOption.write(proof.encoded, to: path) }
        let openings = proof.entries.filter { $0.statement.header.kind == .activation }
        if json {
            return try Console.json(
                .object([
                    "item": .text(identity.text), "ledger": .text(reader.key.name), "asOf": .number(proof.mapRoot.index),
                    "activations": .number(UInt64(openings.count)), "entries": .array(proof.entries.map(document)),
                ])
            )
        }
        for entry in proof.entries { try Console.line(line(entry)) }
        let word = openings.isEmpty ? "not opened" : openings.count == 1 ? "opened once" : "opened \(openings.count) times"
        Console.note("\(identity.text): \(word), as of the map root in entry \(proof.mapRoot.index) of \(reader.key.name)")
    }

    private func document(_ entry: EvidenceBundle.Entry) -> JSONValue {
        let (header, event) = (entry.statement.header, entry.statement.event)
        return .object([
            "index": .number(entry.index), "leafHash": .text(entry.statement.leafHash.description),
            "kind": .text(header.kind.name), "issuedAt": .text(Time.text(header.issuedAt)), "issuer": .text(header.issuer),
            "bizStep": .text(event?.bizStep?.text), "disposition": .text(event?.disposition?.text),
        ])
    }

    private func line(_ entry: EvidenceBundle.Entry) -> String {
        let (header, event) = (entry.statement.header, entry.statement.event)
        return "\(entry.index)\t\(header.kind.name)\t\(Time.text(header.issuedAt))\t\(event?.bizStep?.text ?? "-")"
    }
}
