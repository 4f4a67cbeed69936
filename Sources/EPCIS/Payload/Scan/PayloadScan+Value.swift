import TraceProof

extension PayloadScan {
    /// An integer or a decimal fraction; the reader sees to other numbers.
    mutating func number(_ bytes: Span<UInt8>) -> Bool {
        if skip(bytes, 0xC4) {
            guard skip(bytes, 0x82), let exponent = integer(bytes), (-64 ... -1).contains(exponent) else {
                return false
            }
        }
        guard let mantissa = integer(bytes) else { return false }
        return mantissa != .min
    }

    /// Any value of a field, inside so many arrays, maps and tags.
    mutating func value(_ bytes: Span<UInt8>, depth: Int) -> Bool {
        guard at < bytes.count else { return false }
        switch bytes[at] >> 5 {
        case 0, 1: return number(bytes)
        case 3: return isText(bytes)
        case 4:
            guard depth < CBORReader.maximumDepth, let count = head(bytes, 4) else { return false }
            for _ in 0..<count {
                guard value(bytes, depth: depth &+ 1) else { return false }
            }
            return true
        case 5:
            guard depth < CBORReader.maximumDepth, let count = head(bytes, 5) else { return false }
            return fields(bytes, count, depth: depth &+ 1)
        case 6: return depth &+ 1 < CBORReader.maximumDepth && number(bytes)
        default: return skip(bytes, 0xF6) || skip(bytes, 0xF4) || skip(bytes, 0xF5)
        }
    }

    /// A map of the event's own, with at least so many fields.
    mutating func fieldMap(_ bytes: Span<UInt8>, least: UInt64) -> Bool {
        guard let count = head(bytes, 5), count >= least else { return false }
        return fields(bytes, count, depth: 2)
    }

    /// So many entries with text keys in the order of deterministic CBOR.
    mutating func fields(_ bytes: Span<UInt8>, _ count: UInt64, depth: Int) -> Bool {
        var previous = at..<at
        for _ in 0..<count {
            let name = at
            guard isText(bytes), ascends(bytes, previous, name..<at) else { return false }
            previous = name..<at
            guard value(bytes, depth: depth) else { return false }
        }
        return true
    }

    mutating func namespaces(_ bytes: Span<UInt8>) -> Bool {
        guard let count = head(bytes, 5), count > 0 else { return false }
        var previous = at..<at
        for _ in 0..<count {
            let prefix = at
            guard isText(bytes), ascends(bytes, previous, prefix..<at) else { return false }
            previous = prefix..<at
            guard isNext(bytes, 0) ? code(bytes, below: Vocabulary.namespaces.count) : isText(bytes) else {
                return false
            }
        }
        return true
    }

    /// Whether a key may follow the one before it: neither begins with the other, so the first byte that differs decides.
    private func ascends(_ bytes: Span<UInt8>, _ previous: Range<Int>, _ key: Range<Int>) -> Bool {
        var (left, right) = (previous.lowerBound, key.lowerBound)
        while left < previous.upperBound, right < key.upperBound {
            if bytes[left] != bytes[right] { return bytes[left] < bytes[right] }
            left &+= 1
            right &+= 1
        }
        // There is none before the first.
        return previous.isEmpty
    }
}
