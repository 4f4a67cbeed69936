import TraceProof

extension PayloadScan {
    /// What a list may hold.
    enum Item {
        case quantity, bizTransaction, end, identifier, sensorElement, sensorReport, certificate
    }

    mutating func list(_ bytes: Span<UInt8>, _ item: Item) -> Bool {
        guard let count = head(bytes, 4) else { return false }
        for _ in 0..<count {
            let isGood =
                switch item {
                case .quantity: quantity(bytes)
                case .bizTransaction: typed(bytes, .bizTransactionTypes, needsType: false)
                case .end: typed(bytes, .sourceDestinationTypes, needsType: true)
                case .identifier: identifier(bytes)
                case .sensorElement: sensorElement(bytes)
                case .sensorReport: sensorReport(bytes)
                case .certificate: isText(bytes)
                }
            guard isGood else { return false }
        }
        return true
    }

    mutating func term(_ bytes: Span<UInt8>, _ vocabulary: Vocabulary) -> Bool {
        if isNext(bytes, 3) { return isText(bytes) }
        if skip(bytes, 0x82) {
            guard let style = head(bytes, 0), style < 3, style < 2 || vocabulary.hasURN else { return false }
        }
        return code(bytes, below: vocabulary.terms.count)
    }

    private mutating func terms(_ bytes: Span<UInt8>, _ vocabulary: Vocabulary) -> Bool {
        guard let count = head(bytes, 4) else { return false }
        for _ in 0..<count {
            guard term(bytes, vocabulary) else { return false }
        }
        return true
    }

    private mutating func quantity(_ bytes: Span<UInt8>) -> Bool {
        if isNext(bytes, 5) {
            guard var rest = head(bytes, 5), key(bytes, 0, &rest), identifier(bytes) else { return false }
            if key(bytes, 1, &rest) { guard number(bytes) else { return false } }
            if key(bytes, 2, &rest) { guard isText(bytes) else { return false } }
            return rest > 0 && fields(bytes, rest, depth: 3)
        }
        guard let count = head(bytes, 4), (1...3).contains(count), identifier(bytes) else { return false }
        if count == 3, skip(bytes, 0xF6) { return isText(bytes) }
        guard count == 1 || number(bytes) else { return false }
        return count < 3 || isText(bytes)
    }

    mutating func location(_ bytes: Span<UInt8>) -> Bool {
        guard isNext(bytes, 5) else { return identifier(bytes) }
        guard var rest = head(bytes, 5), key(bytes, 0, &rest), identifier(bytes), rest > 0 else { return false }
        return fields(bytes, rest, depth: 2)
    }

    private mutating func typed(_ bytes: Span<UInt8>, _ vocabulary: Vocabulary, needsType: Bool) -> Bool {
        if isNext(bytes, 5) {
            guard var rest = head(bytes, 5) else { return false }
            if key(bytes, 0, &rest) {
                guard term(bytes, vocabulary) else { return false }
            } else if needsType {
                return false
            }
            guard key(bytes, 1, &rest), identifier(bytes), rest > 0 else { return false }
            return fields(bytes, rest, depth: 3)
        }
        guard let count = head(bytes, 4), count == 2 || (count == 1 && !needsType) else { return false }
        if count == 2 { guard term(bytes, vocabulary) else { return false } }
        return identifier(bytes)
    }

    mutating func persistentDisposition(_ bytes: Span<UInt8>) -> Bool {
        guard var rest = head(bytes, 5) else { return false }
        if key(bytes, 0, &rest) { guard terms(bytes, .dispositions) else { return false } }
        if key(bytes, 1, &rest) { guard terms(bytes, .dispositions) else { return false } }
        return rest == 0
    }

    mutating func errorDeclaration(_ bytes: Span<UInt8>) -> Bool {
        guard var rest = head(bytes, 5), key(bytes, 0, &rest), time(bytes) else { return false }
        if key(bytes, 1, &rest) { guard term(bytes, .errorReasons) else { return false } }
        if key(bytes, 2, &rest) { guard list(bytes, .identifier) else { return false } }
        return fields(bytes, rest, depth: 2)
    }

    mutating func certificationInfo(_ bytes: Span<UInt8>) -> Bool {
        isNext(bytes, 4) ? list(bytes, .certificate) : isText(bytes)
    }

    /// Steps over the next key of a map with so many entries left, if it is this one.
    @inline(__always)
    mutating func key(_ bytes: Span<UInt8>, _ key: UInt8, _ rest: inout UInt64) -> Bool {
        guard rest > 0, skip(bytes, key) else { return false }
        rest &-= 1
        return true
    }
}
