import ArgumentParser
import TraceLedger
import TraceProof
import TraceSigning

/// `consistency`: proves that a ledger only grew.
struct ConsistencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consistency",
        abstract: "Write the RFC 9942 consistency receipt between two published sizes.",
        discussion: """
            Whoever holds the older checkpoint checks with it that nothing was changed or removed since.

            Example:
              traceledger consistency LEDGER --from 40 -o since-40.cose
            """
    )

    @Argument(help: ArgumentHelp("The ledger.", valueName: "dir|url")) var ledger: LedgerLocation
    @Option(help: "The older size.") var from: UInt64
    @Option(help: "The newer size; without it that of the latest checkpoint.") var to: UInt64?
    @OptionGroup var logKey: LogKeyOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        try output.checkBinary()
        let reader = try await ledger.reader(logKey)
        let new = try await reader.checkpoint(atSize: to).checkpoint
        guard from > 0, from < new.head.size else {
            throw CommandFailure(
                .usage,
                "\(ledger.text): a consistency receipt leads from a size above 0 to a larger one, "
                    + "not from \(from) to \(new.head.size); choose --from and --to so"
            )
        }
        let old = try await reader.checkpoint(size: from).checkpoint
        let proof = try await reader.consistencyProof(from: old.head, to: new.head)
        let signature = try await reader.rootSignature(for: new)
        let receipt = try Receipt.consistency(proof, signature: signature)
        let key = try reader.receiptKey(of: signature, size: new.head.size)
        guard try receipt.verify(oldRoot: old.head.root, key: key, checker: SodiumSignatureChecker()) == new.head.root
        else { throw CommandFailure(.wrong, "\(ledger.text): the receipt that was made does not verify") }
        try output.write(binary: receipt.encoded())
    }
}

extension LedgerReader {
    /// The checkpoint of a size, or the latest.
    func checkpoint(atSize size: UInt64?) async throws -> SignedCheckpoint {
        guard let size else { return try await checkpoint() }
        return try await checkpoint(size: size)
    }
}
