import ArgumentParser
import EPCISJSON
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// `item activate`.
struct ItemActivateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Open a pack: say, under the key of its hidden code, that it was opened.",
        discussion: """
            The key is derived from the hidden code, here and nowhere else; who opens it is not said. The ledger takes it only with \
            the proof that the item is one of its own, so guessing gives nothing. First and later openings are both recorded; \
            their order in the ledger tells them apart. With -o the activation is in the file before it is sent; --offline \
            sends nothing, and `item send` does so later.

            Examples:
              traceledger item activate --code-file code.txt --stamp can.jpg \\
                --item-proof can.proof --to https://node.example -o can.activation
              traceledger item activate ABCD-... --stamp 'HTTPS://...' --pack A7.pack \\
                --offline -o can.activation
            """
    )

    @Argument(help: ArgumentHelp("The hidden code; other users of this computer can see it: better --code-file.", valueName: "code"))
    var code: String?
    @Option(name: .customLong("code-file"), help: ArgumentHelp("The file of the hidden code; `-` is standard input.", valueName: "file"))
    var codeFile: String?
    @Option(help: ArgumentHelp("The code on the pack: its text, a file or a picture.", valueName: "uri|file")) var stamp: String
    @Option(name: .customLong("item-proof"), help: ArgumentHelp("The proof of the item.", valueName: "file")) var itemProof: String?
    @Option(help: ArgumentHelp("The pack of the item's batch.", valueName: "pack")) var pack: String?
    @Option(help: ArgumentHelp("A node, or the ledger's own directory.", valueName: "url|dir")) var to: LedgerLocation?
    @Flag(name: .customLong("offline"), help: "Do not send it.") var isOffline = false
    @OptionGroup var key: LedgerKeyOnly
    @OptionGroup var output: OutputOption
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws {
        guard (code == nil) != (codeFile == nil) else { throw ValidationError("give the hidden code, or its file with --code-file") }
        guard (itemProof == nil) != (pack == nil) else { throw ValidationError("give the item's proof with --item-proof, or its batch with --pack") }
        guard (to == nil) == isOffline else { throw ValidationError("say where it goes with --to, or --offline") }
        guard !isOffline || output.path != nil else { throw ValidationError("--offline needs a file to keep it in: -o FILE") }
    }

    func run() async throws {
        if let path = output.path, path != "-", OutputOption.exists(path) {
            throw CommandFailure(.usage, "\(path): it is there already; `traceledger item send \(path)` sends it")
        }
        let hidden = try readCode()
        let codes = try CodeInput(stamp).codes
        guard codes.count == 1 else { throw CommandFailure(.usage, "\(stamp): \(codes.count) codes, and that of one pack is expected") }
        guard let item = try codes[0].stamp().item else {
            throw CommandFailure(.usage, "\(codes[0].name): it has no serial number (21), so it cannot be activated")
        }
        let (batch, proof) = try find(item)
        let signer = try SigningKey.item(seed: hidden.seed, identity: item.text)
        guard proof.leaf.key == signer.publicKey else {
            throw CommandFailure(
                .wrong,
                "\(item.text): the hidden code is not the one that was sealed with this item; was it read from another pack?"
            )
        }
        guard
            let activation = Activation(
                origin: batch.origin,
                commissioning: batch.statement.leafHash,
                proof: proof,
                nonce: RandomBytes.make(Activation.nonceLength)
            )
        else { throw CommandFailure(.wrong, "\(item.text): this item was committed without a hidden code") }
        let statement = try await Statement.activate(activation, of: item, issuedAt: Clock.now, with: signer)
        if output.path != nil { try output.write(binary: statement.encoded) }
        var answer = ActivationAnswer(status: "offline", leafHash: statement.leafHash)
        if let to {
            do { answer = try await ActivationDelivery(location: to, key: key.key).send(statement) } catch {
                let failure = CommandFailure(error)
                let kept = output.path.map { "; it is kept: `traceledger item send \($0) --to ...` tries again" } ?? ""
                throw CommandFailure(failure.status, failure.status == .unavailable ? failure.message + kept : failure.message)
            }
        }
        if json {
            try Console.json(answer.document(item, batch.origin))
        } else if output.path != "-" {
            try Console.line(answer.line(item))
        }
        if answer.isFirst == false {
            Console.note("it was opened before: if that was not you, somebody has a copy of the code")
        }
    }

    private func readCode() throws -> HiddenCode {
        if let codeFile {
            let file = try InputFile(codeFile, limit: 4096)
            return try ItemEvidenceOptions.hiddenCode(String(decoding: file.bytes, as: UTF8.self), file.name)
        }
        return try ItemEvidenceOptions.hiddenCode(code ?? "", "the hidden code")
    }

    /// The item in the evidence.
    private func find(_ item: ItemIdentity) throws -> (LoggedBatch, ItemProof) {
        let (batch, proof, name): (LoggedBatch, ItemProof, String)
        if let itemProof {
            let own = try ItemEvidenceOptions.read(itemProof, BatchPack.maximumByteCount) { try LoggedItem(decoding: $0) }
            (batch, proof, name) = (own.batch, own.proof, itemProof)
        } else {
            let path = pack ?? ""
            let pack = try ItemEvidenceOptions.read(path, BatchPack.maximumByteCount) { try BatchPack(decoding: $0) }
            guard let place = pack.index(ofSerial: item.serial) else {
                throw CommandFailure(.wrong, "\(path): there is no item \(item.serial) in it")
            }
            do { proof = try pack.tree().proof(ofIndex: place) } catch { throw CommandFailure(.wrong, "\(path): \(error.reason)") }
            (batch, name) = (pack.batch, path)
        }
        guard batch.items.gtin == item.gtin, proof.leaf.serial == item.serial else {
            throw CommandFailure(.wrong, "\(name): it is the proof of (01)\(batch.items.gtin)(21)\(proof.leaf.serial), not of \(item.text)")
        }
        guard proof.root == batch.items.root else { throw CommandFailure(.wrong, "\(name): the proof does not lead to its batch: it was altered") }
        return (batch, proof)
    }
}

/// `--key` of a ledger's directory that activations go to.
struct LedgerKeyOnly: ParsableArguments {
    @Option(help: ArgumentHelp("With a directory: the ledger's key; without it the file that `init` remembered.", valueName: "ledger.pem"))
    var key: String?
}

/// `item send`.
struct ItemSendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send activations that were made offline.",
        discussion: """
            What is in the ledger already gets the same answer again, so a file can be sent any number of times.

            Example:
              traceledger item send can.activation --to https://node.example
            """
    )

    @Argument(help: "Files of `item activate`.") var files: [String]
    @Option(help: ArgumentHelp("A node, or the ledger's own directory.", valueName: "url|dir")) var to: LedgerLocation
    @OptionGroup var key: LedgerKeyOnly
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        var documents: [JSONValue] = []
        var failures: [CommandFailure] = []
        for path in files {
            do {
                let statement = try ItemEvidenceOptions.read(path, Statement.maximumLength) { try Statement(decoding: $0) }
                let (activation, item) = try Activation.read(statement)
                let answer = try await ActivationDelivery(location: to, key: key.key).send(statement)
                if json { documents.append(answer.document(item, activation.origin)) } else { try Console.line(answer.line(item)) }
            } catch { failures.append(CommandFailure(error, in: path)) }
        }
        if json { try Console.json(.array(documents)) }
        // What can be tried again is told, and does not keep the others.
        for failure in failures.dropLast() { Console.error(failure.message) }
        guard let last = failures.last else { return }
        throw failures.contains { $0.status == .wrong } ? CommandFailure(.wrong, last.message) : last
    }
}
