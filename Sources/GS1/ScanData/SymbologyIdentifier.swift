/// What a scanner puts in front of the data to say which symbology it read: `]`, a letter and a modifier (ISO/IEC 15424;
/// General Specifications 7.8.2 for those that carry GS1 data).
public struct SymbologyIdentifier: Hashable, Sendable {
    /// The letter of the symbology, in ASCII.
    public let code: UInt8
    /// The modifier, in ASCII.
    public let modifier: UInt8

    /// GS1-128, `]C1`.
    public static let gs1_128 = SymbologyIdentifier(code: 0x43, modifier: 0x31)
    /// GS1 DataBar and GS1 Composite, `]e0`.
    public static let gs1DataBar = SymbologyIdentifier(code: 0x65, modifier: 0x30)
    /// GS1 DataMatrix, `]d2`.
    public static let gs1DataMatrix = SymbologyIdentifier(code: 0x64, modifier: 0x32)
    /// GS1 QR Code, `]Q3`.
    public static let gs1QRCode = SymbologyIdentifier(code: 0x51, modifier: 0x33)
    /// GS1 DotCode, `]J1`.
    public static let gs1DotCode = SymbologyIdentifier(code: 0x4A, modifier: 0x31)
    /// EAN-13, UPC-A and UPC-E, all as 13 digits, `]E0`.
    public static let ean13 = SymbologyIdentifier(code: 0x45, modifier: 0x30)
    /// EAN-8, `]E4`.
    public static let ean8 = SymbologyIdentifier(code: 0x45, modifier: 0x34)
    /// ITF-14, `]I1`.
    public static let itf14 = SymbologyIdentifier(code: 0x49, modifier: 0x31)
    /// QR Code with plain text or a Digital Link, `]Q1`.
    public static let qrCode = SymbologyIdentifier(code: 0x51, modifier: 0x31)
    /// Data Matrix with plain text or a Digital Link, `]d1`.
    public static let dataMatrix = SymbologyIdentifier(code: 0x64, modifier: 0x31)
    /// DotCode with plain text or a Digital Link, `]J0`.
    public static let dotCode = SymbologyIdentifier(code: 0x4A, modifier: 0x30)

    /// The identifier of these two ASCII characters.
    public init(code: UInt8, modifier: UInt8) {
        self.code = code
        self.modifier = modifier
    }

    /// The three characters, e.g. `]C1`.
    public var text: String { String(decoding: [0x5D, code, modifier], as: UTF8.self) }

    /// What a symbology carries.
    enum Carriage: Equatable {
        /// Element strings behind a FNC1.
        case elements
        /// A GTIN of so many digits.
        case gtin(Int)
        /// Plain text or a Digital Link.
        case text
    }

    /// What it carries; nil where this package does not know it.
    var carriage: Carriage? {
        switch self {
        case .gs1_128, .gs1DataBar, .gs1DataMatrix, .gs1QRCode, .gs1DotCode: .elements
        case .ean13: .gtin(13)
        case .ean8: .gtin(8)
        case .itf14: .gtin(14)
        default:
            switch code {
            case _ where !modifier.isDigit && !(modifier & 0xDF).isCapital: nil
            // Code 39, Code 128, Codabar, Code 93, ITF, DotCode, PDF417, QR, MaxiCode, Data Matrix, Han Xin, Aztec.
            case 0x41, 0x43, 0x46, 0x47, 0x49, 0x4A, 0x4C, 0x51, 0x55, 0x64, 0x68, 0x7A: .text
            default: nil
            }
        }
    }
}
