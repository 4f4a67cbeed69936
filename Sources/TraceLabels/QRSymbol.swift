internal import CQREncode
public import QRReader

/// A QR code (ISO/IEC 18004, model 2): the smallest that holds a text.
///
/// Its text is divided into numeric, alphanumeric and byte segments in the way that needs the fewest bits, so that an upper-case Digital
/// Link becomes a small symbol; libqrencode draws it.
public struct QRSymbol: Sendable {
    /// Size: 1 to 40.
    public let version: QRVersion
    /// How much damage it survives.
    public let level: QRLevel
    /// The parts of the text, in order.
    public let segments: [QRSegment]
    /// Whether the text is not ASCII, so that the symbol says first that it is UTF-8 (ECI 26).
    public let isUTF8: Bool
    /// Bits of mode indicators, counts and characters.
    public let bits: Int
    /// A row after another; `true` is dark.
    private let matrix: [Bool]

    /// Makes the smallest symbol.
    ///
    /// - Parameters:
    ///   - text: Any text, at most 7,089 digits, 4,296 upper-case or 2,953 other characters at level L.
    ///   - level: M in GS1's practice.
    /// - Throws: ``LabelError`` when the text is empty or fits into no version.
    public init(_ text: String, level: QRLevel = .medium) throws(LabelError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw LabelError("QR code", "there is no text to encode") }
        let plan = try QRPlan(bytes, level: level)
        (version, segments, isUTF8, bits) = (plan.version, plan.segments, plan.isUTF8, plan.bits)
        self.level = level
        matrix = try plan.drawn(bytes, level: level)
    }

    /// Modules a side: 21 to 177, without the quiet zone.
    public var modules: Int { version.modules }

    /// Bits that the version has room for.
    public var capacity: Int { 8 * version.dataCodewords(level) }

    /// Whether a module is dark; outside of the symbol, in the quiet zone, none is.
    public subscript(x: Int, y: Int) -> Bool {
        guard (0..<modules).contains(x), (0..<modules).contains(y) else { return false }
        return matrix[y * modules + x]
    }

    /// The side in millimetres, quiet zone included.
    ///
    /// - Parameters:
    ///   - moduleWidth: X-dimension in millimetres; at a point of sale 0.396 to 0.990.
    ///   - quietZone: Light modules on each side; the standard wants 4.
    public func size(moduleWidth: Double, quietZone: Int = 4) -> Double {
        Double(modules + 2 * max(0, quietZone)) * moduleWidth
    }
}

/// What is decided before a symbol is drawn.
private struct QRPlan {
    let version: QRVersion
    let segments: [QRSegment]
    let isUTF8: Bool
    let bits: Int

    init(_ bytes: [UInt8], level: QRLevel) throws(LabelError) {
        isUTF8 = bytes.contains { $0 >= 0x80 }
        // No text that is longer fits: the search below would only take its time.
        guard bytes.count <= 7089 else { throw QRPlan.tooLong(bytes, level) }
        // The lengths of the counts, and so the best division, are the same in versions 1-9, 10-26 and 27-40.
        for (countClass, numbers) in [1...9, 10...26, 27...40].enumerated() {
            let segments = QRSegment.shortest(bytes, countClass: countClass)
            let bits = segments.reduce(isUTF8 ? 12 : 0) { $0 + $1.bits(countClass: countClass) }
            for number in numbers {
                // libqrencode wants room for the longest designator of an encoding, sixteen bits more than that of UTF-8.
                let room = bits + (isUTF8 ? 16 : 0)
                guard let version = QRVersion(number), room <= 8 * version.dataCodewords(level) else { continue }
                (self.version, self.segments, self.bits) = (version, segments, bits)
                return
            }
        }
        throw QRPlan.tooLong(bytes, level)
    }

    private static func tooLong(_ bytes: [UInt8], _ level: QRLevel) -> LabelError {
        LabelError(
            "QR code",
            "\(bytes.count) bytes do not fit into any version at level \(level.letter); shorten the text or take a lower level"
        )
    }

    /// libqrencode's drawing of the plan.
    func drawn(_ bytes: [UInt8], level: QRLevel) throws(LabelError) -> [Bool] {
        let failure = LabelError("QR code", "libqrencode cannot draw it")
        guard let input = unsafe QRinput_new2(CInt(version.number), level.library) else { throw failure }
        defer { unsafe QRinput_free(input) }
        if isUTF8 {
            guard unsafe QRinput_appendECIheader(input, 26) == 0 else { throw failure }
        }
        for segment in segments {
            let part = Array(bytes[segment.range])
            guard unsafe QRinput_append(input, segment.mode.library, CInt(part.count), part) == 0 else { throw failure }
        }
        guard let code = unsafe QRcode_encodeInput(input) else { throw failure }
        defer { unsafe QRcode_free(code) }
        let width = unsafe Int(code.pointee.width)
        guard width == version.modules, let data = unsafe code.pointee.data else { throw failure }
        // Bit 0 of a byte is the module's colour, the others say what it is there for.
        return unsafe UnsafeBufferPointer(start: data, count: width * width).map { $0 & 1 == 1 }
    }
}

extension QRLevel {
    /// `L`, `M`, `Q` or `H`.
    public var letter: String {
        switch self {
        case .low: "L"
        case .medium: "M"
        case .quartile: "Q"
        case .high: "H"
        }
    }

    /// The level of a letter, in either case.
    public init?(letter: String) {
        switch letter {
        case "L", "l": self = .low
        case "M", "m": self = .medium
        case "Q", "q": self = .quartile
        case "H", "h": self = .high
        default: return nil
        }
    }

    fileprivate var library: QRecLevel {
        switch self {
        case .low: QR_ECLEVEL_L
        case .medium: QR_ECLEVEL_M
        case .quartile: QR_ECLEVEL_Q
        case .high: QR_ECLEVEL_H
        }
    }
}

extension QRSegment.Mode {
    fileprivate var library: QRencodeMode {
        switch self {
        case .numeric: QR_MODE_NUM
        case .alphanumeric: QR_MODE_AN
        case .byte: QR_MODE_8
        }
    }
}
