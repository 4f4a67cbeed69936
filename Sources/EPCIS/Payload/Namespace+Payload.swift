import TraceProof

extension Vocabulary {
    /// Namespaces that the world shares, by their codes in payloads. Append only.
    static let namespaces = [
        "urn:epcglobal:cbv:mda:", "https://gs1.org/voc/", "https://ref.gs1.org/cbv/", "https://ref.gs1.org/epcis/",
        "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2001/XMLSchema#", "http://purl.org/dc/terms/",
        "https://schema.org/",
    ]
}

extension CBORWriter {
    mutating func namespaces(_ namespaces: [Namespace]) {
        map { map in
            for namespace in namespaces {
                map.entry(namespace.prefix) { writer in
                    if let code = Vocabulary.namespaces.firstIndex(where: { $0.hasSameUTF8(as: namespace.uri) }) {
                        writer.integer(Int64(code))
                    } else {
                        writer.text(namespace.uri)
                    }
                }
            }
        }
    }
}

extension CBORReader {
    mutating func namespaces() throws(FormatError) -> [Namespace] {
        var namespaces: [Namespace] = []
        for _ in 0..<(try map()) {
            let prefix = try text()
            namespaces.append(Namespace(prefix: prefix, uri: try namespaceURI()))
        }
        guard !namespaces.isEmpty else { throw refuse("an empty map of namespaces is left out") }
        return namespaces
    }

    private mutating func namespaceURI() throws(FormatError) -> String {
        guard try peek() == .unsigned else { return try text() }
        let code = try unsigned()
        guard code < UInt64(Vocabulary.namespaces.count) else { throw refuse(newerVersion("namespace \(code)")) }
        return Vocabulary.namespaces[Int(code)]
    }
}
