public import TraceProof

/// What an authority says of a party in its registry: the payload of kind 65002.
///
/// A registry is a ledger like any other. Its first enrolment is the authority's own, signed by the key that it enrols; all
/// that follow are signed by a key of the authority. What they come to is `Registry` in `TraceVerification`.
public struct Enrolment: Hashable, Sendable {
    /// What changes.
    public enum Action: Hashable, Sendable {
        /// The party is new here.
        case enrol(PartyData, [KeyGrant])
        /// A further key.
        case addKey(KeyGrant)
        /// The key does not sign any more from a moment on; nothing is wrong with what it signed.
        case retire(KeyEnd)
        /// The key must not be believed from a moment on.
        case revoke(KeyEnd)
        /// Other data, all of it.
        case change(PartyData)
        /// The party is none any more, from this moment on (seconds since 1970).
        case withdraw(UInt64)
        /// A new key in the place of an old one, which consents by its signature over
        /// ``Enrolment/consentMessage(registry:party:old:new:moment:)``.
        case rotate(KeyEnd, KeyGrant, consent: Signature)

        /// The number in the payload.
        var number: UInt64 {
            switch self {
            case .enrol: 1
            case .addKey: 2
            case .retire: 3
            case .revoke: 4
            case .change: 5
            case .withdraw: 6
            case .rotate: 7
            }
        }

        /// The action in a word or two, for people.
        public var name: String {
            switch self {
            case .enrol: "enrol"
            case .addKey: "add key"
            case .retire: "retire key"
            case .revoke: "revoke key"
            case .change: "change data"
            case .withdraw: "withdraw"
            case .rotate: "rotate key"
            }
        }

        /// The keys that it brings.
        public var grants: [KeyGrant] {
            switch self {
            case .enrol(_, let grants): grants
            case .addKey(let grant), .rotate(_, let grant, _): [grant]
            default: []
            }
        }
    }

    /// Who: a GLN, or a party identifier with its scheme (``PartyIdentifier``). In the rotation of a ledger's own key, which
    /// stands in that ledger, its origin.
    public let party: String
    /// What changes.
    public let action: Action

    /// A change of what is known of `party`.
    ///
    /// - Throws: ``FormatError`` for a party that is none, and for an enrolment without a key or with more than 256.
    public init(party: String, _ action: Action) throws(FormatError) {
        (self.party, self.action) = (party, action)
        if case .enrol(_, let grants) = action, !(1...PartyData.maximumCount).contains(grants.count) {
            throw FormatError("enrolment", at: .whole, "a party is enrolled with 1 to \(PartyData.maximumCount) keys")
        }
        if case .rotate(_, let grant, _) = action, case .ledger(let origin) = grant.use, origin.hasSameUTF8(as: party) {
            return
        }
        if let problem = PartyIdentifier.problem(in: party) { throw FormatError("enrolment", at: .whole, problem) }
    }

    /// What the old key signs when a new one takes its place at `moment`.
    public static func consentMessage(
        registry: String,
        party: String,
        old: PublicKey,
        new: PublicKey,
        moment: UInt64
    ) -> [UInt8] {
        var writer = CBORWriter()
        writer.array(5)
        writer.text(registry)
        writer.text(party)
        writer.bytes(old.bytes)
        writer.bytes(new.bytes)
        writer.unsigned(moment)
        return Array("traceledger/consent/v1\n".utf8) + writer.output
    }

    /// Whether the old key of a rotation consented; `true` for every other action.
    public func hasConsent(registry: String, checker: some SignatureChecker) -> Bool {
        guard case .rotate(let end, let grant, let consent) = action else { return true }
        let message = Enrolment.consentMessage(
            registry: registry,
            party: party,
            old: end.key,
            new: grant.key,
            moment: end.moment
        )
        return checker.admits(consent, for: message, by: end.key)
    }

