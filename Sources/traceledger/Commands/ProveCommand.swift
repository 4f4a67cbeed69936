import ArgumentParser
import TraceLedger
import TraceProof

/// `prove`: writes the proof that an entry is in the ledger.
struct ProveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Write the proof that an entry is in the ledger, for offline use.",
        discussion: """
            Formats: statement (the statement with its receipt, CBOR; the usual one), receipt (RFC 9942), tlog-proof (text, \
            with the checkpoint and the statement in it). Every proof is verified before it is written.

            --subject takes an element string, URN or Digital Link of an item, a lot, a product or a logistic unit. By itself \
            it writes the proof that these entries are about it and no others, up to the last map root of the ledger; in a \
            ledger of your own a root is logged first. With --format, --index or -o DIRECTORY it proves entries one by one, as \
            --event-id does: where several are found they are listed, and --index chooses one; with -o DIRECTORY each is \
            written there as INDEX.cose or INDEX.tlog-proof.

            Example:
              traceledger prove LEDGER --subject '(01)09521101530018(10)A7' -o lot.proof
            """
    )

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case receipt, statement
        case tlogProof = "tlog-proof"

        var fileExtension: String {
            switch self {
            case .receipt: "receipt.cose"
            case .statement: "cose"
            case .tlogProof: "tlog-proof"
            }
        }
    }

    @Argument(help: ArgumentHelp("The ledger.", valueName: "dir|url")) var ledger: LedgerLocation
    @Option(help: "The index of the entry.") var index: UInt64?
    @Option(name: .customLong("event-id"), help: "The event's own ID or its CBV hash, exactly.") var eventID: String?
    @Option(help: "What the entry is about.") var subject: String?
    @Option(help: "A published size; without it that of the latest checkpoint.") var size: UInt64?
    @Option(name: .customLong("format"), help: "What to write of one entry.") var chosenFormat: Format?
    @OptionGroup var logKey: LogKeyOption
    @OptionGroup var ledgerKey: LedgerKeyOption
    @OptionGroup var output: OutputOption

    func validate() throws {
        guard index != nil || eventID != nil || subject != nil else {
            throw ValidationError("say which entry: --index N, --event-id ID or --subject ID")
        }
        guard eventID == nil || subject == nil else { throw ValidationError("give --event-id or --subject, not both") }
    }

    private var format: Format { chosenFormat ?? .statement }

    func run() async throws {
        if let subject, chosenFormat == nil, index == nil, !output.isDirectory {
            return try await SubjectProver(ledger: ledger, ledgerKey: ledgerKey, logKey: logKey)
                .prove(subject, atSize: size, output)
        }
        if format != .tlogProof { try output.checkBinary() }
        let reader = try await ledger.reader(logKey)
        let checkpoint = try await reader.checkpoint(atSize: size)
        let prover = EntryProver(reader: reader, checkpoint: checkpoint)
        guard let search else {
            return try output.write(try await prove(index ?? 0, prover), as: format)
        }
        let found = try await prover.entries(matching: search)
        guard !found.isEmpty else {
            throw CommandFailure(
                .usage,
                "\(ledger.text): no entry below size \(checkpoint.checkpoint.head.size) is about \(eventID ?? subject ?? "")"
            )
        }
        if let index {
            guard found.contains(where: { $0.index == index }) else {
                throw CommandFailure(.usage, "\(ledger.text): entry \(index) is not about \(eventID ?? subject ?? "")")
            }
            return try output.write(try await prove(index, prover), as: format)
        }
        if let directory = output.path, output.isDirectory {
            for entry in found {
                let path = "\(directory)/\(entry.index).\(format.fileExtension)"
                try OutputOption.write(try await prove(entry.index, prover), to: path)
            }
            return Console.note("wrote \(found.count) proofs to \(directory)")
        }
        guard found.count == 1, let entry = found.first else {
            for entry in found { Console.note("entry \(entry.index): \(entry.description)") }
            throw CommandFailure(
                .usage,
                "\(found.count) entries are about it: choose one with --index, or name an existing directory with -o"
            )
        }
        try output.write(try await prove(entry.index, prover), as: format)
    }

    private var search: EntryProver.Search? { eventID.map { .eventID($0) } ?? subject.map { .subject($0) } }

    private func prove(_ index: UInt64, _ prover: EntryProver) async throws -> [UInt8] {
        switch format {
        case .receipt: try await prover.receipt(index).receipt.encoded()
        case .statement: try await prover.transparentStatement(index)
        case .tlogProof: try await prover.tlogProof(index)
        }
    }
}

extension OutputOption {
    fileprivate func write(_ bytes: [UInt8], as format: ProveCommand.Format) throws {
        if format == .tlogProof { try write(text: bytes) } else { try write(binary: bytes) }
    }
}
