import ArgumentParser
import Foundation
import GS1
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// Reads private keys and warns of those that others may read.
enum Keys {
    /// The key in `path`, which `option` named.
    static func read(_ path: String, option: String) throws -> SigningKey {
        do {
            let (key, isExposed) = try KeyFile.read(path)
            if isExposed {
                Console.warning("\(path) can be read or written by others: run `chmod 600 \(path)`")
            }
            return key
        } catch { throw CommandFailure(.usage, "\(error); name the key file with \(option)") }
    }

    /// The public half in a file of either kind.
    static func readPublic(_ path: String) throws -> PublicKey {
        do { return try KeyFile.readPublicKey(path) } catch let publicError {
            do { return try KeyFile.read(path).key.publicKey } catch {
                // A private key file is the rarer case for the message only where it says that it is one.
                let file = try InputFile(path, limit: KeyFile.maximumByteCount)
                let isPrivate = file.bytes.starts(with: "-----BEGIN PRIVATE KEY".utf8)
                throw isPrivate ? error : publicError
            }
        }
    }
}

/// `--key`: the ledger's own key, remembered by `init`.
struct LedgerKeyOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("The ledger's key; without it the file that `init` remembered.", valueName: "ledger.pem")
    )
    var key: String?
    @Flag(
        help: ArgumentHelp(
            "Do not ask the ledger's witnesses and mirrors for the newest state; only in the place where it is known."
        )
    )
    var offline = false

    /// Opens the ledger in `directory` for writing, once its witnesses and mirrors were asked.
    func open(_ directory: String) async throws -> Ledger {
        try await LedgerKeyOption.open(directory, key: key, isOffline: offline)
    }

    /// Opens the ledger in `directory` for writing with the key in the file `key`, or else in the one that is remembered.
    static func open(_ directory: String, key: String?, isOffline: Bool) async throws -> Ledger {
        // A rotation that was cut off changes which key file is remembered.
        try await Ledger.finishRotation(directory, checker: SodiumSignatureChecker())
        let signer = try readKey(directory, key)
        let peers = try LedgerPeers.remembered(in: directory, isOffline: isOffline)
        do {
            return try await Ledger.open(directory, signer: signer, checker: SodiumSignatureChecker(), peers: peers)
        } catch let error as FormatError {
            throw LedgerError.corrupt(path: directory, reason: error.description)
        } catch let error as ChainError {
            throw LedgerError.corrupt(path: directory, reason: error.description)
        }
    }

    private static func readKey(_ directory: String, _ key: String?) throws -> SigningKey {
        if let key { return try Keys.read(key, option: "--key") }
        guard FileManager.default.fileExists(atPath: directory) else {
            throw CommandFailure(.usage, "\(directory): there is no ledger here; make one with `traceledger init`")
        }
        guard let remembered = try Ledger.rememberedKeyPath(directory) else {
            throw CommandFailure(.usage, "\(directory): it is not known where the ledger's key is; name it with --key")
        }
        return try Keys.read(remembered, option: "--key")
    }
}

/// `--signer` and `--issuer`: who signs events, and for whom.
struct SigningOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The key that signs the events.", valueName: "key.pem"))
    var signer: String

    @Option(
        help: ArgumentHelp(
            "Who issues the events: a 13-digit GLN, or SCHEME:VALUE such as uscc:91310000MA1FL0000X.",
            valueName: "gln"
        )
    )
    var issuer: String

    func validate() throws {
        if let problem = PartyIdentifier.problem(in: issuer) {
            throw ValidationError("--issuer \(issuer.onOneLine): \(problem)")
        }
    }

    /// The signing key.
    func readSigner() throws -> SigningKey { try Keys.read(signer, option: "--signer") }
}

/// `[ID=]PEM`: a key that may sign, for one issuer or for any.
struct IssuerKeyArgument: ExpressibleByArgument {
    let issuer: String?
    let path: String

    init?(argument: String) {
        // A path may hold an equals sign; an issuer may not.
        if let equals = argument.firstIndex(of: "="),
            PartyIdentifier.problem(in: String(argument[..<equals])) == nil
        {
            issuer = String(argument[..<equals])
            path = String(argument[argument.index(after: equals)...])
        } else {
            issuer = nil
            path = argument
        }
        if path.isEmpty { return nil }
    }

    /// The key in the file.
    func read() throws -> PublicKey {
        do { return try Keys.readPublic(path) } catch {
            throw CommandFailure(
                .usage,
                "\(CommandFailure(error).message); name the key file with --issuer-key [ID=]PEM"
            )
        }
    }
}

/// The clock.
enum Clock {
    /// Now, in seconds since 1970.
    static var now: UInt64 { UInt64(max(0, Date().timeIntervalSince1970)) }
}