    #if !hasFeature(Embedded)
    /// The rotation from `old` to `new` at `moment`, signed by both. Throws what the signers throw.
    public static func rotation(
        registry: String,
        party: String,
        from old: any Signer,
        to new: any Signer,
        use: KeyGrant.Use = .events,
        moment: UInt64,
        lastGood: [KeyEnd.LastGood] = []
    ) async throws -> Enrolment {
        let message = consentMessage(
            registry: registry,
            party: party,
            old: old.publicKey,
            new: new.publicKey,
            moment: moment
        )
        let consent = try await old.signature(for: message)
        let end = try KeyEnd(key: old.publicKey, moment: moment, reason: .superseded, lastGood: lastGood)
        let grant = try await KeyGrant.signed(registry: registry, party: party, from: moment, use: use, by: new)
        return try Enrolment(party: party, .rotate(end, grant, consent: consent))
    }
    #endif
}

extension Enrolment {
    /// The payload's bytes.
    public var encoded: [UInt8] {
        var writer = CBORWriter()
        writer.map { map in
            map.entry(1) { $0.unsigned(action.number) }
            map.entry(2) { $0.text(party) }
            switch action {
            case .enrol(let data, let grants):
                map.entry(3) { data.write(to: &$0) }
                map.entry(4) { $0.list(grants) { $1.write(to: &$0) } }
            case .addKey(let grant): map.entry(4) { $0.list([grant]) { $1.write(to: &$0) } }
            case .retire(let end), .revoke(let end): map.entry(5) { end.write(to: &$0) }
            case .change(let data): map.entry(3) { data.write(to: &$0) }
            case .withdraw(let moment): map.entry(7) { $0.unsigned(moment) }
            case .rotate(let end, let grant, let consent):
                map.entry(4) { $0.list([grant]) { $1.write(to: &$0) } }
                map.entry(5) { end.write(to: &$0) }
                map.entry(6) { $0.bytes(consent.bytes) }
            }
        }
        return writer.output
    }

    /// Reads the payload.
    ///
    /// - Throws: ``FormatError`` for anything but deterministic CBOR of exactly the fields that the action has.
    public init(decoding payload: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: payload, format: "enrolment")
        let start = reader
        var fields = Fields()
        for _ in 0..<(try reader.map()) { try fields.read(from: &reader) }
        guard let party = fields.party, let action = fields.action else {
            throw start.refuse("the fields are not exactly those of one action")
        }
        do { try self.init(party: party, action) } catch { throw start.refuse(error.reason) }
    }

    private struct Fields {
        var number: UInt64?
        var party: String?
        var data: PartyData?
        var grants: [KeyGrant] = []
        var end: KeyEnd?
        var consent: Signature?
        var moment: UInt64?
        /// Which of the keys 3 to 7 are there.
        var present: Set<Int64> = []

        mutating func read(from reader: inout CBORReader) throws(FormatError) {
            let place = reader
            let key = try reader.integer()
            switch key {
            case 1: number = try reader.unsigned()
            case 2: party = try reader.text()
            case 3: data = try PartyData(reading: &reader)
            case 4: grants = try reader.list { reader throws(FormatError) in try KeyGrant(reading: &reader) }
            case 5: end = try KeyEnd(reading: &reader)
            case 6: consent = Signature(try reader.byteString(count: Signature.byteCount))
            case 7:
                moment = try reader.unsigned()
                guard moment.map({ $0 <= TreeSize.maximum }) ?? false else {
                    throw place.refuse("the moment is above 2^63-1")
                }
            default: throw place.refuse("key \(key) has no place in an enrolment")
            }
            if key > 2 { present.insert(key) }
        }

        var action: Action? {
            switch number {
            case 1: present == [3, 4] ? data.map { .enrol($0, grants) } : nil
            case 2: present == [4] && grants.count == 1 ? .addKey(grants[0]) : nil
            case 3: present == [5] ? end.map { .retire($0) } : nil
            case 4: present == [5] ? end.map { .revoke($0) } : nil
            case 5: present == [3] ? data.map { .change($0) } : nil
            case 6: present == [7] ? moment.map { .withdraw($0) } : nil
            case 7: rotation
            default: nil
            }
        }

        private var rotation: Action? {
            guard present == [4, 5, 6], grants.count == 1, let end, let consent else { return nil }
            return .rotate(end, grants[0], consent: consent)
        }
    }
}
