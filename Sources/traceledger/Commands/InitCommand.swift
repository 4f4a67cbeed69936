import ArgumentParser
import EPCISJSON
import Foundation
import TraceLedger
import TraceProof
import TraceSigning

/// `init`: makes a ledger.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a new ledger in an empty directory.",
        discussion: """
            The origin is the ledger's name for good: a host name you own and a path, without https://. \
            Without --registry and --issuer-key whoever can write into the directory may append as any issuer. \
            The witnesses of --policy and the mirrors of --mirror are asked each time the ledger is opened for \
            writing, so that a backup that was put back is noticed before it forks the ledger.

            Example:
              traceledger init LEDGER --origin example.com/farm --key ledger.pem \\
                --mirror https://mirror.example/farm
            """
    )

    @Argument(help: "The directory; it must be new or empty.") var directory: String
    @Option(help: "The ledger's unique name, e.g. example.com/farm.") var origin: String
    @Option(help: ArgumentHelp("The ledger's key; where it is is remembered.", valueName: "ledger.pem"))
    var key: String
    @Option(
        name: .customLong("issuer-key"),
        help: ArgumentHelp("A key that may sign, for one issuer or for any; repeat it.", valueName: "[id=]pem")
    )
    var issuerKeys: [IssuerKeyArgument] = []
    @OptionGroup var admission: AdmissionOptions
    @Option(
        help: ArgumentHelp(
            "A tlog-policy: its witnesses, by their URLs, their quorum, and the log of the registry.",
            valueName: "file"
        )
    )
    var policy: String?
    @Option(
        name: .customLong("mirror"),
        help: ArgumentHelp("A mirror of this ledger; repeat it.", valueName: "dir|url")
    )
    var mirrors: [LedgerLocation] = []
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        let peers = try LedgerPeers.named(policy: policy, mirrors: mirrors)
        let location = LedgerLocation(argument: directory)
        let directory = try location?.directory(for: "init") ?? directory
        let signer = try Keys.read(key, option: "--key")
        let issuers = try issuerKeys.map { LedgerInformation.IssuerKey(issuer: $0.issuer, key: try $0.read()) }
        let registry = try admission.admission(policy: policy)
        let checker = SodiumSignatureChecker()
        let ledger = try await Ledger.create(
            directory,
            origin: origin,
            signer: signer,
            issuerKeys: issuers,
            registry: registry,
            keyPath: URL(fileURLWithPath: key).standardizedFileURL.path,
            peers: peers,
            created: Clock.now,
            nonce: RandomBytes.make(16),
            checker: checker
        )
        try await ledger.close()
        let reader = try await LedgerReader(DirectorySource(directory), checker: checker)
        let genesis = try await reader.genesis()
        let vkey = ledger.information.key.text
        if json {
            try Console.json(
                .object([
                    "directory": .text(directory), "origin": .text(origin), "vkey": .text(vkey),
                    "genesis": .text(genesis.description), "size": .number(1),
                    "cosigners": .number(UInt64(peers?.policy?.witnesses.count ?? 0)),
                    "mirrors": .array((peers?.mirrors ?? []).map { .text($0) }),
                ])
            )
        } else {
            try Console.write(
                """
                directory  \(directory)
                origin     \(origin)
                vkey       \(vkey)
                genesis    \(genesis)

                """
            )
        }
        guard peers?.isEmpty ?? true else { return }
        Console.note(
            "no cosigners and no mirrors: nobody else has seen this ledger's checkpoints, so a rollback to an older "
                + "state cannot be noticed; name some with --policy or --mirror, or keep the vkey, and checkpoints, somewhere else"
        )
    }
}
