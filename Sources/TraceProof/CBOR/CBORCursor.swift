/// A place in encoded bytes that reads items without a reader's errors: for scans that answer only yes or no.
///
/// Deterministic CBOR (RFC 8949 section 4.2.1) alone is read; everything else gives `nil` or `false`, after which the place
/// means nothing. Every read checks its bounds.
package struct CBORCursor {
    /// The offset of the next item.
    package var at: Int

    /// A place at `offset`, which is not negative.
    package init(at offset: Int = 0) { at = offset }

    /// The argument of a head of this major type in its shortest form.
    package mutating func head(_ bytes: Span<UInt8>, _ major: UInt8) -> UInt64? {
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

    /// The place of the bytes of a byte string (major type 2) or a text (3), whose encoding is not looked at.
    package mutating func string(_ bytes: Span<UInt8>, _ major: UInt8) -> Range<Int>? {
        guard let length = head(bytes, major), length <= UInt64(bytes.count &- at) else { return nil }
        let start = at
        at &+= Int(truncatingIfNeeded: length)
        return start..<at
    }

    /// The place of a text's bytes, which are UTF-8.
    package mutating func text(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard let range = string(bytes, 3), UTF8Scan.fault(bytes, from: range.lowerBound, to: range.upperBound) == nil
        else { return nil }
        return range
    }

    /// An integer that fits in 64 bits with sign.
    package mutating func integer(_ bytes: Span<UInt8>) -> Int64? {
        guard at < bytes.count, bytes[at] < 0x40 else { return nil }
        let isNegative = bytes[at] >= 0x20
        guard let argument = head(bytes, isNegative ? 1 : 0), argument < 1 << 63 else { return nil }
        return isNegative ? ~Int64(argument) : Int64(argument)
    }

    /// Steps over this one byte, if it is the next.
    package mutating func skip(_ bytes: Span<UInt8>, _ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at &+= 1
        return true
    }
}
