import ArgumentParser

/// `stamp`: codes on packs.
struct StampCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stamp",
        abstract: "Codes on packs: signed Digital Links that a consumer checks without a network.",
        discussion: """
            A stamp is a GS1 Digital Link with the signature of whoever issued exactly this identity. It proves who issued it; \
            that a pack is no copy shows the hidden code under its seal (`traceledger item`). See Docs/Stamps.md.

            Example:
              traceledger stamp create --gtin 09521101530018 --lot A7 --serial 1001 \\
                --expiry 271231 --signer dairy.pem --host q.dairy.example
            """,
        subcommands: [StampCreateCommand.self, StampQRCommand.self, StampVerifyCommand.self]
    )
}
