/// Base32 of RFC 4648 section 6 without padding, upper case: what QR codes write in their alphanumeric mode, and what a person
/// can copy from a label.
public enum Base32 {
    private static let alphabet: [UInt8] = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// Eight characters for five bytes; the spare bits of the last character are zero.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 8 / 5 + 1)
        var (buffer, bits): (UInt32, UInt32) = (0, 0)
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> bits & 31)])
            }
            buffer &= 31
        }
        if bits > 0 { text.append(alphabet[Int(buffer << (5 - bits) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of canonical base32; `nil` for lower case, padding, a length that no bytes have, and spare bits that are not
    /// zero.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard [0, 2, 4, 5, 7].contains(text.count % 8) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 5 / 8)
        var (buffer, bits): (UInt32, UInt32) = (0, 0)
        for character in text {
            guard let value = value(of: character) else { return nil }
            buffer = buffer << 5 | UInt32(value)
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
                buffer &= 0xFF
            }
        }
        return buffer & ((1 << bits) - 1) == 0 ? bytes : nil
    }

    /// What a character stands for; `nil` for one that base32 does not have.
    static func value(of character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5A: character - 0x41
        case 0x32...0x37: character - 0x32 + 26
        default: nil
        }
    }
}
