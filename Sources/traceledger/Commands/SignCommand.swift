import ArgumentParser
import EPCISJSON
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// `sign`: signs events where the ledger is out of reach.
struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign events offline, for a ledger that is elsewhere.",
        discussion: """
            The chain file remembers where the key stands in its chain in that ledger: one file a key and ledger. It is \
            moved on durably before the statements are written. Give the output to `traceledger submit`, in order.

            Where statements were lost, refused or found to stand already, the ledger expects another number than the \
            chain file has: --rechain reads from the ledger where the chain goes on.

            Example:
              traceledger sign events.json --signer line1.pem \\
                --issuer 9521101000009 --chain line1.chain --genesis 9f0c... -o batch.cbor
            """
    )

    @Argument(help: "EPCIS 2.0 JSON or CSV; `-` is standard input.") var inputs: [String]
    @OptionGroup var mapping: MappingOption
    @OptionGroup var signing: SigningOptions
    @OptionGroup var validation: ValidationOptions
    @Option(help: ArgumentHelp("The signer's chain state; made where it is missing.", valueName: "file")) var chain:
        String
    @Option(
        help: ArgumentHelp("The leaf hash of the ledger's genesis entry, as `init` printed it.", valueName: "hex"),
        transform: { text in
            guard let digest = Hex.decode(text).flatMap({ Digest($0) }) else {
                throw ValidationError("a leaf hash is 64 lower-case hexadecimal digits")
            }
            return digest
        }
    )
    var genesis: Digest?
    @Option(
        help: ArgumentHelp("Take up the chain where this ledger says that it ends.", valueName: "dir|url")
    )
    var rechain: LedgerLocation?
    @OptionGroup var logKey: LogKeyOption
    @OptionGroup var output: OutputOption
    @Flag(help: "Print one JSON document about what was signed; needs -o FILE.") var json = false

    func validate() throws {
        if rechain != nil, genesis != nil { throw ValidationError("give --genesis or --rechain, not both") }
        if json, output.path == nil || output.path == "-" { throw ValidationError("--json needs -o FILE") }
    }

    func run() async throws {
        try output.checkBinary()
        try output.checkApart(from: inputs + [signing.signer, chain])
        let signer = try signing.readSigner()
        let ledger = try await rechain?.reader(logKey)
        // A chain file of another ledger is not set to this one: its genesis is asked for first.
        let start = if let ledger { try await ledger.genesis() } else { genesis }
        var file = try ChainFile(chain, genesis: start, key: signer.publicKey)
        if let ledger { file.rechain(to: try await ledger.nextLink(for: signer.publicKey)) }
        var signed = ChainSigner(signing, signer: signer, next: file.next)
        var bytes: [UInt8] = []
        var entries: [JSONValue] = []
        var gate = try await validation.gate(ledger: ledger)
        for input in inputs {
            let document = try EventDocument(input, mapping, gate: &gate)
            for event in document.events {
                let statement = try await signed.sign(event, of: document)
                file.advance(behind: statement)
                bytes += statement.encoded
                entries.append(
                    .object([
                        "sequence": .number(statement.header.chain?.sequence),
                        "leafHash": .text(statement.leafHash.description), "eventID": .text(event.eventID),
                    ])
                )
            }
        }
        // A statement that is out and not counted would be forked by the next one: counted first, written second.
        try file.save()
        try output.write(binary: bytes)
        if json { try Console.json(.array(entries)) }
    }
}
