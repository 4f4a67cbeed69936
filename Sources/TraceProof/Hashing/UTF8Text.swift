extension String {
    /// Whether both strings are the same UTF-8 bytes.
    ///
    /// Protocol names are compared so, never with `==`: canonical equivalence would let two different origins pass
    /// for one, and it drags the Unicode tables into the browser's verifier.
    public func hasSameUTF8(as other: String) -> Bool {
        let (left, right) = unsafe (utf8.span.bytes, other.utf8.span.bytes)
        guard left.byteCount == right.byteCount else { return false }
        // Eight bytes at a time; the loads are within the count.
        var offset = 0
        while left.byteCount - offset >= 8 {
            let (word, otherWord) = unsafe (
                left.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self),
                right.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            )
            guard word == otherWord else { return false }
            offset += 8
        }
        while offset < left.byteCount {
            let (byte, otherByte) = unsafe (
                left.unsafeLoad(fromByteOffset: offset, as: UInt8.self),
                right.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            )
            guard byte == otherByte else { return false }
            offset += 1
        }
        return true
    }
}
