import GS1
import TraceProof

// Identifiers of a payload that has been scanned, made from its bytes without being checked again. `nil` means that the
// strict reader has to read them: so nothing here can be wrong without being merely slow.
extension PayloadScan {
    /// The identifier at `offset`.
    static func identifier(_ bytes: Span<UInt8>, at offset: Int) -> Identifier? {
        var scan = PayloadScan(at: offset)
        guard let item = scan.opening(bytes), let spelling = item.spelling, !scan.isNext(bytes, 4) else { return nil }
        return scan.one(bytes, item, scan.form(bytes, item, spelling))
    }

    /// The list of identifiers at `offset`.
    static func identifiers(_ bytes: Span<UInt8>, at offset: Int) -> [Identifier]? {
        var scan = PayloadScan(at: offset)
        var identifiers: [Identifier] = []
        guard let count = scan.head(bytes, 4) else { return nil }
        for _ in 0..<count {
            guard let item = scan.opening(bytes), let spelling = item.spelling else { return nil }
            let form = scan.form(bytes, item, spelling)
            if scan.isNext(bytes, 4) {
                guard scan.run(bytes, item, form, &identifiers) else { return nil }
            } else {
                guard let one = scan.one(bytes, item, form) else { return nil }
                identifiers.append(one)
            }
        }
        return identifiers
    }

    private init(at offset: Int) { cursor = CBORCursor(at: offset) }

    private func form(_ bytes: Span<UInt8>, _ item: Opening, _ spelling: PackedKey.Form) -> Identifier.Form {
        if case .urn(let length) = spelling { return .urn(companyPrefixLength: length) }
        return .digitalLink(stem: item.stem.map { string(bytes, $0) } ?? IdentifierForm.canonicalStem)
    }

    private mutating func one(_ bytes: Span<UInt8>, _ item: Opening, _ form: Identifier.Form) -> Identifier? {
        var elements: [Element] = []
        elements.reserveCapacity(Int(truncatingIfNeeded: item.count / 2))
        for _ in 0..<item.count / 2 {
            guard let ai = ai(bytes), let element = element(bytes, ai) else { return nil }
            elements.append(element)
        }
        return Identifier(checked: elements, form: form)
    }

    private mutating func run(
        _ bytes: Span<UInt8>,
        _ item: Opening,
        _ form: Identifier.Form,
        _ identifiers: inout [Identifier]
    ) -> Bool {
        guard let shared = head(bytes, 4) else { return false }
        var elements: [Element] = []
        for _ in 0..<shared / 2 {
            guard let ai = ai(bytes), let element = element(bytes, ai) else { return false }
            elements.append(element)
        }
        guard let ai = ai(bytes) else { return false }
        let series = IdentifierSeries(elements, ai: ai, form: form)
        identifiers.reserveCapacity(identifiers.count &+ Int(truncatingIfNeeded: item.count &- 3))
        for _ in 3..<item.count {
            guard let last = element(bytes, ai),
                let identifier = elements.isEmpty
                    ? Identifier(checked: [last], form: form) : series?.identifier(last.value)
            else { return false }
            identifiers.append(identifier)
        }
        return true
    }

    private mutating func element(_ bytes: Span<UInt8>, _ ai: Int) -> Element? {
        switch packed(bytes) {
        case .text(let range): return Element(ai: ai, value: string(bytes, range))
        case .number(let number):
            guard CheckedKey.isKey(ai) else { return Element(ai: ai, packed: .number(number)) }
            return CheckedKey.appendingCheckDigit(number).flatMap { Element(ai: ai, packed: .number($0)) }
        case nil: return nil
        }
    }

    private func string(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
