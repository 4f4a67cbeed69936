import ArgumentParser
import EPCISJSON
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// What every request says: to which registry, for whom; and where it is written.
struct RequestOptions: ParsableArguments {
    @OptionGroup var registry: RegistryNameOption
    @OptionGroup var party: PartyOption
    @OptionGroup var output: OutputOption
    @Flag(help: "Print one JSON document.") var json = false

    /// Refuses, before any work is done, what cannot be written; `keys` are read.
    func check(_ keys: [String?]) throws {
        try output.checkBinary()
        try output.checkApart(from: keys.compactMap { $0 })
    }

    /// The proof that a key is in our hands.
    func grant(
        _ key: SigningKey,
        use: KeyGrant.Use = .events,
        from moment: UInt64
    ) async throws -> KeyGrant {
        try await KeyGrant.signed(
            registry: try registry.origin(),
            party: party.party,
            from: moment,
            use: use,
            by: key
        )
    }

    /// Signs the request, writes it and says what to do with it.
    func send(_ enrolment: Enrolment, by signer: SigningKey) async throws {
        let request = try await EnrolmentRequest.signed(
            registry: try registry.origin(),
            created: Clock.now,
            enrolment,
            by: signer
        )
        if let problem = request.problem(checker: SodiumSignatureChecker()) { throw CommandFailure(.wrong, problem) }
        try output.write(binary: request.encoded)
        guard let path = output.path, path != "-" else { return }
        let fingerprint = SHA256.hash(request.encoded).description
        if json {
            try Console.json(
                .object([
                    "file": .text(path), "sha256": .text(fingerprint),
                    "kid": .text(KeyID(of: request.signer).description),
                    "enrolment": Description.enrolment(request.enrolment),
                ])
            )
        } else {
            try Console.line("\(path)  \(request.enrolment.action.name)  \(request.enrolment.party.onOneLine)")
            try Console.line("sha256  \(fingerprint)")
        }
        Console.note(
            "next: hand the file to the authority of \(request.registry), and tell it the sha256 by another way; it records "
                + "the request with `traceledger enrol approve`"
        )
    }
}

/// Keys for other uses than events: `--ledger`, `--witness`, `--mirror`.
struct OtherKeysOptions: ParsableArguments {
    @Option(
        name: .customLong("ledger"),
        help: ArgumentHelp("A ledger of the party, with its key; repeat it.", valueName: "origin=ledger.pem")
    )
    var ledgers: [Assignment] = []
    @Option(
        name: .customLong("witness"),
        help: ArgumentHelp("A witness of the party, with its key; repeat it.", valueName: "name=witness.pem")
    )
    var witnesses: [Assignment] = []
    @Option(
        name: .customLong("mirror"),
        help: ArgumentHelp("A mirror of the party, with its key; repeat it.", valueName: "name=mirror.pem")
    )
    var mirrors: [Assignment] = []

    /// The grants, each signed by its key.
    func grants(_ request: RequestOptions, from moment: UInt64) async throws -> [KeyGrant] {
        let uses =
            ledgers.map { (KeyGrant.Use.ledger(origin: $0.left), $0.right, "--ledger") }
            + witnesses.map { (.witness(name: $0.left), $0.right, "--witness") }
            + mirrors.map { (.mirror(name: $0.left), $0.right, "--mirror") }
        var grants: [KeyGrant] = []
        for (use, path, option) in uses {
            let key = try Keys.read(path, option: option)
            grants.append(try await request.grant(key, use: use, from: moment))
        }
        return grants
    }
}

