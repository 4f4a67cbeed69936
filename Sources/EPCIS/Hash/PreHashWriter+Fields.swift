import TraceProof

extension PreHashWriter {
    /// One piece a value of each field, for the caller to sort: extensions and ILMD (rules 19 to 21).
    ///
    /// The members of a list repeat the field's name; a field with nothing in it is its name alone.
    mutating func pieces(of fields: [Field]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        for field in fields {
            let name = hashedName(field.name)
            guard !isIgnored(field.name), !isIgnored(name), !isComment(field.name, name) else { continue }
            noteName(field.name, name)
            add(field.value, of: field.name, as: name, to: &pieces)
        }
        return pieces
    }

    /// Fields where the standard has no extension point: at the end of their parent like the others, and noted.
    mutating func unforeseen(_ fields: [Field]) {
        for field in fields { note(.noExtensionPoint, field.name) }
        sorted(pieces(of: fields))
    }

    /// Writes text as it is.
    mutating func append(_ text: String) { append(Array(text.utf8)) }

    private mutating func add(_ value: FieldValue, of field: String, as name: String, to pieces: inout [[UInt8]]) {
        switch value {
        case .null: note(.null, field)
        case .list(let values): for value in values { add(value, of: field, as: name, to: &pieces) }
        case .boolean(let value):
            note(.boolean, field)
            pieces.append(pair(name, Array((value ? "true" : "false").utf8)))
        case .number(let number): pieces.append(pair(name, canonical(number, field: field)))
        case .text(let text): pieces.append(pair(name, canonical(text, field: field)))
        case .fields(let fields):
            pieces.append(
                piece { writer in
                    writer.append(name)
                    writer.sorted(writer.pieces(of: fields))
                }
            )
        }
    }

    private func pair(_ name: String, _ value: [UInt8]) -> [UInt8] {
        value.isEmpty ? Array(name.utf8) : Array(name.utf8) + [UInt8(ascii: "=")] + value
    }

    // MARK: Names

    /// `{namespace}local` for `prefix:local`; the name itself where its prefix is not declared.
    private func hashedName(_ name: String) -> String {
        guard let (uri, local) = expanded(name, declaredOnly: false) else { return name }
        return "{" + uri + "}" + local
    }

    private mutating func noteName(_ name: String, _ hashed: String) {
        if name.utf8.contains(UInt8(ascii: ":")), name.hasSameUTF8(as: hashed) { note(.undeclaredPrefix, name) }
    }

    /// `rdfs:comment` is not hashed, and the reference implementation leaves out any `comment`.
    private func isComment(_ name: String, _ hashed: String) -> Bool {
        name.hasSameUTF8(as: "comment") || name.hasSameUTF8(as: "rdfs:comment")
            || hashed.hasSameUTF8(as: "{http://www.w3.org/2000/01/rdf-schema#}comment")
    }
}
