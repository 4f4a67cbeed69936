public import TraceProof
public import TraceStatements

/// What the entries of a registry's ledger come to: whose key is whose, since when, until when.
///
/// A fold over the entries in their order. The first enrolment is the authority's own, signed by the key that it enrols;
/// what follows counts if a key of the authority signed it that had not ended before, in the registry's own order. What does
/// not count is a ``Finding`` and changes nothing.
public struct Registry: Sendable {
    /// A party and all that the registry says of it.
    public struct Party: Hashable, Sendable {
        /// A GLN or a party identifier with its scheme.
        public let identifier: String
        /// Names, prefixes, roles, references.
        public internal(set) var data: PartyData
        /// Its keys, in the order of enrolment.
        public internal(set) var keys: [KeyRecord]
        /// When it ceased to be one, in seconds since 1970.
        public internal(set) var withdrawn: UInt64?
        /// The registry's entries about it.
        public internal(set) var history: [UInt64]
    }

    /// An entry that does not count.
    public struct Finding: Hashable, Sendable {
        /// Its index in the registry.
        public let index: UInt64
        /// Why.
        public let reason: String
    }

    /// The registry's origin.
    public let origin: String
    /// How many entries were read.
    public private(set) var size: UInt64 = 0
    /// The parties in the order of their enrolment; the first is the authority.
    public internal(set) var parties: [Party] = []
    /// Entries that do not count.
    public internal(set) var findings: [Finding] = []
    /// The checkpoint that it is as of; `nil` before it was verified.
    public internal(set) var asOf: AsOf?

    /// Where a party stands, by the hash of its identifier: a table of strings would need Unicode's tables in a browser.
    var places: [Digest: Int] = [:]
    /// Where keys stand, by kid.
    var keyPlaces: [KeyID: (party: Int, key: Int)] = [:]
    /// Where the keys of ledgers stand, by the hash of the origin.
    var ledgerPlaces: [Digest: [(party: Int, key: Int)]] = [:]
    /// Where the keys of mirrors stand.
    var mirrorPlaces: [(party: Int, key: Int)] = []
    /// Whose a company prefix is, by the prefix as a number with its length in front.
    var prefixPlaces: [UInt64: Int] = [:]
    private var chains: SignerChains

    /// The registry of this origin, before its first entry.
    public init(origin: String) {
        self.origin = origin
        chains = SignerChains(origin: origin)
    }

    /// The authority; `nil` before its enrolment.
    public var authority: Party? { parties.first }

    /// The party with this identifier.
    public func party(_ identifier: String) -> Party? {
        places[Registry.place(identifier)].map { parties[$0] }
    }

    static func place(_ identifier: String) -> Digest { SHA256.hash(Array(identifier.utf8)) }

    /// The record of this kid, with the party that it is of. A registry has a kid once.
    public func key(_ keyID: KeyID) -> (party: Party, record: KeyRecord)? {
        keyPlaces[keyID].map { (parties[$0.party], parties[$0.party].keys[$0.key]) }
    }

    /// The key that may have signed a statement of this issuer and kid.
    public func signer(of header: StatementHeader) -> KeyRecord? {
        guard let (party, record) = key(header.keyID), record.grant.use == .events,
            party.identifier.hasSameUTF8(as: header.issuer)
        else { return nil }
        return record
    }

    /// The keys of the ledger with this origin.
    public func ledgerKeys(of origin: String) -> [KeyRecord] {
        (ledgerPlaces[Registry.place(origin)] ?? []).map { parties[$0.party].keys[$0.key] }
    }

    /// The mirrors whose key did not end, by the names under which they cosign.
    public var mirrors: [VerifierKey] {
        mirrorPlaces.compactMap { place in
            let record = parties[place.party].keys[place.key]
            guard record.end == nil, case .mirror(let name) = record.grant.use else { return nil }
            return try? VerifierKey(name: name, type: .cosignature, publicKey: record.grant.key)
        }
    }

    /// The party whose GS1 company prefix begins this digit string, by the longest prefix; withdrawn parties have none.
    public func party(prefixOf digits: String) -> Party? {
        for length in stride(from: min(12, digits.utf8.count), through: 4, by: -1) {
            if let place = Registry.number(ofPrefix: digits.utf8.prefix(length)).flatMap({ prefixPlaces[$0] }) {
                return parties[place]
            }
        }
        return nil
    }

    /// A prefix as a number that no other prefix has; `nil` for what is not at most 12 digits.
    static func number(ofPrefix digits: some Collection<UInt8>) -> UInt64? {
        guard digits.count <= 12 else { return nil }
        var number: UInt64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + UInt64(digit - 0x30)
        }
        return UInt64(digits.count) * 1_000_000_000_000 + number
    }

    /// Takes the next entry of the registry's ledger.
    ///
    /// - Throws: ``FormatError`` for bytes that are no statement, and for a statement that does not continue its signer's
    ///   chain: such an entry cannot stand in a ledger.
    public mutating func append(_ entry: [UInt8], checker: some SignatureChecker) throws(FormatError) {
        let statement = try Statement(decoding: entry)
        let index = size
        let key = chains.key(of: statement.header)
        do { try chains.advance(statement.header, leafHash: statement.leafHash, index: index) } catch {
            throw FormatError("registry", at: .whole, "entry \(index): \(error.description)")
        }
        size += 1
        guard statement.header.kind == .enrolment else { return }
        let problem = enrol(statement, key, index, checker)
        if let problem { findings.append(Finding(index: index, reason: problem)) }
    }
}
