import GS1
import TraceProof

/// Application identifiers that events are full of and CBOR has no single byte for, as -1, -2, ... Append only.
enum ShortAI {
    private static let common = [414, 417, 254, 253, 8003, 8004, 8017, 8018, 8010, 8011, 8006, 255, 401, 402, 235]

    static func code(of ai: Int) -> Int { ai < 24 ? ai : common.firstIndex(of: ai).map { -1 - $0 } ?? ai }

    /// The AI of this code; `nil` where it has another, or none.
    static func ai(of code: Int64) -> Int? {
        guard code < 0 else {
            let ai = Int(clamping: code)
            return ai <= 9999 && ShortAI.code(of: ai) == ai ? ai : nil
        }
        let index = Int(clamping: ~code)
        return index < common.count ? common[index] : nil
    }
}

/// Keys that end with a check digit, which follows from the rest and is left out (General Specifications 7.9.1).
enum CheckedKey {
    /// SSCC, GTIN, GLN, GSRN.
    static func isKey(_ ai: Int) -> Bool { ai <= 1 || (410...417).contains(ai) || ai == 8017 || ai == 8018 }

    /// `number` and the check digit after it; `nil` beyond 18 digits, the longest such key.
    static func appendingCheckDigit(_ number: UInt64) -> UInt64? {
        guard number < 100_000_000_000_000_000 else { return nil }
        var sum: UInt64 = 0
        var rest = number
        var weight: UInt64 = 3
        while rest > 0 {
            sum += rest % 10 * weight
            weight = 4 - weight
            rest /= 10
        }
        return number * 10 + (10 - sum % 10) % 10
    }
}

extension CBORWriter {
    /// A number in 5 to 7 bytes as a byte string, since CBOR has no head between 4 and 8.
    mutating func compact(_ value: UInt64) {
        guard value >> 32 != 0, value >> 56 == 0 else { return unsigned(value) }
        let count = value >> 48 != 0 ? 7 : value >> 40 != 0 ? 6 : 5
        bytes((0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) })
    }
}

extension CBORReader {
    mutating func compact() throws(FormatError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        guard try peek() == .bytes else {
            value = try unsigned()
            if value >> 32 == 0 || value >> 56 != 0 { return value }
            throw FormatError(payloadFormat, at: .offset(start), "a number of 5 to 7 bytes that is not a byte string")
        }
        let bytes = try byteString()
        guard (5...7).contains(bytes.count), bytes.first != 0 else {
            throw FormatError(
                payloadFormat,
                at: .offset(start),
                "a number that is not 5 to 7 bytes without leading zeros"
            )
        }
        for byte in bytes { value = value << 8 | UInt64(byte) }
        return value
    }
}
