import TraceProof

/// What a payload cannot say, found before a byte of it is written.
extension EventFields {
    /// Refuses values nested deeper than ``CBORReader/maximumDepth`` levels, counted from the event's map.
    func checkNesting() throws(FormatError) {
        try checkNesting(extensions, inside: 2)
        if let ilmd { try checkNesting(ilmd, inside: 2, "ilmd") }
        if let context { try checkNesting([Field("@context", context)], inside: 1) }
        for (fields, depth, name) in nestedFields() { try checkNesting(fields, inside: depth, name) }
    }

    /// Refuses a name that stands twice in one object; expects ``sortNames()`` to have run.
    func checkNames() throws(FormatError) {
        try checkNames(extensions)
        if let ilmd { try checkNames(ilmd) }
        if let context { try checkNames([Field("@context", context)]) }
        for (fields, _, _) in nestedFields() { try checkNames(fields) }
        for (left, right) in zip(namespaces, namespaces.dropFirst()) where left.prefix.hasSameUTF8(as: right.prefix) {
            throw FormatError(
                payloadFormat,
                at: .whole,
                "the namespace prefix '\(left.prefix)' is bound twice: keep one"
            )
        }
        if let info = certificationInfo, !info.isList, info.references.count != 1 {
            throw FormatError(
                payloadFormat,
                at: .whole,
                "certificationInfo that is not a list names exactly one certificate"
            )
        }
    }

    /// The further fields of the event's parts, with the levels of CBOR around their values and the part's name.
    private func nestedFields() -> [(fields: [Field], depth: Int, name: String)] {
        var all: [(fields: [Field], depth: Int, name: String)] = []
        func add(_ fields: [Field]?, _ depth: Int, _ name: String) {
            if let fields, !fields.isEmpty { all.append((fields, depth, name)) }
        }
        add(errorDeclaration?.extensions, 2, "errorDeclaration")
        add(readPoint?.extensions, 2, "readPoint")
        add(bizLocation?.extensions, 2, "bizLocation")
        for quantity in quantityList ?? [] { add(quantity.extensions, 3, "quantityList") }
        for quantity in childQuantityList ?? [] { add(quantity.extensions, 3, "childQuantityList") }
        for quantity in inputQuantityList ?? [] { add(quantity.extensions, 3, "inputQuantityList") }
        for quantity in outputQuantityList ?? [] { add(quantity.extensions, 3, "outputQuantityList") }
        for entry in bizTransactionList ?? [] { add(entry.extensions, 3, "bizTransactionList") }
        for end in sourceList ?? [] { add(end.extensions, 3, "sourceList") }
        for end in destinationList ?? [] { add(end.extensions, 3, "destinationList") }
        for element in sensorElementList ?? [] {
            add(element.extensions, 3, "sensorElementList")
            add(element.sensorMetadata?.extensions, 4, "sensorMetadata")
            for report in element.sensorReport { add(report.extensions, 5, "sensorReport") }
        }
        return all
    }

    private func checkNesting(_ fields: [Field], inside depth: Int, _ part: String? = nil) throws(FormatError) {
        for field in fields where !field.value.fits(CBORReader.maximumDepth - depth) {
            let name = part.map { "\($0)/\(field.name)" } ?? field.name
            throw FormatError(
                payloadFormat,
                at: .whole,
                "the field '\(name)' is nested too deep (the whole event has \(CBORReader.maximumDepth) levels): flatten or shorten it"
            )
        }
    }

    private func checkNames(_ fields: [Field]) throws(FormatError) {
        for (left, right) in zip(fields, fields.dropFirst()) where left.name.hasSameUTF8(as: right.name) {
            throw FormatError(
                payloadFormat,
                at: .whole,
                "the field '\(left.name)' stands twice in one object: rename or drop one"
            )
        }
        for field in fields { try checkNames(within: field.value) }
    }

    private func checkNames(within value: FieldValue) throws(FormatError) {
        switch value {
        case .list(let values): for value in values { try checkNames(within: value) }
        case .fields(let fields): try checkNames(fields)
        default: break
        }
    }
}

extension FieldValue {
    /// Whether the value takes at most so many levels of CBOR; looks no deeper than that.
    fileprivate func fits(_ levels: Int) -> Bool {
        switch self {
        case .null, .boolean, .text: levels >= 0
        // A decimal is a tag around an array (RFC 8949 section 3.4.4).
        case .number: levels >= 2
        case .list(let values): levels > 0 && values.allSatisfy { $0.fits(levels - 1) }
        case .fields(let fields): levels > 0 && fields.allSatisfy { $0.value.fits(levels - 1) }
        }
    }
}
