extension Identifier {
    /// What an EPC URI means: pure identities, patterns for a class, and lots.
    static func readURN(_ text: Span<UInt8>) -> (elements: [Element], form: Form)? {
        var position = 0
        guard text.skip("urn:epc:", &position), let (scheme, isPattern) = scheme(text, &position),
            let prefix = companyPrefix(text, &position)
        else { return nil }

        var key: [UInt8] = []
        key.reserveCapacity(32)
        guard appendReference(scheme, text, prefix, &position, to: &key) else { return nil }

        var elements: [Element] = []
        elements.reserveCapacity(2)
        var tail: [UInt8] = []
        if scheme.tail != .none {
            guard text.skip(".", &position) else { return nil }
            if isPattern {
                guard text.skip("*", &position) else { return nil }
            } else {
                let range = position..<text.count
                guard tail.append(text, range, unescapingNo: .escapedInURN), !tail.isEmpty else { return nil }
                position = text.count
                if scheme.tail == .appended { key += tail }
            }
        }
        guard position == text.count else { return nil }

        elements.append(Element(ai: scheme.key, value: String(decoding: key, as: UTF8.self)))
        // EPC TDS 6.3.3: the extension 0 stands for a GLN without one.
        let hasNoExtension = scheme == .sgln && tail.elementsEqual(CollectionOfOne(0x30))
        if case .qualifier(let ai) = scheme.tail, !isPattern, !hasNoExtension {
            elements.append(Element(ai: ai, value: String(decoding: tail, as: UTF8.self)))
        }
        return isKey(elements) ? (elements, .urn(companyPrefixLength: prefix.count)) : nil
    }

    private static func scheme(_ text: Span<UInt8>, _ position: inout Int) -> (EPCScheme, isPattern: Bool)? {
        let isPattern = text.skip("idpat:", &position)
        let isClass = !isPattern && text.skip("class:", &position)
        guard isPattern || isClass || text.skip("id:", &position) else { return nil }
        for scheme in EPCScheme.allCases {
            var end = position
            guard text.skip(scheme.name, &end), text.skip(":", &end) else { continue }
            position = end
            return isClass == (scheme == .lgtin) && (!isPattern || scheme.hasPattern) ? (scheme, isPattern) : nil
        }
        return nil
    }

    /// The digits of the company prefix; the point behind them is skipped.
    private static func companyPrefix(_ text: Span<UInt8>, _ position: inout Int) -> Range<Int>? {
        let end = text.firstIndex(of: 0x2E, in: position..<text.count)
        guard (6...12).contains(end - position), end < text.count, text.areDigits(position..<end) else { return nil }
        defer { position = end + 1 }
        return position..<end
    }

    /// Puts company prefix and reference together as the key has them, with the check digit.
    private static func appendReference(
        _ scheme: EPCScheme,
        _ text: Span<UInt8>,
        _ prefix: Range<Int>,
        _ position: inout Int,
        to key: inout [UInt8]
    ) -> Bool {
        guard scheme.referenceDigits > 0 else {
            // Text: up to the end, or up to the point before a component's serial.
            let end = scheme.tail == .none ? text.count : text.firstIndex(of: 0x2E, in: position..<text.count)
            key.append(text, prefix)
            defer { position = end }
            return end > position && key.append(text, position..<end, unescapingNo: .escapedInURN)
        }
        let end = position + scheme.referenceDigits - prefix.count
        guard end <= text.count, text.areDigits(position..<end) else { return false }
        if scheme == .grai { key.append(0x30) }
        if scheme.hasIndicator {
            key.append(text[position])
            position += 1
        }
        key.append(text, prefix)
        key.append(text, position..<end)
        position = end
        guard let checkDigit = CheckDigit.mod10(key) else { return false }
        key.append(checkDigit)
        return scheme != .itip || (appendPair(text, &position, to: &key) && appendPair(text, &position, to: &key))
    }

    /// A point and two digits: the number of a piece, or of all pieces.
    private static func appendPair(_ text: Span<UInt8>, _ position: inout Int, to key: inout [UInt8]) -> Bool {
        guard text.skip(".", &position), text.count - position >= 2 else { return false }
        key.append(text, position..<position + 2)
        position += 2
        return true
    }

    /// The EPC URI of a well-formed key; nil where there is none for these elements and this length.
    static func spellURN(_ elements: [Element], companyPrefixLength length: Int) -> [UInt8]? {
        guard (6...12).contains(length), let key = elements.first,
            let (scheme, isPattern) = EPCScheme.spelling(elements)
        else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64)
        bytes.append("urn:epc:")
        bytes.append(isPattern ? "idpat:" : scheme.kind)
        bytes.append(scheme.name)
        bytes.append(0x3A)
        guard appendKey(scheme, key.value.utf8.span, length, isPattern, to: &bytes) else { return nil }

        guard case .qualifier = scheme.tail, !isPattern else { return bytes }
        bytes.append(0x2E)
        if elements.count == 2 {
            let value = elements[1].value.utf8
            guard scheme != .sgln || !value.elementsEqual(CollectionOfOne(0x30)) else { return nil }
            bytes.append(value.span, 0..<value.count, escaping: .escapedInURN)
        } else {
            bytes.append(0x30)
        }
        return bytes
    }

    private static func appendKey(
        _ scheme: EPCScheme,
        _ key: Span<UInt8>,
        _ length: Int,
        _ isPattern: Bool,
        to bytes: inout [UInt8]
    ) -> Bool {
        let hasDigits = scheme.referenceDigits > 0
        let start = scheme.hasIndicator || scheme == .grai ? 1 : 0
        let end = hasDigits ? scheme.referenceDigits + (scheme == .grai ? 1 : 0) : key.count
        guard end <= key.count, start + length + (hasDigits ? 0 : 1) <= end, key.areDigits(start..<start + length)
        else { return false }
        bytes.append(key, start..<start + length)
        bytes.append(0x2E)
        if scheme.hasIndicator { bytes.append(key[0]) }
        bytes.append(key, start + length..<end, escaping: .escapedInURN)
        if scheme == .itip {
            bytes.append(0x2E)
            bytes.append(key, 14..<16)
            bytes.append(0x2E)
            bytes.append(key, 16..<18)
        }
        if isPattern {
            bytes.append(".*")
        } else if scheme.tail == .appended {
            bytes.append(0x2E)
            bytes.append(key, end + 1..<key.count, escaping: .escapedInURN)
        }
        return true
    }
}
