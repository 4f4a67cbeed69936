extension EPCBinary {
    /// How an EPC is spelt in the path of a Digital Link URI (GS1 Digital Link URI: Compression Technical Standard for
    /// EPC binary strings 1.0.0, 4.2).
    public enum Compression: Hashable, Sendable, CaseIterable {
        /// `eh` and hexadecimal digits in lower case.
        case hexadecimal
        /// `ex` and base64url characters without padding.
        case base64URL
    }

    /// The path segment that stands for the EPC, e.g. `exMBZFlvQMDly-mRqD`; as few zeros as possible are filled in.
    public func compressed(_ compression: Compression = .base64URL) -> String {
        let text =
            switch compression {
            case .hexadecimal: Array("eh".utf8) + digits(.lowerHex, alignedTo: 4)
            case .base64URL: Array("ex".utf8) + digits(.base64URL, alignedTo: 6)
            }
        return String(decoding: text, as: UTF8.self)
    }

    /// The EPC that a path segment `eh…` or `ex…` stands for; reads as strictly as ``init(bytes:)``, and in `eh` only
    /// lower case.
    public init(compressed segment: String) throws(EPCBinaryError) {
        let text = segment.utf8
        let body = text.dropFirst(2)
        switch (text.first, text.dropFirst().first) {
        case (0x65, 0x68): try self.init(try Self.bits(hexadecimal: body, allowsCapitals: false), unit: 4)
        case (0x65, 0x78): try self.init(try Self.bits(base64URL: body), unit: 6)
        default: throw EPCBinaryError("a compressed EPC begins with eh or ex")
        }
    }

    private static func bits(base64URL text: Substring.UTF8View) throws(EPCBinaryError) -> BitString {
        var bits = BitString()
        guard text.count <= 2 * mostBytes else { throw EPCBinaryError("the text is too long for an EPC") }
        for character in text {
            guard let code = TextEncoding.base64URL.code(of: character) else {
                throw EPCBinaryError(bit: bits.count, "this is no character of base64url")
            }
            bits.append(UInt64(code), bits: 6)
        }
        return bits
    }

    /// The compressed Digital Link URI behind a stem, e.g. `https://example.com/exMBZFlvQMDly-mRqD`; nil for a GID,
    /// which is no GS1 key, and for a stem that cannot carry one.
    public func compressedDigitalLink(stem: String, _ compression: Compression = .base64URL) -> String? {
        guard digitalLink(stem: stem) != nil else { return nil }
        return stem + "/" + compressed(compression)
    }

    /// The Digital Link URI that a compressed one stands for, behind the same stem: a hostname in the EPC does not replace
    /// the one that was asked (4.2, step 3). What the query of the compressed URI has comes behind that of the EPC.
    ///
    ///     try EPCBinary.expand("https://example.com/exMBZFlvQMDly-mRqD")
    ///     // "https://example.com/01/09528765123457/21/123456789123"
    ///
    /// Throws ``EPCBinaryError`` where the last segment of the path is no compressed EPC with a GS1 key.
    public static func expand(_ uri: String) throws(EPCBinaryError) -> String {
        let text = Array(uri.utf8)
        let path = text.prefix { $0 != 0x3F && $0 != 0x23 }
        guard let slash = path.lastIndex(of: 0x2F) else { throw EPCBinaryError("this is no URI with a path: \(uri)") }
        let epc = try EPCBinary(compressed: String(decoding: path[(slash + 1)...], as: UTF8.self))
        guard let link = epc.digitalLink(stem: String(decoding: path[..<slash], as: UTF8.self)) else {
            throw EPCBinaryError("the \(epc.scheme.name) has no Digital Link behind this stem: \(uri)")
        }
        var rest = text[path.endIndex...]
        if rest.first == 0x3F, link.utf8.contains(0x3F) { rest[rest.startIndex] = 0x26 }
        return link + String(decoding: rest, as: UTF8.self)
    }
}
