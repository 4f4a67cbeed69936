public import TraceProof

/// The code under the seal (formats.md section 6): a seed of 128 bits, printed as 26 base32 characters and one ISO 7064
/// MOD 37,36 check character, which finds a mistyped or swapped character before anything is judged.
///
/// ```swift
/// let code = try HiddenCode(parsing: "MZXW 6YTB OI...")
/// ```
public struct HiddenCode: Hashable, Sendable {
    /// How many bytes the seed has.
    public static let seedLength = 16
    /// How many characters the code has, the check character among them.
    public static let characterCount = 27

    /// The seed, 16 bytes: whoever knows it can open the pack once.
    public let seed: [UInt8]

    /// The code of a seed; `nil` unless it has 16 bytes.
    public init?(seed: [UInt8]) {
        guard seed.count == HiddenCode.seedLength else { return nil }
        self.seed = seed
    }

    /// Reads what a person typed or a camera saw. Lower case, spaces and hyphens are forgiven, which change nothing.
    ///
    /// - Throws: ``FormatError`` that names the character, or says that the check character does not fit.
    public init(parsing text: String) throws(FormatError) {
        var characters: [UInt8] = []
        for (place, byte) in text.utf8.enumerated() {
            switch byte {
            case 0x20, 0x2D, 0x0A, 0x0D, 0x09: continue
            case 0x61...0x7A: characters.append(byte - 0x20)
            case 0x30...0x39, 0x41...0x5A: characters.append(byte)
            default: throw Self.refusal(at: .offset(place), "this character does not occur in a hidden code")
            }
            guard characters.count <= Self.characterCount else { throw Self.wrongCount("more than") }
        }
        guard characters.count == Self.characterCount else { throw Self.wrongCount("\(characters.count) of") }
        let body = characters[..<26]
        for (place, byte) in body.enumerated() where Base32.value(of: byte) == nil {
            throw Self.refusal(
                at: .whole,
                "character \(place + 1) cannot be \(byte - 0x30): only the last may be 0, 1, 8 or 9. Is it O, I, B or G?"
            )
        }
        guard Self.check(body) == characters[26] else {
            throw Self.refusal(at: .whole, "the check character does not fit: compare each character with the label")
        }
        guard let seed = Base32.decode(body), let code = HiddenCode(seed: seed) else {
            throw Self.refusal(at: .whole, "no seed has this code: compare each character with the label")
        }
        self = code
    }

    /// The 27 characters without spaces.
    public var text: String {
        let body = Base32.encode(seed)
        return body + String(decoding: [Self.check(Array(body.utf8))], as: UTF8.self)
    }

    /// The characters in groups of four with hyphens between, for people.
    public var grouped: String {
        var bytes: [UInt8] = []
        for (place, byte) in text.utf8.enumerated() {
            if place > 0, place.isMultiple(of: 4) { bytes.append(0x2D) }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// ISO 7064 MOD 37,36: the hybrid system whose check character is one of 0 to 9 and A to Z.
    static func check(_ characters: some Collection<UInt8>) -> UInt8 {
        var product = 36
        for character in characters {
            let sum = (product + value(of: character)) % 36
            product = (sum == 0 ? 36 : sum) * 2 % 37
        }
        let check = UInt8(truncatingIfNeeded: (37 - product) % 36)
        return check < 10 ? 0x30 + check : 0x41 + check - 10
    }

    private static func value(of character: UInt8) -> Int {
        Int(character < 0x41 ? character - 0x30 : character - 0x41 + 10)
    }

    private static func wrongCount(_ found: String) -> FormatError {
        refusal(
            at: .whole,
            "\(found) \(characterCount) characters: compare with the label, spaces and hyphens do not count"
        )
    }

    private static func refusal(at place: FormatError.Place, _ reason: String) -> FormatError {
        FormatError("hidden code", at: place, telling: reason)
    }
}
