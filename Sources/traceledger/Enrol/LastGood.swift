import ArgumentParser
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// `--ledger` and `--last-good`: how far what a key signed still counts, ledger by ledger.
struct LastGoodOptions: ParsableArguments {
    @Option(
        name: .customLong("ledger"),
        help: ArgumentHelp("A ledger in which all that the key signed so far counts; repeat it.", valueName: "dir|url")
    )
    var ledgers: [LedgerLocation] = []
    @Option(
        name: .customLong("last-good"),
        help: ArgumentHelp(
            "The last entry of the key that counts in a ledger; repeat it.",
            valueName: "origin=seq,leaf-hash"
        ),
        transform: LastGoodOptions.read
    )
    var named: [KeyEnd.LastGood] = []

    static func read(_ text: String) throws -> KeyEnd.LastGood {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = parts.count == 2 ? parts[1].split(separator: ",", omittingEmptySubsequences: false) : []
        guard numbers.count == 2, let number = UInt64(numbers[0]), let bytes = Hex.decode(String(numbers[1])),
            let hash = Digest(bytes), !parts[0].isEmpty
        else { throw ValidationError("ORIGIN=SEQ,HASH: a number and 64 lower-case hexadecimal digits") }
        return KeyEnd.LastGood(origin: String(parts[0]), number: number, hash: hash)
    }

    /// The last good entries of a key that signs events, in each ledger that was named; of a ledger's own key its latest tree.
    func find(_ key: PublicKey, use: KeyGrant.Use = .events) async throws -> [KeyEnd.LastGood] {
        var found = named
        for location in ledgers {
            let reader = try await location.reader(under: nil)
            if case .ledger = use {
                let checkpoint = try await reader.checkpoint().checkpoint
                found.append(
                    KeyEnd.LastGood(
                        origin: checkpoint.origin,
                        number: checkpoint.head.size,
                        hash: checkpoint.head.root
                    )
                )
                continue
            }
            let next = try await reader.nextLink(for: key)
            guard next.sequence > 0 else {
                Console.note("\(location.text): the key with kid \(KeyID(of: key)) signed nothing there")
                continue
            }
            found.append(
                KeyEnd.LastGood(origin: reader.key.name, number: next.sequence - 1, hash: next.previous)
            )
        }
        return found
    }
}
