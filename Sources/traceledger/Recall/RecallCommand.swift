import ArgumentParser
import EPCISJSON
import GS1
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// `recall`: what is to come back.
struct RecallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recall",
        abstract: "Recalls: say what is recalled and why, and hand that out.",
        discussion: """
            A recall is a signed entry; a recall pack carries it to whoever checks codes without a network.

            Example:
              traceledger recall open LEDGER --id R-2026-03 --class 1 \\
                --scope '(01)09521101530018(10)A7' --reason 'Metal found in two cans.' \\
                --instruction 'Do not feed it. Bring it back to the shop.' \\
                --signer dairy.pem --issuer 9521101000009
              traceledger recall pack LEDGER -o recalls.pack
            """,
        subcommands: [RecallOpenCommand.self, RecallPackCommand.self]
    )
}

/// `recall open`.
struct RecallOpenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Sign a recall and append it.",
        discussion: """
            Class 1 (has harmed or may harm gravely) must start within 24 hours, class 2 within 48, class 3 within 72. A scope \
            is a product, or a lot of it; --serials narrows the scopes to a range of serial numbers of one length. A recall \
            of the same identifier that stands with the same content is shown and not repeated.

            Example:
              traceledger recall open LEDGER --id R-2026-03 --class 1 \\
                --scope '(01)09521101530018(10)A7' --reason 'Metal found in two cans.' \\
                --instruction 'Do not feed it. Bring it back to the shop.' \\
                --signer dairy.pem --issuer 9521101000009
            """
    )

    @Argument(help: "The ledger's directory.") var directory: LedgerLocation
    @Option(name: .customLong("id"), help: "What you call the recall.") var identifier: String
    @Option(name: .customLong("class"), help: "1, 2 or 3.") var level: UInt64
    @Option(help: ArgumentHelp("What is recalled: (01)GTIN or (01)GTIN(10)LOT; repeat it.", valueName: "scope")) var scope: [String]
    @Option(help: ArgumentHelp("Only serial numbers from A to B, of one length.", valueName: "a..b")) var serials: String?
    @Option(help: "Why, in words for consumers.") var reason: String
    @Option(help: "What to do, in words for consumers.") var instruction: String
    @OptionGroup var signing: SigningOptions
    @OptionGroup var ledgerKey: LedgerKeyOption
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws { _ = try recall(opened: 0) }

    private func recall(opened: UInt64) throws -> Recall {
        guard let level = Recall.Class(rawValue: level) else { throw ValidationError("--class is 1, 2 or 3") }
        var range: RecallScope.Serials?
        if let serials {
            guard let dots = serials.firstRange(of: ".."),
                let found = RecallScope.Serials(
                    from: String(serials[..<dots.lowerBound]),
                    to: String(serials[dots.upperBound...])
                )
            else { throw ValidationError("--serials is A..B: two serial numbers of one length, the lower one first") }
            range = found
        }
        do {
            return try Recall(
                identifier: identifier,
                level: level,
                scopes: try scope.map { try RecallOpenCommand.scope($0, range) },
                reason: reason,
                instruction: instruction,
                opened: opened
            )
        } catch let error as FormatError { throw ValidationError(error.reason) }
    }

    private static func scope(_ text: String, _ serials: RecallScope.Serials?) throws -> RecallScope {
        let elements = ElementString(text)?.elements ?? Identifier(text).elements
        guard let gtin = elements.first(where: { $0.ai == 1 })?.value, elements.allSatisfy({ $0.ai == 1 || $0.ai == 10 }) else {
            throw ValidationError("--scope \(text.onOneLine): write (01)GTIN or (01)GTIN(10)LOT; serial numbers with --serials A..B")
        }
        return try RecallScope(gtin: gtin, lot: elements.first { $0.ai == 10 }?.value, serials: serials)
    }

    func run() async throws {
        let directory = try directory.directory(for: "recall open")
        let signer = try signing.readSigner()
        let ledger = try await ledgerKey.open(directory)
        guard signer.publicKey != ledger.information.key.publicKey else {
            throw CommandFailure(.usage, "\(signing.signer): this is the ledger's own key; name another one with --signer")
        }
        let reader = LedgerReader(
            DirectorySource(directory),
            key: ledger.information.key,
            checker: SodiumSignatureChecker()
        )
        var recall = try recall(opened: Clock.now)
        // A retry after a crash must not open it twice: the clock is the one that runs already.
        if let standing = try await standing(in: reader) {
            guard let same = try? self.recall(opened: standing.opened), same == standing else {
                throw CommandFailure(.wrong, "\(directory): a recall \(identifier) with another content stands there; choose another --id")
            }
            recall = standing
        }
        let appended: [Ledger.Appended]
        do {
            appended = try await ledger.issue(
                [Ledger.Draft(payload: recall.encoded, subject: recall.subject)],
                kind: .recall,
                issuer: signing.issuer,
                issuedAt: Clock.now,
                with: signer,
                until: .published
            )
        } catch let error as Ledger.IssueRefusal { throw CommandFailure(.wrong, "\(directory): \(error.description)") }
        try await ledger.close()
        guard let entry = appended.first else { throw CommandFailure(.unavailable, "\(directory): nothing was appended") }
        if json {
            try Console.json(
                .object([
                    "index": .number(entry.index), "leafHash": .text(entry.leafHash.description),
                    "duplicate": .boolean(entry.isDuplicate), "id": .text(identifier), "class": .number(level),
                    "opened": .text(Time.text(recall.opened)), "startBy": .text(Time.text(recall.startDeadline)),
                ])
            )
        } else {
            try Console.line("\(entry.index)\t\(entry.leafHash)\t\(identifier)")
        }
        Console.note("class \(level): it must have started by \(Time.text(recall.startDeadline)); next: `traceledger recall pack`")
    }

    private func standing(in reader: LedgerReader) async throws -> Recall? {
        var found: Recall?
        for entry in try await RecallPackCommand.recalls(in: reader, of: try await reader.checkpoint().checkpoint.head) {
            guard entry.statement.header.issuer.utf8.elementsEqual(signing.issuer.utf8),
                let recall = try? Recall(decoding: entry.statement.payload),
                recall.identifier.utf8.elementsEqual(identifier.utf8)
            else { continue }
            found = recall
        }
        return found
    }
}

