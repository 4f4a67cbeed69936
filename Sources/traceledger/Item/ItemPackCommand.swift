import ArgumentParser
import TraceLedger
import TraceProof
import TraceStatements
import TraceVerification

/// A batch in a ledger, with what proves it.
struct BatchProver {
    let reader: LedgerReader
    let batch: BatchFile
    let logged: LoggedBatch

    init(_ ledger: LedgerLocation, _ logKey: LogKeyOption, batch path: String) async throws {
        batch = try BatchFile.read(path)
        let (index, leafHash) = try batch.standing(path)
        reader = try await ledger.reader(logKey)
        let checkpoint = try await reader.checkpoint()
        guard index < checkpoint.checkpoint.head.size else {
            throw CommandFailure(.usage, "\(ledger.text): entry \(index) with the batch is not published yet")
        }
        let (receipt, entry) = try await EntryProver(reader: reader, checkpoint: checkpoint).receipt(index)
        let statement = try Statement(decoding: entry)
        guard statement.leafHash == leafHash else {
            throw CommandFailure(.usage, "\(path): entry \(index) of \(ledger.text) is another one: name the batch's own ledger")
        }
        logged = try LoggedBatch(TransparentStatement(statement, receipts: [receipt]), checkpoint: checkpoint)
    }
}

/// `item pack`.
struct ItemPackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Write the batch pack: all items of a batch with their proof, for shops and phones.",
        discussion: """
            It tells how many items there are and their serial numbers: give it to those who may know.

            Example:
              traceledger item pack LEDGER A7.batch -o A7.pack
            """
    )

    @Argument(help: ArgumentHelp("The ledger.", valueName: "dir|url")) var ledger: LedgerLocation
    @Argument(help: ArgumentHelp("The file of `item commit`.", valueName: "batch")) var batch: String
    @OptionGroup var logKey: LogKeyOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        try output.checkBinary()
        try output.checkApart(from: [batch])
        let prover = try await BatchProver(ledger, logKey, batch: batch)
        let own = prover.batch
        let pack = try BatchPack(prover.logged, secret: own.secret, serials: own.serials, keys: own.keys)
        do { _ = try pack.tree() } catch { throw CommandFailure(.wrong, "\(batch): \(error.reason)") }
        let bytes = try pack.encoded()
        try output.write(binary: bytes)
        Console.note("\(own.serials.count) items, \(bytes.count) bytes, \(bytes.count / max(1, own.serials.count)) an item")
    }
}

/// `item prove`.
struct ItemProveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Write the proof that one item is of a logged batch.",
        discussion: """
            It tells how many items the batch has, and nothing of the others.

            Example:
              traceledger item prove LEDGER A7.batch K7Q2M9XR5TBD -o can.proof
            """
    )

    @Argument(help: ArgumentHelp("The ledger.", valueName: "dir|url")) var ledger: LedgerLocation
    @Argument(help: ArgumentHelp("The file of `item commit`.", valueName: "batch")) var batch: String
    @Argument(help: ArgumentHelp("The item's serial number.", valueName: "serial")) var serial: String
    @OptionGroup var logKey: LogKeyOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        try output.checkBinary()
        try output.checkApart(from: [batch])
        let prover = try await BatchProver(ledger, logKey, batch: batch)
        guard let place = prover.batch.serials.firstIndex(of: serial) else {
            throw CommandFailure(.usage, "\(batch): there is no item with the serial number \(serial.onOneLine) in it")
        }
        let proof = try ItemTree(prover.batch.leaves()).proof(ofIndex: place)
        guard proof.root == prover.logged.items.root else {
            throw CommandFailure(.wrong, "\(batch): its items do not give the root that the ledger has")
        }
        try output.write(binary: try LoggedItem(proof, of: prover.logged).encoded())
    }
}
