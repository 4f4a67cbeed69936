import TraceProof

// The items of deterministic CBOR (RFC 8949 section 4.2.1), as far as payloads have them.
extension PayloadScan {
    // Most heads are one byte. That case stands here, since the functions of another module are called, not inlined.

    @inline(__always)
    mutating func head(_ bytes: Span<UInt8>, _ major: UInt8) -> UInt64? {
        if at < bytes.count, bytes[at] >> 5 == major, bytes[at] & 31 < 24 {
            at &+= 1
            return UInt64(bytes[at &- 1] & 31)
        }
        return cursor.head(bytes, major)
    }

    @inline(__always)
    mutating func string(_ bytes: Span<UInt8>, _ major: UInt8) -> Range<Int>? {
        guard let length = head(bytes, major), length <= UInt64(bytes.count &- at) else { return nil }
        let start = at
        at &+= Int(truncatingIfNeeded: length)
        return start..<at
    }

    @inline(__always)
    mutating func integer(_ bytes: Span<UInt8>) -> Int64? {
        if at < bytes.count, bytes[at] < 0x40, bytes[at] & 31 < 24 {
            at &+= 1
            let value = Int64(bytes[at &- 1] & 31)
            return bytes[at &- 1] < 0x20 ? value : ~value
        }
        return cursor.integer(bytes)
    }

    /// Steps over this one byte, if it is the next.
    @inline(__always)
    mutating func skip(_ bytes: Span<UInt8>, _ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at &+= 1
        return true
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
