import ArgumentParser
import EPCISJSON
import TraceProof
import TraceSigning

/// `key`: makes keys and shows their public half.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make an Ed25519 key, show the public half of one, or rotate a ledger's.",
        subcommands: [Generate.self, Show.self, RotateLedgerCommand.self]
    )

    /// `key generate`.
    struct Generate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an Ed25519 key (PKCS#8 PEM, mode 0600).",
            discussion: """
                Never overwrites a file. One key, one use: events, ledgers and witnesses each have their own.

                Example:
                  traceledger key generate farm.pem
                """
        )

        @Argument(help: "The file to make.") var file: String
        @Flag(help: "Print one JSON document.") var json = false

        func run() async throws {
            let key = SigningKey.generate()
            do { try KeyFile.write(key, to: file) } catch {
                // A name that is taken is the caller's matter; a disk that is full or read-only is not.
                throw CommandFailure(OutputOption.exists(file) ? .usage : .unavailable, error.description)
            }
            let kid = KeyID(of: key.publicKey).description
            if json {
                try Console.json(
                    .object(["file": .text(file), "kid": .text(kid), "publicKey": .hex(key.publicKey.bytes)])
                )
            } else {
                try Console.line("\(file)\tkid \(kid)\tpublic key \(key.publicKey)")
            }
        }
    }

    /// `key show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the public half of a private or public key file.",
            discussion: """
                Formats: pem (SPKI), vkey (needs --name; the origin of a ledger), hex (32 bytes), kid (RFC 9679), \
                cose (a COSE_Key in CBOR).

                Examples:
                  traceledger key show farm.pem --format pem > farm.pub
                  traceledger key show witness.pem --format vkey --name w.example/1 --cosigner
                """
        )

        enum Format: String, CaseIterable, ExpressibleByArgument { case pem, vkey, hex, kid, cose }

        @Argument(help: "The key file.") var file: String
        @Option(help: "How to write it.") var format = Format.pem
        @Option(help: "The name in a vkey: for a ledger its origin.") var name: String?
        @Flag(help: "The vkey of a witness or mirror (type 0x04), not of a ledger (0x01).") var cosigner = false
        @OptionGroup var output: OutputOption
        @Flag(help: "Print one JSON document with all forms.") var json = false

        func validate() throws {
            if cosigner, name == nil { throw ValidationError("--cosigner is about a vkey: give it a --name NAME") }
            if format == .vkey, name == nil, !json { throw ValidationError("--format vkey needs --name NAME") }
        }

        func run() async throws {
            try output.checkApart(from: [file])
            let key = try Keys.readPublic(file)
            let type = cosigner ? SignatureType.cosignature : .ed25519
            let vkey = try name.map { try VerifierKey(name: $0, type: type, publicKey: key).text }
            if json {
                let forms = JSONValue.object([
                    "file": .text(file), "kid": .text(KeyID(of: key).description), "publicKey": .hex(key.bytes),
                    "pem": .text(key.pem), "cose": .hex(COSEKey.encode(key)), "vkey": .text(vkey),
                ])
                return try output.write(text: forms.serialized(.pretty))
            }
            switch format {
            case .pem: try output.write(text: Array(key.pem.utf8))
            case .vkey: try output.write(text: Array("\(vkey ?? "")\n".utf8))
            case .hex: try output.write(text: Array("\(key)\n".utf8))
            case .kid: try output.write(text: Array("\(KeyID(of: key))\n".utf8))
            case .cose: try output.write(binary: COSEKey.encode(key))
            }
        }
    }
}
