public import TraceProof

/// A key that a registry says is a party's, and since when.
public struct KeyGrant: Hashable, Sendable {
    /// What a key is for. Keys are separate, always: none serves two of these (formats.md section 1).
    public enum Use: Hashable, Sendable {
        /// Signs statements as the party.
        case events
        /// Signs checkpoints and receipts of the ledger with this origin.
        case ledger(origin: String)
        /// Cosigns checkpoints under this name, having seen that they extend what it saw before.
        case witness(name: String)
        /// Cosigns checkpoints under this name, having copied and checked what is under them.
        case mirror(name: String)

        /// The number in the payload, and the name that goes with it.
        var parts: (number: UInt64, name: String?) {
            switch self {
            case .events: (0, nil)
            case .ledger(let origin): (1, origin)
            case .witness(let name): (2, name)
            case .mirror(let name): (3, name)
            }
        }

        /// Whether both are the same use, under the same name byte for byte.
        public static func == (left: Use, right: Use) -> Bool {
            let (one, other) = (left.parts, right.parts)
            return one.number == other.number && (one.name ?? "").hasSameUTF8(as: other.name ?? "")
        }

        /// The use in a few words, for people.
        public var description: String {
            switch self {
            case .events: "events"
            case .ledger(let origin): "ledger \(origin)"
            case .witness(let name): "witness \(name)"
            case .mirror(let name): "mirror \(name)"
            }
        }
    }

    /// The key.
    public let key: PublicKey
    /// Since when it is the party's, in seconds since 1970: what was signed before is not the party's.
    public let from: UInt64
    /// What it is for.
    public let use: Use
    /// The key's own signature over ``possessionMessage(registry:party:key:use:)``: whoever asked for it had it.
    public let possession: Signature

    /// A grant of these parts.
    public init(key: PublicKey, from: UInt64, use: Use, possession: Signature) {
        (self.key, self.from, self.use, self.possession) = (key, from, use, possession)
    }

    /// The same key, since another moment; the proof of possession does not cover it.
    public func since(_ moment: UInt64) -> KeyGrant {
        KeyGrant(key: key, from: moment, use: use, possession: possession)
    }

    /// What a key signs to show that whoever asks for its enrolment has it: bound to the registry and to the party, so that
    /// it serves nobody else.
    public static func possessionMessage(registry: String, party: String, key: PublicKey, use: Use) -> [UInt8] {
        var writer = CBORWriter()
        writer.array(4)
        writer.text(registry)
        writer.text(party)
        writer.bytes(key.bytes)
        KeyGrant.write(use, to: &writer)
        return Array("traceledger/possession/v1\n".utf8) + writer.output
    }

    /// Whether the key really was in the hands of whoever asked.
    public func isPossessed(registry: String, party: String, checker: some SignatureChecker) -> Bool {
        let message = KeyGrant.possessionMessage(registry: registry, party: party, key: key, use: use)
        return checker.isValidPoint(key.bytes) && checker.admits(possession, for: message, by: key)
    }

    #if !hasFeature(Embedded)
    /// A grant with the proof that `signer` has the key. Throws what the signer throws.
    public static func signed(
        registry: String,
        party: String,
        from: UInt64,
        use: Use,
        by signer: any Signer
    ) async throws -> KeyGrant {
        let message = possessionMessage(registry: registry, party: party, key: signer.publicKey, use: use)
        let possession = try await signer.signature(for: message)
        return KeyGrant(key: signer.publicKey, from: from, use: use, possession: possession)
    }
    #endif

    func write(to writer: inout CBORWriter) {
        writer.map { map in
            map.entry(1) { $0.bytes(key.bytes) }
            map.entry(2) { $0.unsigned(from) }
            if use != .events { map.entry(3) { KeyGrant.write(use, to: &$0) } }
            map.entry(4) { $0.bytes(possession.bytes) }
        }
    }

    private static func write(_ use: Use, to writer: inout CBORWriter) {
        let parts = use.parts
        writer.array(parts.name == nil ? 1 : 2)
        writer.unsigned(parts.number)
        if let name = parts.name { writer.text(name) }
    }

    init(reading reader: inout CBORReader) throws(FormatError) {
        let start = reader
        var key: PublicKey?
        var from: UInt64?
        var use = Use.events
        var possession: Signature?
        for _ in 0..<(try reader.map()) {
            let place = reader
            switch try reader.integer() {
            case 1: key = PublicKey(try reader.byteString(count: PublicKey.byteCount))
            case 2: from = try reader.unsigned()
            case 3: use = try KeyGrant.use(&reader)
            case 4: possession = Signature(try reader.byteString(count: Signature.byteCount))
            case let other: throw place.refuse("key \(other) has no place in the grant of a key")
            }
        }
        guard let key, let from, let possession, from <= TreeSize.maximum else {
            throw start.refuse("a grant has a key (1), a moment up to 2^63-1 (2) and a proof of possession (4)")
        }
        self.init(key: key, from: from, use: use, possession: possession)
    }

    private static func use(_ reader: inout CBORReader) throws(FormatError) -> Use {
        let place = reader
        try reader.array(count: 2)
        let number = try reader.unsigned()
        let name = try reader.text()
        guard (1...StatementHeader.maximumTextLength).contains(name.utf8.count) else {
            throw place.refuse("a name has 1 to \(StatementHeader.maximumTextLength) bytes")
        }
        switch number {
        case 1: return .ledger(origin: name)
        case 2: return .witness(name: name)
        case 3: return .mirror(name: name)
        default: throw place.refuse("the use \(number) is none: 1 ledger, 2 witness, 3 mirror; none for events")
        }
    }
}
