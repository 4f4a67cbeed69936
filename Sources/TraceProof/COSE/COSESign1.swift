/// A COSE_Sign1 message (RFC 9052 section 4.2) with tag 18: one signature over a protected header and a payload.
///
/// ```swift
/// let message = try COSESign1(decoding: bytes)
/// try message.verify(key: key, checker: checker)
/// ```
/// The bytes of the protected header are kept exactly as they came: they are what was signed.
public struct COSESign1: Equatable, Sendable {
    /// The tag of a COSE_Sign1 message.
    public static let tag: UInt64 = 18

    /// The content of the protected byte string; no bytes where there is no protected header.
    public let protected: [UInt8]
    /// The same, decoded.
    public let protectedHeader: COSEHeader
    /// The header that the signature does not cover.
    public var unprotected: COSEHeader
    /// The payload; `nil` where it is detached.
    public let payload: [UInt8]?
    /// The signature; 64 bytes where it is Ed25519.
    public let signature: [UInt8]

    /// A message of these parts.
    ///
    /// - Parameter protected: a deterministic header map, or no bytes.
    /// - Throws: ``FormatError`` where `protected` is no such map, holds `crit`, or holds a label of `unprotected`.
    public init(
        protected: [UInt8],
        unprotected: COSEHeader = COSEHeader(),
        payload: [UInt8]?,
        signature: Signature
    ) throws(FormatError) {
        self.protected = protected
        self.unprotected = unprotected
        self.payload = payload
        self.signature = signature.bytes
        protectedHeader = try COSESign1.header(of: protected)
        try check()
    }

    /// Reads a message in deterministic CBOR.
    ///
    /// Any algorithm and length of signature is read; ``verify(key:checker:payload:externalAAD:)`` accepts Ed25519 only.
    /// Throws ``FormatError``, also for `crit` and for a label that stands in both headers.
    public init(decoding bytes: [UInt8], format: String = "COSE_Sign1") throws(FormatError) {
        try self.init(reading: try CBORReader(validating: bytes, format: format), format: format, ordered: true)
        try check()
    }

    /// Reads a message whose header maps are in any order and may hold anything: to show others' files, never to decide.
    public init(inspecting bytes: [UInt8]) throws(FormatError) {
        let format = "COSE_Sign1"
        try self.init(reading: try CBORReader(inspecting: bytes, format: format), format: format, ordered: false)
    }

    private init(reading start: CBORReader, format: String, ordered: Bool) throws(FormatError) {
        var reader = start
        try reader.expectTag(COSESign1.tag)
        try reader.array(count: 4)
        var bookmark = reader
        protected = try reader.byteString()
        if protected.isEmpty {
            protectedHeader = COSEHeader()
        } else {
            var inner = ordered ? try bookmark.embedded() : try CBORReader(inspecting: protected, format: format)
            protectedHeader = try COSEHeader(reading: &inner)
        }
        unprotected = try COSEHeader(reading: &reader)
        if try reader.peek() == .null {
            try reader.null()
            payload = nil
        } else {
            payload = try reader.byteString()
        }
        signature = try reader.byteString()
        try reader.finish()
    }

    static func header(of protected: [UInt8]) throws(FormatError) -> COSEHeader {
        guard !protected.isEmpty else { return COSEHeader() }
        var reader = try CBORReader(validating: protected, format: "COSE protected header")
        return try COSEHeader(reading: &reader)
    }

    private func check() throws(FormatError) {
        if protectedHeader[COSELabel.critical] != nil || unprotected[COSELabel.critical] != nil {
            throw FormatError("COSE_Sign1", at: .whole, "the header crit (2) marks headers that are not understood")
        }
        if protectedHeader.overlaps(unprotected) {
            throw FormatError("COSE_Sign1", at: .whole, "a label stands in the protected and the unprotected header")
        }
    }

    /// The message as bytes; a message decoded strictly gives the bytes that it came from.
    public func encoded() -> [UInt8] {
        var writer = CBORWriter(capacity: protected.count + (payload?.count ?? 0) + 96)
        writer.tag(COSESign1.tag)
        writer.array(4)
        writer.bytes(protected)
        unprotected.write(to: &writer)
        if let payload { writer.bytes(payload) } else { writer.null() }
        writer.bytes(signature)
        return writer.output
    }
}
