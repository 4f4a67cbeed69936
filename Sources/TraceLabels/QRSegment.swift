internal import QRReader

/// A part of a symbol's text in one mode (ISO/IEC 18004, section 7.3).
public struct QRSegment: Equatable, Sendable {
    /// How characters are turned into bits.
    public enum Mode: String, Sendable, CaseIterable {
        /// Digits: ten bits for three.
        case numeric
        /// `0-9A-Z $%*+-./:`: eleven bits for two.
        case alphanumeric
        /// Eight bits a byte.
        case byte
    }

    /// Its mode.
    public let mode: Mode
    /// Which bytes of the text it holds.
    public let range: Range<Int>

    /// Bits of the mode indicator and the count, in versions that share `countClass` (tables 2 and 3).
    static func headerBits(_ mode: Mode, countClass: Int) -> Int {
        let count =
            switch mode {
            case .numeric: 10 + 2 * countClass
            case .alphanumeric: 9 + 2 * countClass
            case .byte: countClass == 0 ? 8 : 16
            }
        return 4 + count
    }

    /// All bits of the segment in versions that share `countClass`.
    func bits(countClass: Int) -> Int {
        QRSegment.headerBits(mode, countClass: countClass) + (mode.sixths * range.count + 5) / 6
    }
}

extension QRSegment.Mode {
    /// What a character costs, in sixths of a bit; a segment's sum is rounded up.
    fileprivate var sixths: Int {
        switch self {
        case .numeric: 20
        case .alphanumeric: 33
        case .byte: 48
        }
    }

    fileprivate func holds(_ byte: UInt8) -> Bool {
        switch self {
        case .numeric: (0x30...0x39).contains(byte)
        case .alphanumeric:
            switch byte {
            case 0x30...0x3A, 0x41...0x5A, 0x20, 0x24, 0x25, 0x2A, 0x2B, 0x2D...0x2F: true
            default: false
            }
        case .byte: true
        }
    }
}

extension QRSegment {
    /// The division of `bytes` that needs the fewest bits in versions that share `countClass`.
    ///
    /// Dynamic programming over (position, mode of the last character), in sixths of a bit: the cheapest way to end in a mode is
    /// to stay in it, or to change from the cheapest other one, rounded up to a whole bit, with a new header.
    static func shortest(_ bytes: [UInt8], countClass: Int) -> [QRSegment] {
        let modes = Mode.allCases
        let headers = modes.map { 6 * headerBits($0, countClass: countClass) }
        let never = Int.max / 2
        var costs = headers
        // Where each character's mode came from: index of the mode before.
        var origins = [[Int]]()
        origins.reserveCapacity(bytes.count)
        for byte in bytes {
            var next = [never, never, never]
            var origin = [0, 1, 2]
            for (index, mode) in modes.enumerated() where mode.holds(byte) {
                for (before, cost) in costs.enumerated() where cost < never {
                    // Only the first character may stand in a mode that nothing was written in yet.
                    let change = before == index ? cost : (cost + 5) / 6 * 6 + headers[index]
                    guard origins.isEmpty ? before == index : true, change + mode.sixths < next[index] else { continue }
                    (next[index], origin[index]) = (change + mode.sixths, before)
                }
            }
            costs = next
            origins.append(origin)
        }

        var mode = costs.indices.min { (costs[$0] + 5) / 6 < (costs[$1] + 5) / 6 } ?? 0
        var segments: [QRSegment] = []
        var end = bytes.count
        for position in bytes.indices.reversed() {
            let before = origins[position][mode]
            guard position == 0 || before != mode else { continue }
            segments.append(QRSegment(mode: modes[mode], range: position..<end))
            (mode, end) = (before, position)
        }
        return segments.reversed()
    }
}
