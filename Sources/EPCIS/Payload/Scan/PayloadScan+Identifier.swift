import GS1

extension PayloadScan {
    /// What a compact identifier of a list shares with those of its class: its form, its elements without the last value.
    private struct Class {
        let form: Range<Int>
        let elements: Range<Int>
    }

    /// An array of an identifier or a run, as far as its form.
    struct Opening {
        let count: UInt64
        let form: Range<Int>
        /// The text of a stem without a number of its own.
        var stem: Range<Int>?
        /// `nil` for the forms that are no GS1 key.
        let spelling: PackedKey.Form?
        let number: UInt64
    }

    mutating func identifier(_ bytes: Span<UInt8>) -> Bool {
        guard at < bytes.count else { return false }
        switch bytes[at] >> 5 {
        case 2: return opaque(bytes)
        case 3: return isText(bytes)
        default:
            guard let opening = opening(bytes) else { return false }
            return single(bytes, opening) != nil
        }
    }

    /// A list in which no identifier is of the class of the one before without being grouped with it.
    mutating func identifiers(_ bytes: Span<UInt8>) -> Bool {
        guard let count = head(bytes, 4) else { return false }
        var previous: Class?
        for _ in 0..<count {
            guard isNext(bytes, 4) else {
                // A text may spell a key that belongs to a class; the reader finds out.
                guard count == 1 || !isNext(bytes, 3), identifier(bytes) else { return false }
                previous = nil
                continue
            }
            guard let opening = opening(bytes) else { return false }
            let found: Class?
            if opening.spelling != nil, isNext(bytes, 4) {
                guard let run = run(bytes, opening) else { return false }
                found = run
            } else {
                guard let one = single(bytes, opening) else { return false }
                found = opening.spelling == nil ? nil : one
            }
            if let found, let previous, isSame(bytes, found, previous) { return false }
            previous = found
        }
        return true
    }

    mutating func opening(_ bytes: Span<UInt8>) -> Opening? {
        guard let count = head(bytes, 4), count > 0 else { return nil }
        let start = at
        guard isNext(bytes, 3) else {
            guard let form = head(bytes, 0) else { return nil }
            let spelling: PackedKey.Form? =
                IdentifierForm.urn.contains(form) ? .urn(Int(form)) : form == IdentifierForm.canonicalLink ? .link : nil
            guard spelling != nil || (1...3).contains(form) else { return nil }
            return Opening(count: count, form: start..<at, spelling: spelling, number: form)
        }
        // The canonical stem has a number.
        guard let stem = string(bytes, 3), PackedKey.isStem(bytes, stem),
            !isEqual(bytes, stem, IdentifierForm.canonicalStem)
        else { return nil }
        return Opening(count: count, form: start..<at, stem: stem, spelling: .link, number: 0)
    }

    /// What follows the form of one identifier; the class is that of a key.
    private mutating func single(_ bytes: Span<UInt8>, _ opening: Opening) -> Class? {
        guard let spelling = opening.spelling else {
            return other(bytes, opening) ? Class(form: 0..<0, elements: 0..<0) : nil
        }
        guard opening.count >= 3, opening.count & 1 == 1 else { return nil }
        let start = at
        var end = at
        guard let ai = ai(bytes) else { return nil }
        end = at
        guard let value = packed(bytes), var key = PackedKey(ai, value, in: bytes, spelling) else { return nil }
        for _ in 1..<opening.count / 2 {
            guard let ai = self.ai(bytes) else { return nil }
            end = at
            guard let value = packed(bytes), key.admits(ai, value, in: bytes) else { return nil }
        }
        return Class(form: opening.form, elements: start..<end)
    }

    /// `[form, [shared elements], ai, value, value...]`.
    private mutating func run(_ bytes: Span<UInt8>, _ opening: Opening) -> Class? {
        guard opening.count >= 5, let spelling = opening.spelling, let shared = head(bytes, 4), shared & 1 == 0 else {
            return nil
        }
        let start = at
        var key: PackedKey?
        for _ in 0..<shared / 2 {
            guard let ai = ai(bytes), let value = packed(bytes) else { return nil }
            guard var begun = key else {
                key = PackedKey(ai, value, in: bytes, spelling)
                guard key != nil else { return nil }
                continue
            }
            guard begun.admits(ai, value, in: bytes) else { return nil }
            key = begun
        }
        guard let ai = ai(bytes) else { return nil }
        let end = at
        for _ in 3..<opening.count {
            guard let value = packed(bytes) else { return nil }
            if var each = key {
                guard each.admits(ai, value, in: bytes) else { return nil }
            } else {
                guard PackedKey(ai, value, in: bytes, spelling) != nil else { return nil }
            }
        }
        return Class(form: opening.form, elements: start..<end)
    }

    /// The forms that are no key: a business document, a URI behind its scheme.
    private mutating func other(_ bytes: Span<UInt8>, _ opening: Opening) -> Bool {
        guard opening.number == IdentifierForm.bizTransaction else {
            guard opening.count == 2, let text = text(bytes) else { return false }
            return !PackedKey.mayBeLink(bytes, text)
        }
        guard opening.count == 3, let gln = compact(bytes), gln < 10_000_000_000_000 else { return false }
        guard isNext(bytes, 3) else {
            guard let number = compact(bytes) else { return false }
            return number < 1_000_000_000_000_000_000
        }
        guard let text = text(bytes) else { return false }
        // Beyond 18 characters nothing is a number.
        return text.count > 18 || !isDecimal(bytes, text)
    }

    private mutating func opaque(_ bytes: Span<UInt8>) -> Bool {
        guard let range = string(bytes, 2) else { return false }
        return range.count == 16 || range.count == 32
    }

    mutating func ai(_ bytes: Span<UInt8>) -> Int? {
        guard let code = integer(bytes) else { return nil }
        return ShortAI.ai(of: code)
    }

    mutating func packed(_ bytes: Span<UInt8>) -> PackedKey.Value? {
        if isNext(bytes, 3) { return string(bytes, 3).map { .text($0) } }
        return compact(bytes).map { .number($0) }
    }

    /// Whether this is a decimal without leading zeros.
    private func isDecimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for place in range where bytes[place] < 0x30 || bytes[place] > 0x39 { return false }
        return range.count == 1 || (range.count > 1 && bytes[range.lowerBound] != 0x30)
    }

    private func isSame(_ bytes: Span<UInt8>, _ left: Class, _ right: Class) -> Bool {
        isEqual(bytes, left.form, right.form) && isEqual(bytes, left.elements, right.elements)
    }

    private func isEqual(_ bytes: Span<UInt8>, _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        let distance = right.lowerBound &- left.lowerBound
        for place in left where bytes[place] != bytes[place &+ distance] { return false }
        return true
    }

    private func isEqual(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: String) -> Bool {
        let text = text.utf8.span
        guard range.count == text.count else { return false }
        for place in 0..<text.count where bytes[range.lowerBound &+ place] != text[place] { return false }
        return true
    }
}
