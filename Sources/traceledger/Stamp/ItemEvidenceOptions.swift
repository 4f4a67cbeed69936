import ArgumentParser
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// What is at hand about an item beside the code on its pack.
struct ItemEvidenceOptions: ParsableArguments {
    @Option(name: .customLong("item-proof"), help: ArgumentHelp("A proof that the item is one of a logged batch; repeat it.", valueName: "file"))
    var itemProofs: [String] = []
    @Option(name: .customLong("pack"), help: ArgumentHelp("All items of a batch; repeat it.", valueName: "pack"))
    var packs: [String] = []
    @Option(name: .customLong("recalls"), help: ArgumentHelp("Recalls; repeat it.", valueName: "pack"))
    var recalls: [String] = []
    @Option(
        name: .customLong("activations"),
        help: ArgumentHelp("All that a ledger has about the item (`prove --subject`); repeat it.", valueName: "file")
    )
    var activations: [String] = []
    @Option(help: ArgumentHelp("The hidden code; other users of this computer can see it: better --code-file.", valueName: "code"))
    var code: String?
    @Option(name: .customLong("code-file"), help: ArgumentHelp("The file of the hidden code; `-` is standard input.", valueName: "file"))
    var codeFile: String?
    @Option(name: .customLong("own"), help: ArgumentHelp("The activation that you made yourself.", valueName: "file"))
    var own: String?

    func validate() throws {
        if code != nil, codeFile != nil { throw ValidationError("--code and --code-file: which of them?") }
    }

    /// The evidence, and the hidden code where it was given.
    func read() throws -> (evidence: ItemEvidence, code: HiddenCode?) {
        var evidence = ItemEvidence()
        for path in itemProofs { evidence.items.append(try Self.read(path, BatchPack.maximumByteCount) { try LoggedItem(decoding: $0) }) }
        for path in packs { evidence.packs.append(try Self.read(path, BatchPack.maximumByteCount) { try BatchPack(decoding: $0) }) }
        for path in recalls { evidence.recalls.append(try Self.read(path, RecallPack.maximumByteCount) { try RecallPack(decoding: $0) }) }
        for path in activations {
            evidence.histories.append(try Self.read(path, RegistryPack.maximumByteCount) { try SubjectProof(decoding: $0) })
        }
        evidence.ownActivation = try own.map { try Self.read($0, 1 << 16) { try Statement(decoding: $0) }.leafHash }
        return (evidence, try hiddenCode())
    }

    private func hiddenCode() throws -> HiddenCode? {
        let (text, name) = try codeFile.map { path in
            let file = try InputFile(path, limit: 4096)
            return (String(decoding: file.bytes, as: UTF8.self), file.name)
        } ?? (code, "--code")
        return try text.map { try Self.hiddenCode($0, name) }
    }

    /// Reads a hidden code that `name` gave.
    static func hiddenCode(_ text: String, _ name: String) throws -> HiddenCode {
        do { return try HiddenCode(parsing: text) } catch { throw CommandFailure(.usage, "\(name): \(error.reason)") }
    }

    /// Reads and decodes a file; errors name it.
    static func read<Value>(_ path: String, _ limit: Int, _ decode: ([UInt8]) throws -> Value) throws -> Value {
        let file = try InputFile(path, limit: limit)
        do { return try decode(file.bytes) } catch { throw CommandFailure(error, in: file.name) }
    }
}
