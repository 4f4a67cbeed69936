/// How much damage a symbol survives (ISO/IEC 18004, section 6.5.1).
public enum QRLevel: UInt8, Sendable, CaseIterable {
    /// L: about 7 % of the codewords.
    case low
    /// M: about 15 %.
    case medium
    /// Q: about 25 %.
    case quartile
    /// H: about 30 %.
    case high

    /// The two bits that stand for it in the format information (section 7.9.1, table 25).
    var indicator: UInt8 {
        switch self {
        case .low: 0b01
        case .medium: 0b00
        case .quartile: 0b11
        case .high: 0b10
        }
    }
}
