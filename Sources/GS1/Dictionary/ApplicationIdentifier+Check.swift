extension ApplicationIdentifier {
    /// Throws ``GS1Error`` unless the value is right: its length, its characters, and every linter of its components. The
    /// error's position counts characters from the start of the value.
    public func check(_ value: String) throws(GS1Error) {
        guard let fault = entry.fault(in: value.utf8.span) else { return }
        throw GS1Error(fault, ai: number, value: value)
    }
}

extension DictionaryEntry {
    /// The first thing that is wrong with a value. With `digitsOnly`, no linters but those of check digits and fixed zeros:
    /// the rule of ``Identifier``, which event payloads rest on.
    func fault(in value: Span<UInt8>, digitsOnly: Bool = false) -> Fault? {
        var start = 0
        for place in 0..<componentCount {
            let component = component(place)
            let length = min(component.most, value.count &- start)
            if length == 0, component.isOptional { break }
            let part = value.extracting(start..<start &+ length)
            if let fault = component.characterFault(in: part) { return fault.moved(by: start) }
            guard length >= component.least else { return Fault(.valueTooShort, 0, value.count) }
            for number in 0..<3 {
                guard let linter = component.linter(number) else { break }
                if digitsOnly, !linter.isOfCheckDigits { continue }
                if let fault = linter.fault(in: part) { return fault.moved(by: start) }
            }
            start &+= length
        }
        return start == value.count ? nil : Fault(.valueTooLong, start, value.count &- start)
    }
}

extension ValueComponent {
    fileprivate func characterFault(in part: Span<UInt8>) -> Fault? {
        switch kind {
        case .numeric: part.fault(.nonDigitCharacter, outside: .digits)
        case .cset82: part.fault(.invalidCSET82Character, outside: .cset82)
        case .cset39: part.fault(.invalidCSET39Character, outside: .cset39)
        case .cset64: Linter.cset64.fault(in: part)
        }
    }
}

extension Linter {
    fileprivate var isOfCheckDigits: Bool {
        switch self {
        case .csum, .csumalpha, .zero: true
        default: false
        }
    }
}
