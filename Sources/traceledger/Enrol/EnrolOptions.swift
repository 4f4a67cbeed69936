import ArgumentParser
import EPCIS
import EPCISJSON
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// A moment on the command line: ISO 8601 with an offset, or seconds since 1970.
struct Moment: ExpressibleByArgument {
    let seconds: UInt64

    init?(argument: String) {
        if let seconds = UInt64(argument), seconds <= TreeSize.maximum {
            self.seconds = seconds
        } else if let time = Timestamp(argument), time.milliseconds >= 0 {
            seconds = UInt64(time.milliseconds / 1000)
        } else {
            return nil
        }
    }
}

/// `LEFT=RIGHT`, both of them not empty.
struct Assignment: ExpressibleByArgument {
    let left: String
    let right: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else { return nil }
        left = String(argument[..<equals])
        right = String(argument[argument.index(after: equals)...])
        if left.isEmpty || right.isEmpty { return nil }
    }
}

/// Who a party is: `--name`, `--prefix`, `--role`, `--licence`, `--contact`.
struct PartyOptions: ParsableArguments {
    @Option(
        name: .customLong("name"),
        help: ArgumentHelp("A name in a language, e.g. zh=青山牧场; repeat it.", valueName: "language=text")
    )
    var names: [Assignment] = []
    @Option(
        name: .customLong("prefix"),
        help: ArgumentHelp("A GS1 company prefix, all of its digits; repeat it.", valueName: "digits")
    )
    var prefixes: [String] = []
    @Option(
        name: .customLong("role"),
        help: ArgumentHelp(
            "\(PartyData.Role.names.dropFirst().joined(separator: ", ")); repeat it.",
            valueName: "role"
        ),
        transform: PartyOptions.role
    )
    var roles: [PartyData.Role] = []
    @Option(
        name: .customLong("licence"),
        help: ArgumentHelp("A licence or certificate, e.g. haccp=CN-123; repeat it.", valueName: "type=number")
    )
    var licences: [Assignment] = []
    @Option(
        name: .customLong("contact"),
        help: ArgumentHelp("tel:, mailto: or https:, never a person's name; repeat it.", valueName: "uri")
    )
    var contacts: [String] = []

    static func role(_ name: String) throws -> PartyData.Role {
        if let role = PartyData.Role(name: name) { return role }
        throw ValidationError("\(name) is no role: \(PartyData.Role.names.joined(separator: ", "))")
    }

    /// The data, with further roles.
    func data(adding more: [PartyData.Role] = []) throws -> PartyData {
        guard !names.isEmpty else {
            throw CommandFailure(.usage, "a party has a name: give it with --name LANGUAGE=TEXT")
        }
        do {
            return try PartyData(
                names: names.map { PartyData.Name(language: $0.left, text: $0.right) },
                prefixes: prefixes,
                roles: Array(Set(roles + more)),
                references: licences.map { PartyData.Reference(type: $0.left, number: $0.right) },
                contacts: contacts
            )
        } catch { throw CommandFailure(.usage, error.reason) }
    }
}

/// `--party`: a GLN, or a party identifier with its scheme.
struct PartyOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("Who: a 13-digit GLN, or SCHEME:VALUE such as uscc:91310000MA1FL0000X.", valueName: "id")
    )
    var party: String

    func validate() throws {
        if let problem = PartyIdentifier.problem(in: party) {
            throw ValidationError("--party \(party.onOneLine): \(problem)")
        }
    }
}

/// `--registry`: the origin of a registry's ledger, or a pack of it.
struct RegistryNameOption: ParsableArguments {
    @Option(help: ArgumentHelp("The registry: the origin of its ledger, or a pack of it.", valueName: "origin|pack"))
    var registry: String

    /// The origin.
    func origin() throws -> String {
        guard OutputOption.exists(registry) else { return registry }
        let file = try InputFile(registry, limit: RegistryPack.maximumByteCount)
        do { return try RegistryPack(decoding: file.bytes).checkpoint.checkpoint.origin } catch {
            throw CommandFailure(error, in: file.name)
        }
    }
}

/// `DIR` and `--signer`, shared by all that an authority records.
struct AuthorityOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The registry's ledger.", valueName: "dir")) var directory: LedgerLocation
    @Option(help: ArgumentHelp("The authority's key.", valueName: "authority.pem")) var signer: String
    @OptionGroup var ledgerKey: LedgerKeyOption
    @Flag(help: "Print one JSON document.") var json = false

    /// Opens the registry for writing.
    func open() async throws -> RegistryWriter {
        let signer = try Keys.read(signer, option: "--signer")
        let ledger = try await ledgerKey.open(try directory.directory(for: "enrol"))
        do { return try await RegistryWriter(ledger, signer: signer, checker: SodiumSignatureChecker()) } catch let
            refusal
            as RegistryWriter.Refusal
        { throw CommandFailure(.wrong, "\(directory.text): \(refusal.description)") }
    }

    /// Records an enrolment and says so.
    ///
    /// - Parameter next: what is to be done after it.
    func record(_ enrolment: Enrolment, in writer: RegistryWriter, next: String) async throws {
        var writer = writer
        let appended: Ledger.Appended
        do { appended = try await writer.record(enrolment, at: Clock.now) } catch let refusal as RegistryWriter.Refusal
        {
            throw CommandFailure(.wrong, "\(directory.text): not recorded: \(refusal.description)")
        }
        try await writer.ledger.close()
        if json {
            return try Console.json(
                .object([
                    "index": .number(appended.index), "leafHash": .text(appended.leafHash.description),
                    "enrolment": Description.enrolment(enrolment),
                ])
            )
        }
        try Console.line("entry \(appended.index)  \(enrolment.action.name)  \(enrolment.party.onOneLine)")
        for grant in enrolment.action.grants {
            try Console.line(
                "key      kid \(KeyID(of: grant.key)), for \(grant.use.description.onOneLine), from \(Time.text(grant.from)) on"
            )
        }
        Console.note("next: \(next)")
    }
}
