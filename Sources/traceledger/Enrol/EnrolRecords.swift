import ArgumentParser
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// `enrol approve`: records what a request asks for.
struct EnrolApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Record what a request asks for, once you have made sure of who asks.",
        discussion: """
            The signatures in the request prove that whoever made it has the keys; who that is, you have to find out. Look at \
            it first with `traceledger inspect`, and compare its sha256 with what the party tells you by another way.

            Example:
              traceledger enrol approve REGISTRY farm.request --signer authority.pem
            """
    )

    @OptionGroup var authority: AuthorityOptions
    @Argument(help: "The request.") var request: String
    @Option(help: ArgumentHelp("Since when new keys are the party's; now without it.", valueName: "time"))
    var from: Moment?
    @Flag(
        name: .customLong("identity-checked"),
        help: "Accept a request that no enrolled key signed: you made sure of the party by other means."
    )
    var isIdentityChecked = false

    func run() async throws {
        let file = try InputFile(request, limit: 1 << 20)
        let request: EnrolmentRequest
        do { request = try EnrolmentRequest(decoding: file.bytes) } catch { throw CommandFailure(error, in: file.name) }
        if let problem = request.problem(checker: SodiumSignatureChecker()) {
            throw CommandFailure(.wrong, "\(file.name): \(problem)")
        }
        let writer = try await authority.open()
        guard request.registry.hasSameUTF8(as: writer.registry.origin) else {
            throw CommandFailure(
                .wrong,
                "\(file.name): the request is for \(request.registry), and this is \(writer.registry.origin)"
            )
        }
        try checkSigner(request, writer.registry, file.name)
        try await authority.record(
            try granted(request.enrolment),
            in: writer,
            next: "hand out the registry: `traceledger enrol pack build \(authority.directory.text) -o registry.pack`"
        )
    }

    /// A first enrolment is signed by a key in it; everything else by a key that the party has.
    private func checkSigner(_ request: EnrolmentRequest, _ registry: Registry, _ name: String) throws {
        let isOwn = request.enrolment.action.grants.contains { $0.key == request.signer }
        if case .enrol = request.enrolment.action {
            guard isOwn else { throw CommandFailure(.wrong, "\(name): it is not signed by a key in it") }
            return
        }
        let record = registry.party(request.enrolment.party)?.keys.first { $0.grant.key == request.signer }
        guard record.map({ $0.end == nil }) ?? false || isIdentityChecked else {
            throw CommandFailure(
                .wrong,
                "\(name): no key signed it that is enrolled for \(request.enrolment.party) and did not end; if you made sure "
                    + "of the party by other means, pass --identity-checked"
            )
        }
    }

    /// The same enrolment with new keys since the moment that the authority sets. In a rotation the old key set it.
    private func granted(_ enrolment: Enrolment) throws -> Enrolment {
        let moment = from?.seconds ?? Clock.now
        switch enrolment.action {
        case .enrol(let data, let grants):
            return try Enrolment(party: enrolment.party, .enrol(data, grants.map { $0.since(moment) }))
        case .addKey(let grant): return try Enrolment(party: enrolment.party, .addKey(grant.since(moment)))
        default:
            if from != nil { throw CommandFailure(.usage, "--from is for new keys; the request says when") }
            return enrolment
        }
    }
}

/// `--party`, `--key` and `--from`: which key ends, and when.
struct KeyEndOptions: ParsableArguments {
    @OptionGroup var party: PartyOption
    @Option(
        name: .customLong("party-key"),
        help: ArgumentHelp("The key that ends: a public key file, or its kid.", valueName: "pem|kid")
    )
    var key: String
    @Option(help: ArgumentHelp("From when on it does not count; now without it.", valueName: "time")) var from: Moment?
    @Option(help: "Why, in your words.") var comment = ""
    @OptionGroup var lastGood: LastGoodOptions

    /// The end of the key.
    func end(in registry: Registry, _ reason: KeyEnd.Reason) async throws -> KeyEnd {
        let key = try find(in: registry)
        do {
            return try KeyEnd(
                key: key,
                moment: from?.seconds ?? Clock.now,
                reason: reason,
                comment: comment,
                lastGood: try await lastGood.find(key, use: registry.key(KeyID(of: key))?.record.grant.use ?? .events)
            )
        } catch let error as FormatError { throw CommandFailure(.usage, error.reason) }
    }

    private func find(in registry: Registry) throws -> PublicKey {
        guard let bytes = Hex.decode(key), let keyID = KeyID(bytes) else { return try Keys.readPublic(key) }
        guard let found = registry.key(keyID) else {
            throw CommandFailure(.usage, "no key with kid \(keyID) is enrolled in \(registry.origin)")
        }
        return found.record.grant.key
    }
}

/// `enrol retire`: a key signs no more.
struct EnrolRetireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Record that a key signs no more; what it signed stays good.",
        discussion: """
            Example:
              traceledger enrol retire REGISTRY --signer authority.pem --party 9521101000009 \\
                --party-key farm.pub --ledger LEDGER
            """
    )

    @OptionGroup var authority: AuthorityOptions
    @OptionGroup var key: KeyEndOptions

    func run() async throws {
        let writer = try await authority.open()
        let end = try await key.end(in: writer.registry, .unspecified)
        let enrolment = try Enrolment(party: key.party.party, .retire(end))
        try await authority.record(enrolment, in: writer, next: "hand out a new pack")
    }
}

/// `enrol revoke`: a key is not to be believed.
struct EnrolRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Record that a key must not be believed from a moment on, and how far it still is.",
        discussion: """
            Name the last good entry in each ledger that the key signed into: it bounds what a thief can have made better than \
            any clock. Where a ledger is not named, what cosigners had seen before --from counts.

            Example:
              traceledger enrol revoke REGISTRY --signer authority.pem --party 9521101000009 \\
                --party-key farm.pub --reason keyCompromise --from 2026-11-20T08:00:00+08:00 \\
                --last-good example.com/farm=41,9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
            """
    )

    @OptionGroup var authority: AuthorityOptions
    @OptionGroup var key: KeyEndOptions
    @Option(help: "keyCompromise, superseded, cessationOfOperation, privilegeWithdrawn or unspecified (RFC 5280).")
    var reason = "keyCompromise"

    func run() async throws {
        guard let reason = KeyEnd.Reason(name: reason) else {
            throw CommandFailure(
                .usage,
                "\(reason.onOneLine) is no reason of RFC 5280 section 5.3.1, e.g. keyCompromise"
            )
        }
        let writer = try await authority.open()
        let end = try await key.end(in: writer.registry, reason)
        let enrolment = try Enrolment(party: key.party.party, .revoke(end))
        try await authority.record(
            enrolment,
            in: writer,
            next: "hand out a new pack at once: verifiers know it from there"
        )
    }
}

/// `enrol withdraw`: a party is none any more.
struct EnrolWithdrawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Record that a party is none any more: all its keys end.",
        discussion: """
            Example:
              traceledger enrol withdraw REGISTRY --signer authority.pem --party 9521101000009
            """
    )

    @OptionGroup var authority: AuthorityOptions
    @OptionGroup var party: PartyOption
    @Option(help: ArgumentHelp("From when on; now without it.", valueName: "time")) var from: Moment?

    func run() async throws {
        let writer = try await authority.open()
        let enrolment = try Enrolment(party: party.party, .withdraw(from?.seconds ?? Clock.now))
        try await authority.record(enrolment, in: writer, next: "hand out a new pack")
    }
}
