import ArgumentParser

/// `item`: what stands under the seal.
struct ItemCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "item",
        abstract: "Hidden codes: make, commit and destroy their seeds; prove items; open packs.",
        discussion: """
            A seed is printed under the seal of each pack and known nowhere else. The ledger has only the root of a tree over \
            the public halves of all item keys: one entry for a batch. Who opens a pack knows the seed, and can say so once \
            before everybody else. See Docs/Stamps.md.

            Example, from a lot to a proof:
              traceledger item seeds --gtin 09521101530018 --lot A7 --count 10000 \\
                --expiry 271231 -o seeds.csv
              traceledger item commit LEDGER seeds.csv --signer dairy.pem \\
                --issuer 9521101000009 -o A7.batch
              traceledger item shred seeds.csv
              traceledger item prove LEDGER A7.batch K7Q2M9XR5TBD -o can.proof
            """,
        subcommands: [
            ItemSeedsCommand.self, ItemShredCommand.self, ItemCommitCommand.self, ItemPackCommand.self,
            ItemProveCommand.self, ItemVoidCommand.self, ItemActivateCommand.self, ItemSendCommand.self,
            ItemStatusCommand.self,
        ]
    )
}
