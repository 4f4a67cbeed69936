extension Identifier {
    /// What the path of a Digital Link URI means; query and fragment are not part of what is identified.
    static func readDigitalLink(_ text: String) -> (elements: [Element], form: Form)? {
        let bytes = text.utf8.span
        guard let path = try? DigitalLinkPath.start(in: bytes) else { return nil }
        var end = path
        while end < bytes.count, bytes[end] != 0x3F, bytes[end] != 0x23 {
            guard ASCIISet.uri.contains(bytes[end]) else { return nil }
            end &+= 1
        }
        guard let read = try? DigitalLinkPath(bytes, path..<end, allowing: [.shortNames, .shortGTINs]),
            isKey(read.elements)
        else { return nil }
        return (read.elements, .digitalLink(stem: String(Substring(text.utf8.prefix(read.stemEnd)))))
    }

    /// The canonical Digital Link URI of a well-formed key behind this stem; nil where the stem cannot carry one.
    static func spellDigitalLink(_ elements: [Element], stem: String) -> [UInt8]? {
        let stemBytes = stem.utf8.span
        guard let path = try? DigitalLinkPath.start(in: stemBytes) else { return nil }
        for position in path..<stemBytes.count {
            guard ASCIISet.uri.contains(stemBytes[position]) else { return nil }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(stemBytes.count + 64)
        bytes.append(stemBytes, 0..<stemBytes.count)
        spellPath(elements, to: &bytes)
        return bytes
    }

    /// Adds key and qualifiers in canonical spelling, each behind a slash.
    static func spellPath(_ elements: [Element], to bytes: inout [UInt8]) {
        for element in elements {
            bytes.append(0x2F)
            bytes.append(applicationIdentifier: element.ai)
            bytes.append(0x2F)
            bytes.append(element.value.utf8.span, 0..<element.value.utf8.count, escaping: .escapedInDigitalLink)
        }
    }
}
