extension DigitalLink {
    /// The URI. Values escape all but letters, digits and `-._~`. ``init(parsing:allowing:)`` gives the same link again.
    public var text: String {
        var bytes = Array(stem.utf8)
        for element in path {
            bytes.append(0x2F)
            bytes.append(applicationIdentifier: element.ai)
            bytes.append(0x2F)
            bytes.append(element.value.utf8.span, escapingAllBut: .unreserved)
        }
        var mark: UInt8 = 0x3F
        for element in attributes {
            bytes.append(mark)
            Self.append(element, to: &bytes)
            mark = 0x26
        }
        for parameter in parameters {
            bytes.append(mark)
            bytes += parameter.name.utf8
            if let value = parameter.value {
                bytes.append(0x3D)
                bytes += value.utf8
            }
            mark = 0x26
        }
        if let fragment {
            bytes.append(0x23)
            bytes += fragment.utf8
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The one URI of these elements: behind `https://id.gs1.org`, attributes in the order of their AIs, without parameters
    /// and fragment. The path is spelt as ``Identifier`` spells it, which leaves `'`, `;` and `=` bare as the CBV 2.0 event
    /// hash does; ``text`` escapes them as the GS1 Syntax Engine does. Readers take either.
    public var canonical: String {
        var bytes = Array(Self.canonicalStem.utf8)
        Identifier.spellPath(path, to: &bytes)
        var mark: UInt8 = 0x3F
        // As text: 10 before 3103 before 37.
        let sorted = attributes.sorted { $0.aiText.utf8.lexicographicallyPrecedes($1.aiText.utf8) }
        for element in sorted {
            bytes.append(mark)
            Self.append(element, to: &bytes)
            mark = 0x26
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ element: Element, to bytes: inout [UInt8]) {
        bytes.append(applicationIdentifier: element.ai)
        bytes.append(0x3D)
        bytes.append(element.value.utf8.span, escapingAllBut: .unreserved, isQuery: true)
    }
}