/// `recall pack`.
struct RecallPackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Write all recalls of one or more ledgers with their proofs.",
        discussion: """
            A few kilobytes that whoever checks codes loads now and then. A ledger without recalls is in it too: up to its \
            checkpoint there was none.

            Example:
              traceledger recall pack DAIRY https://node.example/brand -o recalls.pack
            """
    )

    @Argument(help: ArgumentHelp("The ledgers.", valueName: "dir|url")) var ledgers: [LedgerLocation]
    @OptionGroup var logKey: LogKeyOption
    @OptionGroup var output: OutputOption

    func validate() throws {
        if ledgers.count > 1, logKey.key != nil { throw ValidationError("--log-key is of one ledger") }
    }

    func run() async throws {
        try output.checkBinary()
        var parts: [RecallPack.Ledger] = []
        for location in ledgers {
            let reader = try await location.reader(logKey)
            let checkpoint = try await reader.checkpoint()
            let head = checkpoint.checkpoint.head
            let entries = try await RecallPackCommand.recalls(in: reader, of: head)
            let hashes = entries.isEmpty
                ? [] : try await reader.multiproof(of: entries.map { ($0.index, $0.statement.leafHash) }, in: head).hashes
            parts.append(try RecallPack.Ledger(checkpoint: checkpoint, entries: entries, hashes: hashes))
            Console.note("\(checkpoint.checkpoint.origin): \(entries.count == 1 ? "1 recall" : "\(entries.count) recalls") at size \(head.size)")
        }
        parts.sort { $0.checkpoint.checkpoint.origin.utf8.lexicographicallyPrecedes($1.checkpoint.checkpoint.origin.utf8) }
        do { try output.write(binary: try RecallPack(parts).encoded) } catch let error as FormatError {
            throw CommandFailure(.usage, error.reason)
        }
    }

    /// All recalls of a ledger, ascending.
    static func recalls(in reader: LedgerReader, of head: TreeHead) async throws -> [EvidenceBundle.Entry] {
        var entries: [EvidenceBundle.Entry] = []
        let bar = ProgressBar("looking for recalls")
        try await reader.forEachEntry(in: 0..<head.size, of: head) { index, bytes in
            bar.update(index, of: head.size)
            let statement = try Statement(decoding: bytes)
            if statement.header.kind == .recall { entries.append(EvidenceBundle.Entry(index: index, statement: statement)) }
        }
        bar.finish()
        return entries
    }
}
