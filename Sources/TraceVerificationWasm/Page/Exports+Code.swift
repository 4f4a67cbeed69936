internal import GS1
internal import TraceProof
internal import TraceStatements

/// Reads the text of a code, unverified. In: text. Out: names and values: each element by its AI, `identity` where the item is
/// named, which is the `info` of its key's derivation.
@c(tv_stamp)
public func stamp(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answer(input, count) { (fields, output) throws(FormatError) in
        let stamp = try Stamp(parsing: try fields.nextText())
        try fields.finish()
        output.append(stamp)
    }
}

/// Reads a hidden code. In: what was typed. Out: the seed.
@c(tv_hidden_code)
public func hiddenCode(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answer(input, count) { (fields, output) throws(FormatError) in
        let code = try HiddenCode(parsing: try fields.nextText())
        try fields.finish()
        output.append(code.seed)
    }
}

extension FieldWriter {
    /// A name and its value.
    mutating func append(_ name: StaticString, _ value: String) {
        append(unsafe [UInt8](UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)))
        append(value)
    }

    /// A name and a number in digits.
    mutating func append(_ name: StaticString, _ value: UInt64) { append(name, "\(value)") }

    /// What a stamp says.
    mutating func append(_ stamp: Stamp) {
        for element in stamp.elements {
            append(element.aiText)
            append(element.value)
        }
        if let item = stamp.item { append("identity", item.text) }
    }
}

extension Fields {
    /// The next field as text; bytes that are not UTF-8 become marks that no format of ours has.
    mutating func nextText() throws(FormatError) -> String { String(decoding: try next(), as: UTF8.self) }
}
