internal import TraceProof
internal import TraceStatements

/// What the chains need to know of an entry, read at hash speed.
///
/// Nearly every entry is a statement as this package writes it, of a signer that is known already. Its chain link stands
/// at a place that a few comparisons find; ``Statement`` reads everything else. The quick way accepts nothing that the
/// strict one refuses: what is not exactly of the usual form is left to it.
struct EntryLink: Sendable, Equatable {
    /// The kid as a number, for look-ups.
    let keyID: UInt64
    /// The place in the signer's chain; never its beginning.
    let sequence: UInt64
    /// The leaf hash of the signer's previous entry.
    let previous: DigestWords

    /// The link of a statement of the usual form with sequence 1 or later; `nil` for anything else.
    init?(_ entry: ArraySlice<UInt8>) {
        guard entry.count <= Statement.maximumLength else { return nil }
        var scan = LinkScan(entry)
        // COSE_Sign1, protected header, no unprotected one, payload, signature (formats.md section 2).
        guard scan.skip(0xD284, 2), let header = scan.string(0x40), scan.skip(0xA0, 1), scan.string(0x40) != nil,
            scan.skip(0x5840, 2), scan.rest == Signature.byteCount
        else { return nil }
        var inner = LinkScan(entry[header])
        // {1: -8, 3: kind, 4: kid, 15: {1: iss, 2: sub, 6: iat}, -65601: [seq, prev]}
        guard inner.skip(0xA5012703, 4), let kind = inner.unsigned(),
            kind != StatementKind.genesis.rawValue, kind != StatementKind.activation.rawValue,
            // One in the ledger's own name hands the ledger over.
            kind != StatementKind.enrolment.rawValue,
            inner.skip(0x0448, 2), let keyID = inner.bigEndian(8),
            inner.skip(0x0FA301, 3), inner.plainText(), inner.skip(0x02, 1), inner.plainText(),
            inner.skip(0x06, 1), let issuedAt = inner.unsigned(), issuedAt <= TreeSize.maximum,
            inner.skip(0x3A0001004082, 6), let sequence = inner.unsigned(),
            (1...TreeSize.maximum).contains(sequence),
            inner.skip(0x5820, 2), inner.rest == Digest.byteCount, let previous = inner.digest()
        else { return nil }
        (self.keyID, self.sequence, self.previous) = (keyID, sequence, previous)
    }
}

/// A digest as four numbers: what is compared entry by entry, without a detour through a collection of bytes.
struct DigestWords: Sendable, Equatable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        words = (first, second, third, fourth)
    }

    init(_ digest: Digest) {
        words = unsafe digest.withUnsafeBytes { bytes in
            func word(_ offset: Int) -> UInt64 {
                unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
            return (word(0), word(8), word(16), word(24))
        }
    }

    static func == (left: DigestWords, right: DigestWords) -> Bool { left.words == right.words }
}

extension KeyID {
    /// The 8 bytes as a number.
    var number: UInt64 { UInt64(bigEndianBytes: bytes) }
}

/// Reads deterministic CBOR heads out of an array without a copy; `nil` or false for whatever is not there.
private struct LinkScan {
    private let bytes: ArraySlice<UInt8>
    private(set) var position: Int

    init(_ bytes: ArraySlice<UInt8>) { (self.bytes, position) = (bytes, bytes.startIndex) }

    var rest: Int { bytes.endIndex - position }

    /// Takes exactly these bytes, the last `count` of a number.
    mutating func skip(_ expected: UInt64, _ count: Int) -> Bool { bigEndian(count) == expected }

    mutating func bigEndian(_ count: Int) -> UInt64? {
        guard rest >= count else { return nil }
        var value: UInt64 = 0
        for _ in 0..<count {
            value = value << 8 | UInt64(bytes[position])
            position += 1
        }
        return value
    }

    mutating func digest() -> DigestWords? {
        guard let first = bigEndian(8), let second = bigEndian(8), let third = bigEndian(8), let fourth = bigEndian(8)
        else { return nil }
        return DigestWords(first, second, third, fourth)
    }

    /// A head of a major type, in its shortest form.
    private mutating func head(_ major: UInt8) -> UInt64? {
        guard rest > 0, bytes[position] & 0xE0 == major else { return nil }
        let information = bytes[position] & 31
        position += 1
        switch information {
        case 0..<24: return UInt64(information)
        case 24: return bigEndian(1).flatMap { $0 >= 24 ? $0 : nil }
        case 25: return bigEndian(2).flatMap { $0 >= 1 << 8 ? $0 : nil }
        case 26: return bigEndian(4).flatMap { $0 >= 1 << 16 ? $0 : nil }
        case 27: return bigEndian(8).flatMap { $0 >= 1 << 32 ? $0 : nil }
        default: return nil
        }
    }

    mutating func unsigned() -> UInt64? { head(0x00) }

    /// Where a string's bytes are.
    mutating func string(_ major: UInt8) -> Range<Int>? {
        guard let length = head(major), length <= UInt64(rest) else { return nil }
        let start = position
        position += Int(length)
        return start..<position
    }

    /// A text of 1 to the most bytes that a claim may have, all of them ASCII; others are the strict reader's.
    mutating func plainText() -> Bool {
        guard let range = string(0x60), (1...StatementHeader.maximumTextLength).contains(range.count) else {
            return false
        }
        for index in range where bytes[index] >= 0x80 { return false }
        return true
    }
}
