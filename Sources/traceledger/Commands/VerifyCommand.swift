import ArgumentParser
import EPCISJSON
import GS1
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// `verify`: checks evidence, step by step.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check statements, receipts, proofs and checkpoints under the keys that you trust.",
        discussion: """
            Needs no network and no ledger. Keys come from you: logs and witnesses from --policy (C2SP tlog-policy) or \
            --log-key, issuers from --registry or --issuer-key. Each step that was taken is a line, and so is what could not be checked. \
            Exit code 0 only if every signature and proof was checked and the verdict is issued, issuedAndLogged or \
            secretMatches; 1 for other verdicts; 2 where a key or an input is missing.

            Example:
              traceledger verify proof.cose --log-key "$(cat farm.vkey)" \\
                --issuer-key 9521101000009=farm.pub
            """
    )

    @Argument(help: "The files; `-` is standard input.") var files: [String]
    @OptionGroup var trust: TrustOptions
    @Option(
        name: .customLong("mirror-key"),
        help: ArgumentHelp("The vkey of a mirror, which computes map roots again; repeat it.", valueName: "vkey"),
        transform: VerifyCommand.mirrorKey
    )
    var mirrorKeys: [VerifierKey] = []
    @Option(help: ArgumentHelp("The statement that a receipt is about.", valueName: "file")) var statement: String?
    @Option(
        name: .customLong("old-checkpoint"),
        help: ArgumentHelp("The checkpoint that a consistency receipt begins at.", valueName: "file")
    )
    var oldCheckpoint: String?
    @Option(help: ArgumentHelp("What a subject proof must be about.", valueName: "id")) var subject: String?
    @Flag(help: "Print one JSON document: an object for one file, an array for several.") var json = false

    func run() async throws {
        let verifier = Verifier(anchors: try anchors(), checker: SodiumSignatureChecker(), now: Clock.now)
        let statement = try statement.map { path in
            switch try VerifyCommand.read(path, { try Evidence(decoding: $0) }) {
            case .statements(let statements) where statements.count == 1: statements[0]
            case .transparentStatement(let transparent): transparent.statement
            case let other:
                throw CommandFailure(.usage, "\(path): --statement takes one statement, this is: \(other.type)")
            }
        }
        let old = try oldCheckpoint.map { try VerifyCommand.read($0) { try SignedCheckpoint(bytes: $0) } }
        var documents: [JSONValue] = []
        var worst: Int32 = 0
        var unreadable: CommandFailure?
        for file in files {
            let evidence: Evidence
            do { evidence = try VerifyCommand.read(file, { try Evidence(decoding: $0) }) } catch let failure
                as CommandFailure
            {
                // The others are still checked: what is forged among them must not hide behind it.
                if unreadable != nil { Console.error(failure.message) }
                unreadable = unreadable ?? failure
                continue
            }
            if let subject, case .subjectProof(let proof) = evidence {
                let wanted = SubjectMap.names(of: Identifier(subject)).first ?? subject
                guard wanted.hasSameUTF8(as: proof.subject) else {
                    throw CommandFailure(
                        .wrong,
                        "\(file): it is about \(proof.subject.onOneLine), not about \(wanted.onOneLine)"
                    )
                }
            }
            var bundle: CheckedBundle?
            if case .evidenceBundle(let found) = evidence {
                bundle = CheckedBundle(file: file, result: verifier.verify(found, statement: statement))
            }
            let report =
                bundle?.result.report ?? verifier.verify(evidence, statement: statement, oldCheckpoint: old)
            let status = Int32(report.verdict.exitCode)
            // What is wrong weighs more than what is missing, whichever number is larger.
            if worst != 1, status != 0 { worst = status }
            if json {
                documents.append(bundle?.document ?? report.document(file))
            } else {
                try Console.write(bundle?.text ?? report.text(file))
            }
        }
        if json, !documents.isEmpty { try Console.json(files.count == 1 ? documents[0] : .array(documents)) }
        if let unreadable {
            throw worst == 1 ? CommandFailure(.wrong, unreadable.message) : unreadable
        }
        if worst != 0 { throw ExitCode(worst) }
    }

    private static func mirrorKey(_ text: String) throws -> VerifierKey {
        do {
            let key = try VerifierKey(text: text)
            if key.type == .cosignature { return key }
        } catch { throw ValidationError(error.description) }
        throw ValidationError("a mirror cosigns with a key of type 0x04; this is another's")
    }

    private func anchors() throws -> TrustAnchors {
        var anchors = try trust.anchors()
        anchors.mirrorKeys = mirrorKeys
        return anchors
    }

    /// Reads and decodes a file; errors name it.
    private static func read<Value>(_ path: String, _ decode: ([UInt8]) throws -> Value) throws -> Value {
        let file = try InputFile(path, limit: RegistryPack.maximumByteCount)
        do { return try decode(file.bytes) } catch { throw CommandFailure(error, in: file.name) }
    }
}

extension AsOf {
    /// Its members in JSON.
    fileprivate var document: JSONValue {
        .object(["origin": .text(origin), "size": .number(size), "time": .text(time.map(Time.text))])
    }

    /// For people.
    fileprivate var text: String {
        let seen = time.map { ", seen by the cosigners by \(Time.text($0)) (\(Time.ago($0)))" } ?? ""
        return "size \(size) of \(origin)\(seen)"
    }
}

extension VerificationReport {
    /// The keys of cli.md, and what the verdict is as of.
    func document(_ file: String) -> JSONValue {
        let steps = steps.map { step in
            JSONValue.object(["name": .text(step.name), "ok": .boolean(step.passed), "detail": .text(step.detail)])
        }
        let asOf = asOf?.document
        return .object([
            "file": .text(file), "type": .text(type), "verdict": .text(verdict.name),
            "exit": .number(UInt64(verdict.exitCode)), "steps": .array(steps),
            "unchecked": .array(unchecked.map { .text($0) }), "asOf": asOf ?? JSONValue(.null),
            "registry": registry?.document ?? JSONValue(.null),
            "meaning": .object(["en": .text(verdict.meaning.english), "zh": .text(verdict.meaning.chinese)]),
        ])
    }

    /// A line a step, then the verdict and what it means.
    func text(_ file: String) -> String {
        var text = "\(file): \(type)\n"
        for step in steps {
            let mark = step.passed ? Console.coloured("ok    ", .green) : Console.coloured("FAILED", .red)
            text += "  \(mark)  \(step.name): \(step.detail)\n"
        }
        for what in unchecked { text += "  \(Console.coloured("not checked", .yellow))  \(what)\n" }
        if let asOf { text += "  as of \(asOf.text)\n" }
        if let registry { text += "  whose keys these are as of \(registry.text)\n" }
        let colour: Console.Colour = verdict.exitCode == 0 ? .green : verdict.exitCode == 1 ? .red : .yellow
        return text
            + "\(Console.coloured(verdict.name, colour)): \(verdict.meaning.english)\n\(verdict.meaning.chinese)\n"
    }
}
