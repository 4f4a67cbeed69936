/// How a part of the value of an application identifier is written in the `+` schemes and in +AIDC data
/// (EPC TDS 2.3, section 14.5 and table F).
enum AIEncoding: Equatable {
    /// Digits in 4 bits each (14.5.4).
    case nibbles(Int)
    /// So many digits as a number in so many bits (14.5.2).
    case integer(digits: Int, bits: Int)
    /// Encoding indicator, length and characters (14.5.6).
    case text(lengthBits: Int, atMost: Int)
    /// Length and a number of so many digits (14.5.13).
    case digits(lengthBits: Int, atMost: Int)
    /// Digits in 4 bits each up to a terminator, or to a delimiter and text (14.5.5).
    case delimited
    /// One digit 0 or 1 (14.5.7).
    case bit
    /// YYMMDD (14.5.8).
    case date
    /// YYMMDDhhmm (14.5.9).
    case dateTime
    /// One date or two (14.5.10).
    case dates
    /// YYMMDD with as much of hhmmss as the bits of this set allow: bit 0 hh, 1 hhmm, 2 hhmmss, 3 none (14.5.11).
    case time(precisions: UInt8)
    /// Two capitals (14.5.12).
    case country
    /// A minus sign or nothing (14.5.14).
    case minus
    /// `n/m` (14.5.15).
    case sequence

    /// An encoding and, for a value of two parts, the one that follows. Only the second part may be empty.
    struct Parts: Equatable {
        let first: AIEncoding
        var second: AIEncoding?
        var isSecondOptional = false
    }

    /// Table F; nil for an AI that has no row there.
    static func parts(ofAI ai: Int) -> Parts? {
        if let one = single(ai) { return Parts(first: one) }
        switch ai {
        case 253: return Parts(first: .nibbles(13), second: .text(lengthBits: 5, atMost: 17), isSecondOptional: true)
        case 255: return Parts(first: .nibbles(13), second: .digits(lengthBits: 4, atMost: 12), isSecondOptional: true)
        case 8003: return Parts(first: .nibbles(14), second: .text(lengthBits: 5, atMost: 16), isSecondOptional: true)
        case 421: return Parts(first: .integer(digits: 3, bits: 10), second: .text(lengthBits: 4, atMost: 9))
        case 7030...7039: return Parts(first: .integer(digits: 3, bits: 10), second: .text(lengthBits: 5, atMost: 27))
        case 3910...3919, 3930...3939:
            return Parts(first: .integer(digits: 3, bits: 10), second: .digits(lengthBits: 4, atMost: 15))
        case 4330...4333: return Parts(first: .integer(digits: 6, bits: 20), second: .minus, isSecondOptional: true)
        default: return nil
        }
    }

    private static func single(_ ai: Int) -> AIEncoding? {
        switch ai {
        case 0, 8006, 8017, 8018, 8026: .nibbles(18)
        case 1, 2: .nibbles(14)
        case 410...417: .nibbles(13)
        case 7241: .nibbles(2)
        case 11, 12, 13, 15, 16, 17, 4326, 7006: .date
        case 4324, 4325, 7003: .dateTime
        case 7007: .dates
        case 7011: .time(precisions: 0b1010)
        case 8008: .time(precisions: 0b0111)
        case 4307, 4317: .country
        case 4321...4323: .bit
        case 7258: .sequence
        case 7023, 8004, 8010: .delimited
        case 30, 37: .digits(lengthBits: 4, atMost: 8)
        case 242: .digits(lengthBits: 3, atMost: 6)
        case 423, 425, 3900...3909, 3920...3929: .digits(lengthBits: 4, atMost: 15)
        case 7004: .digits(lengthBits: 3, atMost: 4)
        case 8011: .digits(lengthBits: 4, atMost: 12)
        case 8019: .digits(lengthBits: 4, atMost: 10)
        default: integer(ai) ?? text(ai)
        }
    }

    private static func integer(_ ai: Int) -> AIEncoding? {
        switch ai {
        case 3100...3169, 3200...3379, 3400...3579, 3600...3699:
            ai % 10 < 6 ? .integer(digits: 6, bits: 20) : nil
        case 3950...3953, 8005: .integer(digits: 6, bits: 20)
        case 20: .integer(digits: 2, bits: 7)
        case 402: .integer(digits: 17, bits: 57)
        case 422, 424, 426: .integer(digits: 3, bits: 10)
        case 3940...3943, 8111: .integer(digits: 4, bits: 14)
        case 4309: .integer(digits: 20, bits: 67)
        case 7001: .integer(digits: 13, bits: 44)
        case 7250: .integer(digits: 8, bits: 27)
        case 7251: .integer(digits: 12, bits: 40)
        case 7252: .integer(digits: 1, bits: 4)
        case 8001: .integer(digits: 14, bits: 47)
        default: nil
        }
    }

    private static func text(_ ai: Int) -> AIEncoding? {
        switch ai {
        case 10, 21, 22, 243, 254, 420, 4318, 710...716, 7020...7022, 7240, 8002, 8012:
            .text(lengthBits: 5, atMost: 20)
        case 235: .text(lengthBits: 5, atMost: 28)
        case 90, 240, 241, 250, 251, 400, 401, 403, 4308, 4319, 7002, 7230...7239: .text(lengthBits: 5, atMost: 30)
        case 7242, 8013, 8020: .text(lengthBits: 5, atMost: 25)
        case 8007: .text(lengthBits: 5, atMost: 24)
        case 427, 7008: .text(lengthBits: 2, atMost: 3)
        case 7010: .text(lengthBits: 2, atMost: 2)
        case 7040, 7041: .text(lengthBits: 3, atMost: 4)
        case 7009, 7255: .text(lengthBits: 4, atMost: 10)
        case 7005: .text(lengthBits: 4, atMost: 12)
        case 4300, 4301, 4310, 4311, 4320: .text(lengthBits: 6, atMost: 35)
        case 7253, 7254, 7259: .text(lengthBits: 6, atMost: 40)
        case 8009: .text(lengthBits: 6, atMost: 50)
        case 4302...4306, 4312...4316, 7257, 8110, 8112, 8200: .text(lengthBits: 7, atMost: 70)
        case 91...99, 7256, 8030: .text(lengthBits: 7, atMost: 90)
        default: nil
        }
    }

    /// How many digits an AI has that begins with these two (table K); nil where none does.
    static func digits(ofAIBeginningWith two: Int) -> Int? {
        switch two {
        case 0...2, 10...13, 15...17, 20...22, 30, 37, 90...99: 2
        case 23...25, 40...42, 71: 3
        case 31...36, 39, 43, 70, 72, 80...82: 4
        default: nil
        }
    }
}