/// `enrol request`: asks for a first enrolment.
struct EnrolRequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Ask an authority to enrol you, with proof that you have the keys.",
        discussion: """
            Example:
              traceledger enrol request --registry registry.example/cn \\
                --party 9521101000009 --key farm.pem --ledger example.com/farm=ledger.pem \\
                --name 'zh=青山牧场' --prefix 9521101 --role producer -o farm.request
            """
    )

    @OptionGroup var request: RequestOptions
    @Option(name: .customLong("key"), help: ArgumentHelp("A key that signs events; repeat it.", valueName: "key.pem"))
    var keys: [String]
    @OptionGroup var others: OtherKeysOptions
    @OptionGroup var options: PartyOptions

    func run() async throws {
        try request.check(keys)
        let now = Clock.now
        let signers = try keys.map { try Keys.read($0, option: "--key") }
        guard let first = signers.first else { throw CommandFailure(.usage, "name a key with --key KEY.pem") }
        var grants: [KeyGrant] = []
        for signer in signers { grants.append(try await request.grant(signer, from: now)) }
        grants += try await others.grants(request, from: now)
        let enrolment = try Enrolment(party: request.party.party, .enrol(try options.data(), grants))
        try await request.send(enrolment, by: first)
    }
}

/// `enrol add-key`: asks for a further key.
struct EnrolAddKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-key",
        abstract: "Ask for a further key, signed by one that is enrolled.",
        discussion: """
            Where no enrolled key is left, --signer is the new key, and the authority has to make sure of you by other means.

            Example:
              traceledger enrol add-key --registry registry.example/cn --party 9521101000009 \\
                --signer farm.pem --key line2.pem -o line2.request
            """
    )

    @OptionGroup var request: RequestOptions
    @Option(help: ArgumentHelp("A key of the party that is enrolled.", valueName: "key.pem")) var signer: String
    @Option(help: ArgumentHelp("The new key, for events.", valueName: "key.pem")) var key: String?
    @OptionGroup var others: OtherKeysOptions

    func run() async throws {
        try request.check([signer, key])
        let now = Clock.now
        var grants = try await others.grants(request, from: now)
        if let key { grants.append(try await request.grant(try Keys.read(key, option: "--key"), from: now)) }
        guard grants.count == 1, let grant = grants.first else {
            throw CommandFailure(.usage, "one key a request: --key, --ledger, --witness or --mirror")
        }
        let enrolment = try Enrolment(party: request.party.party, .addKey(grant))
        try await request.send(enrolment, by: try Keys.read(signer, option: "--signer"))
    }
}

/// `enrol change`: asks for other data.
struct EnrolChangeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: "Ask for other names, prefixes, roles, licences or contacts: all of them as they shall be.",
        discussion: """
            Example:
              traceledger enrol change --registry registry.example/cn --party 9521101000009 \\
                --signer farm.pem --name 'en=New Farm' --role producer -o change.request
            """
    )

    @OptionGroup var request: RequestOptions
    @Option(help: ArgumentHelp("A key of the party that is enrolled.", valueName: "key.pem")) var signer: String
    @OptionGroup var options: PartyOptions

    func run() async throws {
        try request.check([signer])
        let enrolment = try Enrolment(party: request.party.party, .change(try options.data()))
        try await request.send(enrolment, by: try Keys.read(signer, option: "--signer"))
    }
}

/// `enrol rotate`: asks for a new key in the place of an old one.
struct EnrolRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Ask for a new key in the place of an old one: the old key signs for the new one.",
        discussion: """
            --ledger names the ledgers that the old key signed into: what stands there now counts for good. Where none is \
            named, what the cosigners had seen before the moment counts.

            Example:
              traceledger enrol rotate --registry registry.example/cn --party 9521101000009 \\
                --old farm.pem --new farm2.pem --ledger LEDGER -o rotate.request
            """
    )

    @OptionGroup var request: RequestOptions
    @Option(help: ArgumentHelp("The key that is enrolled.", valueName: "key.pem")) var old: String
    @Option(help: ArgumentHelp("The key that takes its place.", valueName: "key.pem")) var new: String
    @Option(help: ArgumentHelp("From when on; now without it.", valueName: "time")) var from: Moment?
    @OptionGroup var lastGood: LastGoodOptions

    func run() async throws {
        try request.check([old, new])
        let oldKey = try Keys.read(old, option: "--old")
        let enrolment = try await Enrolment.rotation(
            registry: try request.registry.origin(),
            party: request.party.party,
            from: oldKey,
            to: try Keys.read(new, option: "--new"),
            moment: from?.seconds ?? Clock.now,
            lastGood: try await lastGood.find(oldKey.publicKey)
        )
        try await request.send(enrolment, by: oldKey)
    }
}
