internal import TraceProof

/// The one calling convention: a buffer is a row of fields, each a little-endian 32-bit length and its bytes. A number is
/// a field of eight bytes, little-endian.
///
/// A result's first field is one byte, ``Status``; the fields after it are the function's, or for a refusal the reason
/// as UTF-8.
struct Fields {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether every field was read.
    var isAtEnd: Bool { position == bytes.count }

    /// The next field's bytes.
    mutating func next() throws(FormatError) -> [UInt8] {
        guard bytes.count - position >= 4 else { throw error("a field's length is missing") }
        var length: UInt32 = 0
        for index in (0..<4).reversed() { length = length << 8 | UInt32(bytes[position + index]) }
        position += 4
        guard let count = Int(exactly: length), count <= bytes.count - position else {
            throw error("a field is longer than what is left")
        }
        defer { position += count }
        return [UInt8](bytes[position..<position + count])
    }

    /// The next field as a number of eight bytes.
    mutating func nextNumber() throws(FormatError) -> UInt64 {
        let field = try next()
        guard field.count == 8 else { throw error("a number has \(field.count) bytes, not 8") }
        return field.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The next field as a digest.
    mutating func nextDigest() throws(FormatError) -> Digest {
        guard let digest = Digest(try next()) else { throw error("a digest is not 32 bytes") }
        return digest
    }

    /// The next field as digests one after the other.
    mutating func nextDigests() throws(FormatError) -> [Digest] {
        try digests(try next()[...])
    }

    /// The next field as answers to a checker's questions; `nil` where it asks for the questions.
    mutating func nextAnswers() throws(FormatError) -> [Digest]? {
        let field = try next()
        guard let kind = field.first, kind <= 1, kind == 1 || field.count == 1 else {
            throw error("the answers are neither 0 nor 1 and digests")
        }
        return kind == 0 ? nil : try digests(field.dropFirst())
    }

    /// The next field as an Ed25519 public key.
    mutating func nextKey() throws(FormatError) -> PublicKey {
        guard let key = PublicKey(try next()) else { throw error("a public key is not 32 bytes") }
        return key
    }

    /// Refuses fields that the function does not take.
    func finish() throws(FormatError) {
        guard isAtEnd else { throw error("there are more fields than the function takes") }
    }

    private func digests(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> [Digest] {
        guard bytes.count.isMultiple(of: Digest.byteCount) else {
            throw error("digests are not a multiple of 32 bytes")
        }
        var digests: [Digest] = []
        for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: Digest.byteCount) {
            if let digest = Digest(bytes[start..<start + Digest.byteCount]) { digests.append(digest) }
        }
        return digests
    }

    private func error(_ reason: String) -> FormatError { FormatError("call", at: .offset(position), reason) }
}

/// The first field of every result.
enum Status: UInt8 {
    /// The check passed, or the file was decoded.
    case ok = 0
    /// The input was refused; the next field says why.
    case refused = 1
    /// The input is right if the signatures that follow are: nothing is verified yet (``RecordedChecker``).
    case asked = 2
}

/// Builds a buffer of fields.
struct FieldWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ field: [UInt8]) {
        let length = UInt32(field.count)
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: length >> UInt32(shift))) }
        bytes += field
    }

    mutating func append(_ number: UInt64) {
        append((0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) })
    }

    mutating func append(_ text: String) { append([UInt8](text.utf8)) }
}
