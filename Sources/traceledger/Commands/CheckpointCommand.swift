import ArgumentParser
import EPCISJSON
import Foundation
import TraceLedger
import TraceProof

/// `checkpoint`: the latest signed state of a ledger.
struct CheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Print the latest checkpoint (C2SP tlog-checkpoint), published first if need be.",
        discussion: """
            On a directory this opens the ledger, which publishes what an interrupted run left behind; another process \
            that has it open publishes itself, and then its checkpoint is printed. A copy without state/ is only read. \
            --map-root logs the root of the map of subjects first, so that proofs of completeness (`prove --subject`) reach \
            up to here.

            Example:
              traceledger checkpoint LEDGER > farm.checkpoint
            """
    )

    @Argument(help: ArgumentHelp("The ledger.", valueName: "dir|url")) var ledger: LedgerLocation
    @OptionGroup var ledgerKey: LedgerKeyOption
    @Flag(name: .customLong("map-root"), help: "Log the root of the map of subjects first.") var logsMapRoot = false
    @OptionGroup var logKey: LogKeyOption
    @OptionGroup var output: OutputOption
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        if logsMapRoot {
            let ledger = try await ledgerKey.open(try ledger.directory(for: "checkpoint --map-root"))
            if try await ledger.logMapRoot() == nil { Console.note("nothing was appended since the last map root") }
            try await ledger.close()
        } else {
            try await publish()
        }
        let signed = try await ledger.reader(logKey).checkpoint()
        guard json else { return try output.write(text: signed.bytes) }
        let document = JSONValue.object([
            "origin": .text(signed.checkpoint.origin), "size": .number(signed.checkpoint.head.size),
            "root": .text(signed.checkpoint.head.root.description),
            "note": .text(String(decoding: signed.bytes, as: UTF8.self)),
        ])
        try output.write(text: document.serialized(.pretty))
    }

    private func publish() async throws {
        guard !ledger.isURL, try ledgerKey.key != nil || Ledger.rememberedKeyPath(ledger.text) != nil else { return }
        do { try await ledgerKey.open(ledger.text).close() } catch let error as FileError
            where error.operation == "lock"
        {
            Console.note("another process has the ledger open and publishes; this is what it has published so far")
        } catch let error as FileError where error.isReadOnly {
            Console.note("\(error): nothing can be published from here; this is what was published before")
        }
    }
}

extension FileError {
    /// Whether it is the place that may not be written into.
    var isReadOnly: Bool { code == EROFS || code == EACCES }
}
