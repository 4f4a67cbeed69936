import ArgumentParser
import EPCIS
import EPCISJSON
import Foundation
import GS1
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// `item commit`.
struct ItemCommitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit",
        abstract: "Commission a lot: one event, whose signature covers every item and every hidden code.",
        discussion: """
            Derives the public half of each item's key, builds the tree over all items, puts its root into the commissioning \
            event (ADD), and appends that. What packs and proofs are made from is kept in the batch file, which is durable before \
            anything is appended: a run that was cut off is ended by the same command, and nothing is committed twice.

            Without --event the event is made: now, as many of the lot as there are items, active, with its expiry date. \
            --event takes an EPCIS document with one ObjectEvent of action ADD about the lot.

            Example:
              traceledger item commit LEDGER seeds.csv --signer dairy.pem \\
                --issuer 9521101000009 -o A7.batch
            """
    )

    @Argument(help: "The ledger's directory.") var directory: LedgerLocation
    @Argument(help: ArgumentHelp("The file of `item seeds`.", valueName: "seeds.csv")) var seeds: String
    @OptionGroup var signing: SigningOptions
    @OptionGroup var ledgerKey: LedgerKeyOption
    @OptionGroup var validation: ValidationOptions
    @Option(help: ArgumentHelp("The commissioning event, as EPCIS JSON.", valueName: "event.json")) var event: String?
    @Option(name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The batch file.", valueName: "batch"))
    var output: String
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        let directory = try directory.directory(for: "item commit")
        let signer = try signing.readSigner()
        let file = try SeedsFile(seeds)
        let maker = try BatchMaker(file)
        let started = ContinuousClock.now
        let keys = try await maker.keys()
        let ledger = try await ledgerKey.open(directory)
        guard signer.publicKey != ledger.information.key.publicKey else {
            throw CommandFailure(.usage, "\(signing.signer): this is the ledger's own key; name another one with --signer")
        }
        var batch: BatchFile
        if OutputOption.exists(output) {
            batch = try BatchFile.read(output)
            try checkStanding(batch, file, keys)
        } else {
            batch = try await make(maker, keys, ledger)
            let new = try SecretFile(output, remedy: "name another batch file")
            do {
                try new.write(batch.encoded)
                try new.finish()
            } catch {
                new.abandon()
                throw error
            }
        }
        let appended = try await append(batch, to: ledger, signer)
        try await ledger.close()
        if batch.entry == nil {
            batch.entry = (appended.index, appended.leafHash)
            try batch.replace(output)
        }
        try say(appended, batch, ContinuousClock.now - started)
    }

    /// A batch file of an earlier run is that of these seeds, or it is left alone.
    private func checkStanding(_ batch: BatchFile, _ file: SeedsFile, _ keys: [PublicKey]) throws {
        guard batch.serials == file.items.map(\.serial), batch.keys == keys, batch.issuer == signing.issuer else {
            throw CommandFailure(.usage, "\(output): it is of other seeds or another issuer: name another file with -o")
        }
    }

    private func make(_ maker: BatchMaker, _ keys: [PublicKey], _ ledger: Ledger) async throws -> BatchFile {
        let secret = RandomBytes.make(BatchPackSecret.length)
        let tree: ItemTree
        do { tree = try await maker.tree(keys, secret: secret) } catch let error as FormatError {
            throw CommandFailure(.wrong, "\(seeds): \(error.reason)")
        }
        let json = try event.map { try InputFile($0).bytes } ?? maker.eventJSON(now: Time.text(Clock.now))
        var gate = try await validation.gate(
            ledger: LedgerReader(
                DirectorySource(ledger.directory),
                key: ledger.information.key,
                checker: SodiumSignatureChecker()
            )
        )
        let event = try maker.event(json, tree, named: event ?? "the event", gate: &gate)
        return BatchFile(
            issuer: signing.issuer,
            payload: try event.payload(),
            secret: secret,
            serials: maker.file.items.map(\.serial),
            keys: keys
        )
    }

    private func append(_ batch: BatchFile, to ledger: Ledger, _ signer: SigningKey) async throws -> Ledger.Appended {
        do {
            let appended = try await ledger.issue(
                [Ledger.Draft(payload: batch.payload, subject: try EPCISEvent(payload: batch.payload).subject)],
                issuer: batch.issuer,
                issuedAt: Clock.now,
                with: signer,
                until: .published
            )
            guard let entry = appended.first else { throw CommandFailure(.unavailable, "\(output): nothing was appended") }
            return entry
        } catch let error as Ledger.IssueRefusal { throw CommandFailure(.wrong, "\(seeds): \(error.description)") }
    }

    private func say(_ appended: Ledger.Appended, _ batch: BatchFile, _ time: Duration) throws {
        if json {
            try Console.json(
                .object([
                    "index": .number(appended.index), "leafHash": .text(appended.leafHash.description),
                    "duplicate": .boolean(appended.isDuplicate), "items": .number(UInt64(batch.serials.count)),
                    "file": .text(output),
                ])
            )
        } else {
            try Console.line("\(appended.index)\t\(appended.leafHash)\t\(batch.serials.count) items")
        }
        Console.note(
            "\(batch.serials.count) items in \(Demo.seconds(time)); next: when the codes are printed, destroy the seeds with "
                + "`traceledger item shred \(seeds)`"
        )
    }
}

/// The length of the secret that a batch's salts are derived from.
enum BatchPackSecret { static let length = 16 }
