extension EPCBinary {
    /// The identifier of the key, without date, data and filter: an EPC URN where the scheme tells the length of the
    /// company prefix, else a Digital Link URI at the hostname or at id.gs1.org.
    public var identifier: Identifier? {
        if let gid = generalIdentifier {
            return Identifier("urn:epc:id:gid:\(gid.manager).\(gid.objectClass).\(gid.serial)")
        }
        let key = scheme.hasDate ? Array(elements.dropLast()) : elements
        if let length = companyPrefixLength {
            return Identifier(elements: key, form: .urn(companyPrefixLength: length))
        }
        return Identifier(elements: key, form: .digitalLink(stem: defaultStem))
    }

    private var defaultStem: String { "https://" + (hostname ?? "id.gs1.org") }

    /// The Digital Link URI with all that the EPC says but its filter: qualifiers among the +AIDC data in the path, where
    /// they go with the key, and all else in the query. Nil for a GID, and for a stem that cannot carry a link.
    ///
    /// - Parameter stem: e.g. `https://example.com`; without one the hostname of the EPC, or id.gs1.org.
    public func digitalLink(stem: String? = nil) -> String? {
        guard generalIdentifier == nil else { return nil }
        let form = Identifier.Form.digitalLink(stem: stem ?? defaultStem)
        var path = elements
        var query: [Element] = scheme.hasDate ? [path.removeLast()] : []
        for element in data {
            // The path has room for a qualifier in one place only, if at all.
            let place = path.indices.dropFirst().first {
                Identifier(elements: path.inserting(element, $0), form: form) != nil
            }
            if let place {
                path.insert(element, at: place)
            } else if Identifier(elements: path + [element], form: form) != nil {
                path.append(element)
            } else {
                query.append(element)
            }
        }
        guard let link = Identifier(elements: path, form: form) else { return nil }
        var bytes = Array(link.text.utf8)
        for (index, element) in query.enumerated() {
            bytes.append(index == 0 ? 0x3F : 0x26)
            bytes.append(applicationIdentifier: element.ai)
            bytes.append(0x3D)
            bytes.append(element.value.utf8.span, 0..<element.value.utf8.count, escaping: .escapedInDigitalLink)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The EPC of an EPC URN or a Digital Link URI in this scheme.
    ///
    /// - Parameters:
    ///   - identifier: a GS1 key, or `urn:epc:id:gid:` for ``Scheme/gid96``. What its path has beyond the elements of the
    ///     scheme, and its query, becomes the date of a DSGTIN and +AIDC data; a host becomes the hostname of a `++`.
    ///   - companyPrefixLength: that of the issuer's enrolment, where the scheme needs one and no URN tells it.
    ///
    /// Throws ``EPCBinaryError`` where the scheme cannot hold all that the identifier says.
    public init(
        _ identifier: Identifier,
        scheme: Scheme,
        filter: UInt8 = 0,
        companyPrefixLength: Int? = nil
    ) throws(EPCBinaryError) {
        guard scheme != .gid96 else {
            try self.init(try Self.generalIdentifier(identifier))
            return
        }
        guard !identifier.elements.isEmpty else { throw EPCBinaryError("this is no GS1 key: \(identifier.text)") }
        var length = companyPrefixLength
        if case .urn(let ours) = identifier.form {
            guard length == nil || length == ours else {
                throw EPCBinaryError("the URN has a company prefix of \(ours) digits, not of \(length ?? 0)")
            }
            length = ours
        }
        var key = identifier.elements.filter { scheme.applicationIdentifiers.contains($0.ai) }
        var data = identifier.elements.filter { !scheme.applicationIdentifiers.contains($0.ai) }
        data += try Self.query(of: identifier.text)
        if scheme.hasDate, let place = data.firstIndex(where: { Self.prioritisedDates.contains($0.ai) }) {
            key.append(data.remove(at: place))
        }
        try self.init(
            scheme: scheme,
            elements: key,
            filter: filter,
            companyPrefixLength: scheme.hasCompanyPrefix ? length : nil,
            hostname: scheme.hasHostname ? try Self.host(of: identifier.text) : nil,
            data: data
        )
    }

    /// The elements in the query of a Digital Link; none for an EPC URN.
    private static func query(of text: String) throws(EPCBinaryError) -> [Element] {
        let bytes = Array(text.utf8)
        guard bytes.first != 0x75, let mark = bytes.firstIndex(of: 0x3F) else { return [] }
        var elements: [Element] = []
        for pair in bytes[(mark + 1)...].prefix(while: { $0 != 0x23 }).split(separator: 0x26) {
            let name = Array(pair.prefix { $0 != 0x3D })
            let escaped = Array(pair.dropFirst(name.count + 1))
            var value: [UInt8] = []
            guard let ai = Element.applicationIdentifier(name.span, 0..<name.count),
                value.append(escaped.span, 0..<escaped.count, unescapingNo: ASCIISet(low: 0, high: 0))
            else { throw EPCBinaryError("the query has more than elements, which an EPC cannot hold") }
            elements.append(Element(ai: ai, value: String(decoding: value, as: UTF8.self)))
        }
        return elements
    }

    /// The host of a Digital Link that stands at its root over https.
    private static func host(of text: String) throws(EPCBinaryError) -> String {
        let bytes = Array(text.utf8)
        let span = bytes.span
        var start = 0
        guard span.skip("https://", &start) else {
            throw EPCBinaryError("a hostname can only be taken from a Digital Link URI with https")
        }
        let host = Array(bytes[start...].prefix { $0 != 0x2F })
        let bare = bytes[(start + host.count)...].prefix { $0 != 0x3F && $0 != 0x23 }
        var segments = 0
        for byte in bare where byte == 0x2F { segments += 1 }
        guard segments == 2 * Identifier(text).elements.count else {
            throw EPCBinaryError("the Digital Link has a path before its key, which an EPC cannot hold")
        }
        return String(decoding: host, as: UTF8.self)
    }

    private static func generalIdentifier(_ identifier: Identifier) throws(EPCBinaryError) -> GeneralIdentifier {
        let text = identifier.text.utf8.span
        var position = 0
        var numbers: [UInt64] = []
        if text.skip("urn:epc:id:gid:", &position) {
            for part in identifier.text.utf8.dropFirst(position).split(
                separator: 0x2E,
                omittingEmptySubsequences: false
            ) {
                var number: UInt64 = 0
                guard (1...11).contains(part.count), part.count == 1 || part.first != 0x30 else { break }
                guard part.allSatisfy({ $0.isDigit }) else { break }
                for digit in part { number = number * 10 + UInt64(digit - 0x30) }
                numbers.append(number)
            }
            var dots = 0
            for byte in identifier.text.utf8 where byte == 0x2E { dots += 1 }
            if numbers.count == 3, dots == 2 {
                return GeneralIdentifier(manager: numbers[0], objectClass: numbers[1], serial: numbers[2])
            }
        }
        throw EPCBinaryError("this is no URN of a general identifier: \(identifier.text)")
    }
}

extension Array<Element> {
    /// The array with one more at this place.
    fileprivate func inserting(_ element: Element, _ place: Int) -> [Element] {
        var result = self
        result.insert(element, at: place)
        return result
    }
}
