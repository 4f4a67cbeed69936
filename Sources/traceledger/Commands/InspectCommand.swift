import ArgumentParser
import EPCISJSON

/// `inspect`: shows what is in a file.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Decode a file: statement, receipt, checkpoint, proof, policy, key, tile, any CBOR.",
        discussion: """
            Nothing is verified: that is `traceledger verify`. Tiles and entry bundles are told by their path \
            (tile/...). Private keys are never shown, only their public half.

            Example:
              traceledger inspect proof.cose
            """
    )

    @Argument(help: "The file; `-` is standard input.") var file: String
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        let input = try InputFile(file, limit: 1 << 26)
        let decoded: DecodedFile
        do { decoded = try DecodedFile(input.bytes, path: file) } catch { throw CommandFailure(error, in: input.name) }
        try json ? Console.json(decoded.document) : Console.write(decoded.text)
    }
}
