import ArgumentParser
import EPCISJSON
import Foundation
import TraceLedger
import TraceProof
import TraceSigning

/// `key rotate-ledger`: hands a ledger over to another key.
struct RotateLedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-ledger",
        abstract: "Hand a ledger over to another key of its own.",
        discussion: """
            The old key signs its successor into the ledger, and both keys sign the checkpoint of which that entry is \
            the last. From then on the new key alone signs. Mirrors follow by themselves; partners who check with the \
            old vkey go on doing so until they take the new one, which this command prints. Cut off by a crash, it is \
            ended by the next command that opens the ledger.

            Example:
              traceledger key generate ledger-2.pem
              traceledger key rotate-ledger LEDGER --to ledger-2.pem
            """
    )

    @Argument(help: "The ledger's directory.") var directory: LedgerLocation
    @Option(name: .customLong("to"), help: ArgumentHelp("The key that takes over.", valueName: "new.pem"))
    var newKey: String
    @OptionGroup var ledgerKey: LedgerKeyOption
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        let directory = try directory.directory(for: "key rotate-ledger")
        let new = try Keys.read(newKey, option: "--to")
        let ledger = try await ledgerKey.open(directory)
        let old = ledger.information.key
        guard new.publicKey != old.publicKey else {
            throw CommandFailure(
                .usage,
                "\(newKey): it is the ledger's key already; make another with `traceledger key generate`"
            )
        }
        let path = URL(fileURLWithPath: newKey).standardizedFileURL.path
        let rotated: Ledger
        do { rotated = try await ledger.rotateKey(to: new, keyPath: path) } catch LedgerError.refused(_, let reason) {
            throw CommandFailure(.usage, "\(newKey): \(reason)")
        }
        try await rotated.close()
        let size = rotated.information.earlierKeys.last?.until ?? 0
        let vkey = rotated.information.key.text
        if json {
            return try Console.json(
                .object([
                    "directory": .text(directory), "origin": .text(rotated.information.origin),
                    "oldVkey": .text(old.text), "vkey": .text(vkey), "index": .number(size - min(size, 1)),
                    "size": .number(size), "key": .text(path),
                ])
            )
        }
        try Console.write(
            """
            succession  entry \(size - min(size, 1)), signed by the old key
            checkpoint  size \(size), signed by both keys, kept in \(directory)/checkpoints/\(size)
            old vkey    \(old.text)
            new vkey    \(vkey)
            key file    \(path), remembered for later commands

            """
        )
        Console.note(
            "next: give partners the new vkey; their mirrors follow by themselves. Keep the old key file until they have "
                + "it, then destroy it; receipts that it signed stay good under the old vkey"
        )
    }
}
