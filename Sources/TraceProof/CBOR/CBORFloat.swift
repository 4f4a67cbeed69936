/// The shortest IEEE 754 form that keeps a value (RFC 8949 section 4.2.1), by integer arithmetic on the bits: half
/// floats are not a Swift type on every platform.
enum CBORFloat {
    /// The one NaN of deterministic CBOR, as half-float bits.
    static let notANumber: UInt16 = 0x7E00

    /// The same value as a half float; `nil` where it does not fit, and for every NaN.
    static func half(_ bits: UInt32) -> UInt16? {
        let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
        let exponent = Int(bits >> 23 & 0xFF)
        let fraction = bits & 0x7F_FFFF
        switch exponent {
        case 0:
            return fraction == 0 ? sign : nil
        case 255:
            return fraction == 0 ? sign | 0x7C00 : nil
        case 113...142:
            guard fraction & 0x1FFF == 0 else { return nil }
            return sign | UInt16(exponent - 112) << 10 | UInt16(truncatingIfNeeded: fraction >> 13)
        case 103...112:
            // A half-float subnormal counts in 2^-24.
            let significand = fraction | 0x80_0000
            let shift = 126 - exponent
            guard significand.trailingZeroBitCount >= shift else { return nil }
            return sign | UInt16(truncatingIfNeeded: significand >> UInt32(shift))
        default:
            return nil
        }
    }

    /// The same value in 32 bits; `nil` where it does not fit, and for every NaN.
    static func single(_ bits: UInt64) -> UInt32? {
        let value = Double(bitPattern: bits)
        guard !value.isNaN else { return nil }
        let short = Float(value)
        return Double(short).bitPattern == bits ? short.bitPattern : nil
    }

    /// The value of half-float bits.
    static func value(half bits: UInt16) -> Double {
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Double(bits & 0x3FF)
        let magnitude: Double =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 31: fraction == 0 ? .infinity : .nan
            default: (1 + fraction * 0x1p-10) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
            }
        return bits & 0x8000 == 0 ? magnitude : -magnitude
    }
}
