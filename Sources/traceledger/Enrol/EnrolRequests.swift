import ArgumentParser
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// Writes a request and says what to do with it.
private func write(_ request: EnrolmentRequest, to output: OutputOption, json: Bool) throws {
    if let problem = request.problem(checker: SodiumSignatureChecker()) { throw CommandFailure(.wrong, problem) }
    try output.write(binary: request.encoded)
    guard let path = output.path, path != "-" else { return }
    let fingerprint = SHA256.hash(request.encoded).description
    if json {
        try Console.json(
            .object([
                "file": .text(path), "sha256": .text(fingerprint), "kid": .text(KeyID(of: request.signer).description),
                "enrolment": Description.enrolment(request.enrolment),
            ])
        )
    } else {
        try Console.line("\(path)  \(request.enrolment.action.name)  \(request.enrolment.party.onOneLine)")
        try Console.line("sha256  \(fingerprint)")
    }
    Console.note(
        "next: hand the file to the authority of \(request.registry), and tell it the sha256 by another way; it records the "
            + "request with `traceledger enrol approve`"
    )
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
    func grants(registry: String, party: String, from: UInt64) async throws -> [KeyGrant] {
        let uses =
            ledgers.map { (KeyGrant.Use.ledger(origin: $0.left), $0.right, "--ledger") }
            + witnesses.map { (.witness(name: $0.left), $0.right, "--witness") }
            + mirrors.map { (.mirror(name: $0.left), $0.right, "--mirror") }
        var grants: [KeyGrant] = []
        for (use, path, option) in uses {
            let key = try Keys.read(path, option: option)
            grants.append(
                try await KeyGrant.signed(registry: registry, party: party, from: from, use: use, by: key)
            )
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

    @OptionGroup var registry: RegistryNameOption
    @OptionGroup var party: PartyOption
    @Option(name: .customLong("key"), help: ArgumentHelp("A key that signs events; repeat it.", valueName: "key.pem"))
    var keys: [String]
    @OptionGroup var others: OtherKeysOptions
    @OptionGroup var options: PartyOptions
    @OptionGroup var output: OutputOption
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        try output.checkBinary()
        try output.checkApart(from: keys)
        let (registry, now) = (try registry.origin(), Clock.now)
        let signers = try keys.map { try Keys.read($0, option: "--key") }
        guard let first = signers.first else { throw CommandFailure(.usage, "name a key with --key KEY.pem") }
        var grants: [KeyGrant] = []
        for signer in signers {
            grants.append(
                try await KeyGrant.signed(registry: registry, party: party.party, from: now, use: .events, by: signer)
            )
        }
        grants += try await others.grants(registry: registry, party: party.party, from: now)
        let enrolment = try Enrolment(party: party.party, .enrol(try options.data(), grants))
        let request = try await EnrolmentRequest.signed(registry: registry, created: now, enrolment, by: first)
        try write(request, to: output, json: json)
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

    @OptionGroup var registry: RegistryNameOption
    @OptionGroup var party: PartyOption
    @Option(help: ArgumentHelp("A key of the party that is enrolled.", valueName: "key.pem")) var signer: String
    @Option(help: ArgumentHelp("The new key, for events.", valueName: "key.pem")) var key: String?
    @OptionGroup var others: OtherKeysOptions
    @OptionGroup var output: OutputOption
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        try output.checkBinary()
        try output.checkApart(from: [signer] + (key.map { [$0] } ?? []))
        let (registry, now) = (try registry.origin(), Clock.now)
        var grants = try await others.grants(registry: registry, party: party.party, from: now)
        if let key {
            let new = try Keys.read(key, option: "--key")
            grants.append(
                try await KeyGrant.signed(registry: registry, party: party.party, from: now, use: .events, by: new)
            )
        }
        guard grants.count == 1, let grant = grants.first else {
            throw CommandFailure(.usage, "one key a request: --key, --ledger, --witness or --mirror")
        }
        let enrolment = try Enrolment(party: party.party, .addKey(grant))
        let signer = try Keys.read(signer, option: "--signer")
        let request = try await EnrolmentRequest.signed(registry: registry, created: now, enrolment, by: signer)
        try write(request, to: output, json: json)
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

    @OptionGroup var registry: RegistryNameOption
    @OptionGroup var party: PartyOption
    @Option(help: ArgumentHelp("A key of the party that is enrolled.", valueName: "key.pem")) var signer: String
    @OptionGroup var options: PartyOptions
    @OptionGroup var output: OutputOption
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        try output.checkBinary()
        try output.checkApart(from: [signer])
        let enrolment = try Enrolment(party: party.party, .change(try options.data()))
        let request = try await EnrolmentRequest.signed(
            registry: try registry.origin(),
            created: Clock.now,
            enrolment,
            by: try Keys.read(signer, option: "--signer")
        )
        try write(request, to: output, json: json)
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

    @OptionGroup var registry: RegistryNameOption
    @OptionGroup var party: PartyOption
    @Option(help: ArgumentHelp("The key that is enrolled.", valueName: "key.pem")) var old: String
    @Option(help: ArgumentHelp("The key that takes its place.", valueName: "key.pem")) var new: String
    @Option(help: ArgumentHelp("From when on; now without it.", valueName: "time")) var from: Moment?
    @OptionGroup var lastGood: LastGoodOptions
    @OptionGroup var output: OutputOption
    @Flag(help: "Print one JSON document.") var json = false

    func run() async throws {
        try output.checkBinary()
        try output.checkApart(from: [old, new])
        let (registry, now) = (try registry.origin(), Clock.now)
        let oldKey = try Keys.read(old, option: "--old")
        let enrolment = try await Enrolment.rotation(
            registry: registry,
            party: party.party,
            from: oldKey,
            to: try Keys.read(new, option: "--new"),
            moment: from?.seconds ?? now,
            lastGood: try await lastGood.find(oldKey.publicKey)
        )
        let request = try await EnrolmentRequest.signed(registry: registry, created: now, enrolment, by: oldKey)
        try write(request, to: output, json: json)
    }
}
