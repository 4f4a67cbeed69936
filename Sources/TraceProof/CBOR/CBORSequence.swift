/// A CBOR sequence (RFC 8742): deterministic items one after the other, without a head for the whole.
public struct CBORSequence: Sendable {
    /// One item and where it stands.
    public struct Item: Equatable, Sendable {
        /// The offset of its first byte in the sequence.
        public let offset: Int
        /// The item as encoded.
        public let bytes: [UInt8]
    }

    private let bytes: [UInt8]
    private let format: String

    /// The offset of the next item.
    public private(set) var offset = 0

    /// A splitter at the start of `bytes`, which may be empty.
    public init(_ bytes: [UInt8], format: String = "CBOR sequence") { (self.bytes, self.format) = (bytes, format) }

    /// The next item, checked as strictly as ``CBORReader`` does; `nil` at the end.
    ///
    /// After an error the splitter stays where it is: there is no way to find the next item.
    public mutating func next() throws(FormatError) -> Item? {
        guard offset < bytes.count else { return nil }
        let start = offset
        offset = try CBORReader(validatingItemOf: bytes, at: start, format: format).endOffset
        return Item(offset: start, bytes: [UInt8](bytes[start..<offset]))
    }
}
