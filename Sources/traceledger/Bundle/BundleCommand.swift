import ArgumentParser
import TraceProof
import TraceVerification

/// `bundle`: evidence for somebody without a network, in one file.
struct BundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Evidence in one file: statements with everything that shows they are in their ledgers.",
        discussion: """
            A bundle has the statements, of each ledger one cosigned checkpoint and one proof for all of its statements, \
            and, where they were given, the registry and a copy of the policy. Who checks it brings the policy, and needs no \
            network.

            Example:
              traceledger bundle create LEDGER --lot '(01)09521101530018(10)A7' \\
                --policy POLICY --registry registry.pack -o lot-A7.bundle
              traceledger bundle verify lot-A7.bundle --policy POLICY \\
                --registry registry.pack --format html -o lot-A7.html
            """,
        subcommands: [BundleCreateCommand.self, BundleVerifyCommand.self, BundlePolicyCommand.self]
    )

    /// Reads a bundle; errors name the file.
    static func read(_ path: String) throws -> EvidenceBundle {
        let file = try InputFile(path, limit: EvidenceBundle.maximumByteCount)
        do { return try EvidenceBundle(decoding: file.bytes) } catch { throw CommandFailure(error, in: file.name) }
    }
}

/// `bundle policy`.
struct BundlePolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Write out the policy that a bundle was made under.",
        discussion: """
            It is a copy, and proves nothing: whoever made the bundle chose it. Compare it with what the authority \
            published; the SHA-256 is printed.

            Example:
              traceledger bundle policy lot-A7.bundle -o POLICY
            """
    )

    @Argument(help: "The bundle; `-` is standard input.") var file: String
    @OptionGroup var output: OutputOption

    func run() async throws {
        try output.checkApart(from: [file])
        guard let policy = try BundleCommand.read(file).policy else {
            throw CommandFailure(.usage, "\(file): there is no policy in it; ask the authority for one")
        }
        try output.write(text: policy)
        Console.note("SHA-256 \(SHA256.hash(policy))")
    }
}
