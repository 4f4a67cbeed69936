import TraceProof

extension CBORWriter {
    mutating func term(_ term: Term, _ vocabulary: Vocabulary) {
        guard let (style, code) = vocabulary.lookUp(term) else { return text(term.text) }
        if style != .bare {
            array(2)
            integer(Int64(style.rawValue))
        }
        integer(Int64(code))
    }

    mutating func terms(_ terms: [Term], _ vocabulary: Vocabulary) {
        array(terms.count)
        for term in terms { self.term(term, vocabulary) }
    }
}

extension CBORReader {
    mutating func term(_ vocabulary: Vocabulary) throws(FormatError) -> Term {
        let start = offset
        var style = Vocabulary.Style.bare
        switch try peek() {
        case .text: return Term(try text())
        case .array:
            try array(count: 2)
            let number = try unsigned()
            guard number < UInt64(Vocabulary.Style.bare.rawValue),
                let known = Vocabulary.Style(rawValue: Int(number))
            else {
                throw FormatError(payloadFormat, at: .offset(start), newerVersion("way of writing terms \(number)"))
            }
            style = known
        default: break
        }
        let code = try unsigned()
        guard let term = vocabulary.term(Int(clamping: code), style: style) else {
            throw FormatError(payloadFormat, at: .offset(start), newerVersion("vocabulary term \(code)"))
        }
        return term
    }

    mutating func terms(_ vocabulary: Vocabulary) throws(FormatError) -> [Term] {
        var terms: [Term] = []
        for _ in 0..<(try array()) { terms.append(try term(vocabulary)) }
        return terms
    }
}
