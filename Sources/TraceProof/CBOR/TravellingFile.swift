/// The envelope of our own files that travel between people (formats.md section 7): deterministic CBOR that says itself
/// what it is.
///
///     55799(["traceledger/registry-pack", 1, content])
///
/// The tag of self-described CBOR (RFC 8949 section 3.4.6) comes first, then a name, then the version of the content.
public struct TravellingFile: Hashable, Sendable {
    /// The tag of self-described CBOR.
    public static let tag: UInt64 = 55799
    /// The first bytes of every such file.
    public static let magic: [UInt8] = [0xD9, 0xD9, 0xF7]

    /// The name of what the file holds.
    public let name: String
    /// The version of its content that this package writes and reads.
    public let version: UInt64

    /// Files of this name and version.
    public init(name: String, version: UInt64) { (self.name, self.version) = (name, version) }

    /// Writes a file; `content` writes exactly one item.
    public func encoded<E>(_ content: (inout CBORWriter) throws(E) -> Void) throws(E) -> [UInt8] {
        var writer = CBORWriter()
        writer.tag(TravellingFile.tag)
        writer.array(3)
        writer.text(name)
        writer.unsigned(version)
        try content(&writer)
        return writer.output
    }

    /// A reader of the content of a file of this name and version, validated to the last byte.
    ///
    /// - Throws: ``FormatError`` for anything but deterministic CBOR in this envelope.
    public func content(of bytes: [UInt8]) throws(FormatError) -> CBORReader {
        var reader = try CBORReader(validating: bytes, format: name)
        try reader.expectTag(TravellingFile.tag)
        try reader.array(count: 3)
        let place = reader
        let found = try reader.text()
        guard found.hasSameUTF8(as: name) else { throw place.refuse("this is \(found), not \(name)") }
        let versionPlace = reader
        let number = try reader.unsigned()
        guard number == version else {
            throw versionPlace.refuse("version \(number), and this program reads \(version): use a newer traceledger")
        }
        return reader
    }

    /// The name that a file gives itself; `nil` where the bytes do not begin as such a file.
    ///
    /// Only the first bytes are looked at: whoever reads the content validates it.
    public static func name(of bytes: [UInt8]) -> String? {
        guard bytes.starts(with: magic) else { return nil }
        var reader = CBORReader(rereading: bytes, at: magic.count, format: "file")
        guard (try? reader.array()) == 3, let name = try? reader.text() else { return nil }
        return name
    }
}
