/// A GS1 key asked for before anything of it is made: whether ``Identifier/init(elements:form:)`` would take these values.
///
/// For readers of packed values that must refuse at once what is no key and build it later, or never. It knows the keys
/// that events are full of and says no more than that: `false` means "ask the initialiser". What it admits never changes,
/// since ``Identifier``'s rule is frozen; tests hold it to that rule.
package struct PackedKey {
    /// A packed value: a number without its check digit where it has one, or a place in the bytes that are read.
    package enum Value {
        /// As ``PackedValue/number(_:)``, the check digit of ``hasCheckDigit(_:)`` left out.
        case number(UInt64)
        /// As ``PackedValue/text(_:)``.
        case text(Range<Int>)
    }

    /// How the key is spelt.
    package enum Form {
        /// As a Digital Link behind a stem that can carry one.
        case link
        /// As an EPC URN whose company prefix has so many digits, 6 to 12.
        case urn(Int)
    }

    private let form: Form
    private let key: Int
    /// The place that the next qualifier must have in the path, or more.
    private var place = 0

    /// The key that begins the elements; nil where it must be asked of the initialiser.
    package init?(_ ai: Int, _ value: Value, in bytes: Span<UInt8>, _ form: Form) {
        (key, self.form) = (ai, form)
        switch (ai, value) {
        case (0, .number(let number)), (8017, .number(let number)), (8018, .number(let number)):
            guard number < 100_000_000_000_000_000 else { return nil }
        case (1, .number(let number)):
            guard number < 10_000_000_000_000 else { return nil }
        case (414, .number(let number)), (417, .number(let number)):
            guard number < 1_000_000_000_000 else { return nil }
        case (8003, .text(let range)), (253, .text(let range)):
            guard Self.isPacked(bytes, range),
                let entry = DictionaryEntry.of(ai),
                entry.fault(in: bytes.extracting(range), digitsOnly: true) == nil
            else { return nil }
        case (8004, .text(let range)):
            guard Self.isText(bytes, range, most: 30), Self.isPacked(bytes, range) else { return nil }
            if case .urn(let length) = form {
                guard range.count > length,
                    bytes.areDigits(range.lowerBound..<range.lowerBound &+ length)
                else { return nil }
            }
        default: return nil
        }
    }

    /// Whether the qualifier may follow in the path and be spelt so.
    package mutating func admits(_ ai: Int, _ value: Value, in bytes: Span<UInt8>) -> Bool {
        let next: Int
        switch (key, ai) {
        case (1, 22): next = 1
        case (1, 10): next = 2
        case (1, 21): next = 3
        case (1, 235): next = 4
        case (414, 254): next = 4
        default: return false
        }
        // The extension 235 stands alone; an EPC URN has one qualifier, and spells 254 with 0 as if it were not there.
        guard next > place, next < 4 || place == 0 else { return false }
        if case .urn = form {
            guard place == 0, ai != 22 else { return false }
            if ai == 254, case .number(0) = value { return false }
        }
        place = next
        switch value {
        case .number(let number): return number < 1 << 63
        case .text(let range):
            return Self.isText(bytes, range, most: ai == 235 ? 28 : 20) && Self.isPacked(bytes, range)
        }
    }

    /// Whether a Digital Link may stand behind the text in `range`, as ``Identifier`` spells it.
    package static func isStem(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let stem = bytes.extracting(range)
        guard var position = try? DigitalLinkPath.start(in: stem) else { return false }
        while position < stem.count {
            guard ASCIISet.uri.contains(stem[position]) else { return false }
            position &+= 1
        }
        return true
    }

    /// Whether a URI could be a canonical Digital Link, by what stands behind its scheme and `//`: whether the segment before
    /// the last is two to four digits.
    package static func mayBeLink(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let last = bytes.lastIndex(of: 0x2F, in: range),
            let before = bytes.lastIndex(of: 0x2F, in: range.lowerBound..<last)
        else { return false }
        let segment = before &+ 1..<last
        return (2...4).contains(segment.count) && bytes.areDigits(segment)
    }

    /// One to `most` characters of set 82.
    private static func isText(_ bytes: Span<UInt8>, _ range: Range<Int>, most: Int) -> Bool {
        guard range.count > 0, range.count <= most else { return false }
        for position in range where !ASCIISet.cset82.contains(bytes[position]) { return false }
        return true
    }

    /// Whether text is the packed form of its characters: no decimal that a number would give back.
    private static func isPacked(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let first = range.first else { return false }
        if bytes[first] == 0x30, range.count > 1 { return true }
        return range.count > 19 || !bytes.areDigits(range)
    }
}
