import TraceProof

// The items of deterministic CBOR (RFC 8949 section 4.2.1), as far as payloads have them.
extension PayloadScan {
    /// The argument of a head of this major type in its shortest form.
    @inline(__always)
    mutating func head(_ bytes: Span<UInt8>, _ major: UInt8) -> UInt64? {
        guard at < bytes.count, bytes[at] >> 5 == major else { return nil }
        let information = bytes[at] & 31
        if information < 24 {
            at &+= 1
            return UInt64(information)
        }
        return longHead(bytes, information)
    }

    private mutating func longHead(_ bytes: Span<UInt8>, _ information: UInt8) -> UInt64? {
        guard information < 28 else { return nil }
        let width = 1 << Int(information & 3)
        guard bytes.count &- at > width else { return nil }
        var argument: UInt64 = 0
        for place in at &+ 1...at &+ width { argument = argument << 8 | UInt64(bytes[place]) }
        guard argument >= (width == 1 ? 24 : 1 << UInt64(4 &* width)) else { return nil }
        at &+= 1 &+ width
        return argument
    }

    /// The place of a string's bytes.
    @inline(__always)
    mutating func string(_ bytes: Span<UInt8>, _ major: UInt8) -> Range<Int>? {
        guard let length = head(bytes, major), length <= UInt64(bytes.count &- at) else { return nil }
        let start = at
        at &+= Int(truncatingIfNeeded: length)
        return start..<at
    }

    /// The place of a text's bytes, which are UTF-8.
    mutating func text(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard let range = string(bytes, 3), UTF8Scan.fault(bytes, from: range.lowerBound, to: range.upperBound) == nil
        else { return nil }
        return range
    }

    mutating func isText(_ bytes: Span<UInt8>) -> Bool { text(bytes) != nil }

    /// Whether the next item is of this major type.
    @inline(__always)
    func isNext(_ bytes: Span<UInt8>, _ major: UInt8) -> Bool { at < bytes.count && bytes[at] >> 5 == major }

    /// Steps over this one byte, if it is the next.
    @inline(__always)
    mutating func skip(_ bytes: Span<UInt8>, _ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at &+= 1
        return true
    }

    /// An integer that fits in 64 bits with sign.
    mutating func integer(_ bytes: Span<UInt8>) -> Int64? {
        guard at < bytes.count, bytes[at] < 0x40 else { return nil }
        let isNegative = bytes[at] >= 0x20
        guard let argument = head(bytes, isNegative ? 1 : 0), argument < 1 << 63 else { return nil }
        return isNegative ? ~Int64(argument) : Int64(argument)
    }

    mutating func code(_ bytes: Span<UInt8>, below limit: Int) -> Bool {
        guard let code = head(bytes, 0) else { return false }
        return code < UInt64(limit)
    }

    /// A number as `CBORWriter.compact` writes it.
    mutating func compact(_ bytes: Span<UInt8>) -> UInt64? {
        guard isNext(bytes, 2) else {
            guard let value = head(bytes, 0), value >> 32 == 0 || value >> 56 != 0 else { return nil }
            return value
        }
        guard let range = string(bytes, 2), (5...7).contains(range.count), bytes[range.lowerBound] != 0 else {
            return nil
        }
        var value: UInt64 = 0
        for place in range { value = value << 8 | UInt64(bytes[place]) }
        return value
    }

    /// A time that is not text, whose spelling may lean on the event's own offset.
    mutating func rawTime(_ bytes: Span<UInt8>) -> CompactTime? {
        guard isNext(bytes, 4) else {
            return integer(bytes).map { CompactTime(count: $0, digits: 3, zone: .own) }
        }
        guard let items = head(bytes, 4), items == 2 || items == 3, let count = integer(bytes),
            let digits = head(bytes, 0), digits <= 9, items == 3 || digits != 3
        else { return nil }
        guard items == 3 else { return CompactTime(count: count, digits: Int(digits), zone: .own) }
        if skip(bytes, 0xF6) { return CompactTime(count: count, digits: Int(digits), zone: .utc) }
        guard let minutes = integer(bytes), (-840...840).contains(minutes) else { return nil }
        return CompactTime(count: count, digits: Int(digits), zone: .offset(Int(minutes)))
    }

    mutating func time(_ bytes: Span<UInt8>) -> Bool {
        guard let time = rawTime(bytes) else { return false }
        return time.zone != .offset(own) && time.isTime(own: own)
    }
}
