/// The signature type byte of a key, as signed-note v1.0.0 and tlog-cosignature assign them.
public struct SignatureType: RawRepresentable, Hashable, Sendable {
    /// The byte.
    public let rawValue: UInt8

    /// The type with this byte, known here or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Ed25519 over the note text: a log's signature.
    public static let ed25519 = SignatureType(rawValue: 0x01)
    /// Timestamped Ed25519: a cosignature (tlog-cosignature v1.0.1).
    public static let cosignature = SignatureType(rawValue: 0x04)
    /// RFC 6962 TreeHeadSignature (static-ct-api): parsed, never verified here.
    public static let rfc6962 = SignatureType(rawValue: 0x05)
    /// Timestamped ML-DSA-44 (tlog-cosignature v1.1.0): parsed, never verified here.
    public static let mlDSA44 = SignatureType(rawValue: 0x06)

    /// The length of a public key of this type, whose ID then follows from it; `nil` where no rule is known here.
    fileprivate var keyByteCount: Int? {
        switch self {
        case .ed25519, .cosignature: 32
        case .mlDSA44: 1312
        default: nil
        }
    }
}

/// A verifier key, `vkey` for short: whose signatures on notes to believe (signed-note v1.0.0, "Verifier keys").
///
/// As text it is `name+hash+base64(type || key)`, e.g. `example.com/log+0e8d3a16+AZ...`, where hash is the key ID in
/// hexadecimal. The base64 may hold plus signs of its own: the text is split at its first two only.
public struct VerifierKey: Sendable {
    /// The longest text accepted: post-quantum keys are a few kilobytes.
    public static let maximumTextByteCount = 16_384

    /// The name on the signature lines; for a log its origin.
    public let name: String
    /// The short number that finds the key among others of that name. It does not authenticate the key.
    public let keyID: UInt32
    /// What the key signs and how.
    public let type: SignatureType
    /// The encoded public key, without the type byte.
    public let keyBytes: [UInt8]

    /// The vkey of an Ed25519 key; its ID is computed.
    ///
    /// - Parameter type: ``SignatureType/ed25519`` for a log, ``SignatureType/cosignature`` for a witness or a mirror.
    /// - Throws: for a name that no signature line can hold, or a type whose keys are not Ed25519.
    public init(name: String, type: SignatureType, publicKey: PublicKey) throws(FormatError) {
        if let problem = NoteSyntax.problem(inName: name) { throw VerifierKey.refusal(problem) }
        guard type == .ed25519 || type == .cosignature else {
            throw VerifierKey.refusal("an Ed25519 key has the signature type 0x01 or 0x04")
        }
        self.name = name
        self.type = type
        keyBytes = publicKey.bytes
        keyID = VerifierKey.keyID(name: name, type: type, keyBytes: keyBytes)
    }

    /// Reads the text form.
    ///
    /// - Throws: for anything but the canonical text, and when the hash is not the key's (types 0x01, 0x04 and 0x06;
    ///   for others the hash is kept as given, because their rules differ).
    public init(text: some Collection<UInt8>) throws(FormatError) {
        guard text.count <= VerifierKey.maximumTextByteCount else {
            throw VerifierKey.refusal("longer than \(VerifierKey.maximumTextByteCount) bytes")
        }
        let parts = Array(text).split(separator: NoteSyntax.plus, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw VerifierKey.refusal("not of the form name+hash+base64") }
        guard let name = String(validating: parts[0], as: UTF8.self) else {
            throw VerifierKey.refusal("the name is not valid UTF-8")
        }
        if let problem = NoteSyntax.problem(inName: name) { throw VerifierKey.refusal(problem) }
        guard let hash = Hex.decode(parts[1]), hash.count == 4 else {
            throw VerifierKey.refusal("the hash is not 8 lower-case hexadecimal digits")
        }
        guard let key = Base64.decode(parts[2]), let typeByte = key.first, key.count > 1 else {
            throw VerifierKey.refusal("the key is not canonical base64 of a type byte and a public key")
        }
        self.name = name
        type = SignatureType(rawValue: typeByte)
        keyBytes = Array(key.dropFirst())
        keyID = UInt32(bigEndian: hash)
        guard let length = type.keyByteCount else { return }
        guard keyBytes.count == length else {
            throw VerifierKey.refusal("the public key has \(keyBytes.count) bytes; keys of its type have \(length)")
        }
        guard keyID == VerifierKey.keyID(name: name, type: type, keyBytes: keyBytes) else {
            throw VerifierKey.refusal("the hash is not that of this name and key: one of them was changed")
        }
    }

    /// Reads the text form; throws as it does from bytes.
    public init(text: String) throws(FormatError) { try self.init(text: text.utf8) }

    /// The text form.
    public var text: String {
        name + "+" + Hex.encode(keyID.bigEndianBytes) + "+" + Base64.encode([type.rawValue] + keyBytes)
    }

    /// The Ed25519 key; `nil` for other types.
    public var publicKey: PublicKey? { type == .ed25519 || type == .cosignature ? PublicKey(keyBytes) : nil }

    /// SHA-256(name || 0x0A || type || key), its first 4 bytes as a big-endian number.
    static func keyID(name: String, type: SignatureType, keyBytes: [UInt8]) -> UInt32 {
        UInt32(bigEndian: SHA256.hash(Array(name.utf8) + [NoteSyntax.lineFeed, type.rawValue] + keyBytes).bytes[..<4])
    }

    private static func refusal(_ reason: String) -> FormatError { FormatError("vkey", at: .whole, reason) }
}

// By hand: String's == would let two names pass for one that Unicode calls canonically equivalent.
extension VerifierKey: Hashable {
    /// Whether name, ID, type and key are the same bytes.
    public static func == (left: VerifierKey, right: VerifierKey) -> Bool {
        left.keyID == right.keyID && left.type == right.type && left.keyBytes == right.keyBytes
            && left.name.hasSameUTF8(as: right.name)
    }

    /// Feeds the ID and the key.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(keyID)
        hasher.combine(keyBytes)
    }
}

extension UInt32 {
    /// The number whose big-endian bytes these are (the last four of them).
    init(bigEndian bytes: some Sequence<UInt8>) {
        self = 0
        for byte in bytes { self = self << 8 | UInt32(byte) }
    }

    var bigEndianBytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> UInt32($0)) } }
}
