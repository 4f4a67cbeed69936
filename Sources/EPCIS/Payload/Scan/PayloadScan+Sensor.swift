extension PayloadScan {
    mutating func sensorElement(_ bytes: Span<UInt8>) -> Bool {
        guard var rest = head(bytes, 5) else { return false }
        if key(bytes, 0, &rest) { guard metadata(bytes) else { return false } }
        guard key(bytes, 1, &rest), list(bytes, .sensorReport) else { return false }
        return fields(bytes, rest, depth: 3)
    }

    private mutating func metadata(_ bytes: Span<UInt8>) -> Bool {
        guard var rest = head(bytes, 5) else { return false }
        var least: UInt8 = 0
        while let key = smallKey(bytes, from: &least, &rest) {
            let isGood =
                switch key {
                case 0...2: time(bytes)
                case 3...7: identifier(bytes)
                default: false
                }
            guard isGood else { return false }
        }
        return fields(bytes, rest, depth: 4)
    }

    mutating func sensorReport(_ bytes: Span<UInt8>) -> Bool {
        guard var rest = head(bytes, 5) else { return false }
        var least: UInt8 = 0
        while let key = smallKey(bytes, from: &least, &rest) {
            let isGood =
                switch key {
                case 0: term(bytes, .measurementTypes)
                case 1: term(bytes, .sensorAlertTypes)
                case 2...6, 8, 9, 15, 23: identifier(bytes)
                case 7: time(bytes)
                case 10, 16...21: number(bytes)
                case 11: term(bytes, .components)
                case 12, 14, 22: isText(bytes)
                case 13: skip(bytes, 0xF4) || skip(bytes, 0xF5)
                default: false
                }
            guard isGood else { return false }
        }
        return fields(bytes, rest, depth: 5)
    }

    /// The next key of one byte, which is `least` or greater, in a map with so many entries left.
    @inline(__always)
    private mutating func smallKey(_ bytes: Span<UInt8>, from least: inout UInt8, _ rest: inout UInt64) -> UInt8? {
        guard rest > 0, at < bytes.count, bytes[at] < 24, bytes[at] >= least else { return nil }
        let key = bytes[at]
        at &+= 1
        rest &-= 1
        least = key &+ 1
        return key
    }
}
