/// The text in the data codewords: segments, each a mode, a count and characters (ISO/IEC 18004, section 7.4).
struct Payload {
    private(set) var bytes: [UInt8] = []
    private(set) var encoding: Int?
    private(set) var isGS1 = false
    private(set) var isPart = false

    private var bits: BitReader

    /// Reads all segments; `nil` where they are no text, or in a mode that is not read here.
    init?(_ data: [UInt8], version: QRVersion) {
        bits = BitReader(data)
        // Nothing at all is what a field of one colour says.
        guard readSegments(version), !bytes.isEmpty else { return nil }
    }

    private mutating func readSegments(_ version: QRVersion) -> Bool {
        while let mode = bits.read(4) {
            switch mode {
            case 0b0000: return true
            case 0b0001: guard readNumbers(version) else { return false }
            case 0b0010: guard readAlphanumerics(version) else { return false }
            case 0b0100: guard readBytes(version) else { return false }
            case 0b1000: guard readKanji(version) else { return false }
            case 0b0111: guard readEncoding() else { return false }
            case 0b0101: isGS1 = true
            case 0b0011:
                // Position, number of symbols, and a checksum over them all.
                guard bits.read(16) != nil else { return false }
                isPart = true
            default: return false
            }
        }
        return true
    }

    private mutating func readCount(_ lengths: (Int, Int, Int), _ version: QRVersion) -> Int? {
        bits.read(version.countClass == 0 ? lengths.0 : version.countClass == 1 ? lengths.1 : lengths.2)
    }

    private mutating func readNumbers(_ version: QRVersion) -> Bool {
        guard var count = readCount((10, 12, 14), version) else { return false }
        while count > 0 {
            let digits = min(3, count)
            guard var value = bits.read(3 * digits + 1), value < (digits == 3 ? 1000 : digits == 2 ? 100 : 10) else {
                return false
            }
            var divisor = digits == 3 ? 100 : digits == 2 ? 10 : 1
            while divisor > 0 {
                bytes.append(UInt8(truncatingIfNeeded: 0x30 + value / divisor))
                value %= divisor
                divisor /= 10
            }
            count -= digits
        }
        return true
    }

    private mutating func readAlphanumerics(_ version: QRVersion) -> Bool {
        guard var count = readCount((9, 11, 13), version) else { return false }
        let start = bytes.count
        while count > 0 {
            let isPair = count > 1
            guard let value = bits.read(isPair ? 11 : 6), value < (isPair ? 2025 : 45) else { return false }
            if isPair { bytes.append(Payload.character(value / 45)) }
            bytes.append(Payload.character(value % 45))
            count -= isPair ? 2 : 1
        }
        if isGS1 { separate(from: start) }
        return true
    }

    /// In a GS1 symbol's alphanumeric segments % is the separator, and %% is % (section 7.4.8.2).
    private mutating func separate(from start: Int) {
        var result: [UInt8] = []
        var index = start
        while index < bytes.count {
            let isPercent = bytes[index] == 0x25
            let isDoubled = isPercent && index + 1 < bytes.count && bytes[index + 1] == 0x25
            result.append(isPercent && !isDoubled ? 0x1D : bytes[index])
            index += isDoubled ? 2 : 1
        }
        bytes.removeLast(bytes.count - start)
        bytes += result
    }

    /// Table 5.
    private static func character(_ value: Int) -> UInt8 {
        switch value {
        case 0..<10: UInt8(truncatingIfNeeded: 0x30 + value)
        case 10..<36: UInt8(truncatingIfNeeded: 0x41 + value - 10)
        case 36: 0x20
        case 37: 0x24
        case 38: 0x25
        case 39: 0x2A
        case 40: 0x2B
        case 41: 0x2D
        case 42: 0x2E
        case 43: 0x2F
        default: 0x3A
        }
    }

    private mutating func readBytes(_ version: QRVersion) -> Bool {
        guard let count = readCount((8, 16, 16), version), 8 * count <= bits.count else { return false }
        for _ in 0..<count {
            guard let byte = bits.read(8) else { return false }
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
        return true
    }

    /// Thirteen bits a character, which give back two bytes of Shift JIS (section 7.4.6).
    private mutating func readKanji(_ version: QRVersion) -> Bool {
        guard let count = readCount((8, 10, 12), version) else { return false }
        for _ in 0..<count {
            guard let value = bits.read(13) else { return false }
            let packed = (value / 0xC0) << 8 + value % 0xC0
            let code = packed + (packed < 0x1F00 ? 0x8140 : 0xC140)
            bytes.append(UInt8(truncatingIfNeeded: code >> 8))
            bytes.append(UInt8(truncatingIfNeeded: code))
        }
        return true
    }

    /// One, two or three bytes, as the first one's leading bits say (section 7.4.2.2).
    private mutating func readEncoding() -> Bool {
        guard let first = bits.read(8) else { return false }
        let value: Int?
        if first & 0x80 == 0 {
            value = first
        } else if first & 0xC0 == 0x80 {
            value = bits.read(8).map { (first & 0x3F) << 8 | $0 }
        } else if first & 0xE0 == 0xC0 {
            value = bits.read(16).map { (first & 0x1F) << 16 | $0 }
        } else {
            value = nil
        }
        guard let value else { return false }
        // Two encodings in one text are beyond what its bytes can say.
        guard encoding == nil || encoding == value else { return false }
        encoding = value
        return true
    }
}

/// Bits of bytes, the highest first.
private struct BitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Bits that are left.
    var count: Int { 8 * bytes.count - position }

    /// The next so many, at most 24; `nil` where there are fewer.
    mutating func read(_ count: Int) -> Int? {
        guard count <= self.count else { return nil }
        var value = 0
        for _ in 0..<count {
            value = value << 1 | Int(bytes[position / 8] >> UInt8(7 - position % 8) & 1)
            position += 1
        }
        return value
    }
}
