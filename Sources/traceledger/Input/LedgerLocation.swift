import ArgumentParser
import TraceLedger
import TraceProof
import TraceSigning

/// `DIR|URL`: a ledger in a directory or behind a web server.
struct LedgerLocation: ExpressibleByArgument {
    /// As the user wrote it, without slashes at its end.
    let text: String
    let isURL: Bool

    init?(argument: String) {
        var text = argument
        while text.utf8.count > 1, text.hasSuffix("/") { text.removeLast() }
        self.text = text
        let start = text.prefix(8).lowercased()
        isURL = start.hasPrefix("http://") || start.hasPrefix("https://")
        if text.isEmpty || (!isURL && text.contains("://")) { return nil }
    }

    /// Where its files come from.
    func source() throws -> any LedgerSource {
        if isURL { return try HTTPSource(text) }
        return DirectorySource(text)
    }

    /// A reader that checks everything under the key of `--log-key`, or else of the ledger's own `ledger.json`.
    ///
    /// - Parameter mentionsKey: whether a key taken from a directory is mentioned too: where the point is to check it.
    func reader(_ logKey: LogKeyOption, mentionsKey: Bool = false) async throws -> LedgerReader {
        try await reader(under: logKey.key, mentionsKey: mentionsKey)
    }

    /// The same under a key that is known, or else that of the ledger's own `ledger.json`.
    func reader(under key: VerifierKey?, mentionsKey: Bool = false) async throws -> LedgerReader {
        let source = try source()
        let checker = SodiumSignatureChecker()
        if let key {
            return try await LedgerReader(source, key: key, checker: checker).following()
        }
        let reader = try await LedgerReader(source, checker: checker)
        if isURL || mentionsKey {
            Console.note(
                "the ledger's key is taken from \(source.name)/ledger.json: \(reader.key.text); "
                    + "pass --log-key VKEY to check against the key that you trust"
            )
        }
        return reader
    }

    /// The directory, for commands that write.
    func directory(for command: String) throws -> String {
        guard !isURL else {
            throw CommandFailure(
                .usage,
                "\(text): \(command) works on a ledger's own directory; a node (tracenode) takes signed statements with `submit`"
            )
        }
        return text
    }
}

/// `--log-key`, shared by all commands that read a ledger.
struct LogKeyOption: ParsableArguments {
    @Option(
        name: .customLong("log-key"),
        help: ArgumentHelp(
            "The ledger's vkey (type 0x01), as `init` printed it; without it the one in ledger.json is used.",
            valueName: "vkey"
        ),
        transform: LogKeyOption.read
    )
    var key: VerifierKey?

    /// The vkey of a ledger, as text.
    static func read(_ text: String) throws -> VerifierKey {
        do {
            let key = try VerifierKey(text: text)
            if key.type == .ed25519 { return key }
        } catch { throw ValidationError(error.description) }
        throw ValidationError("a ledger's vkey has the signature type 0x01; this is another's")
    }
}
