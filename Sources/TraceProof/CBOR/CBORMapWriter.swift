/// Collects the entries of one map for ``CBORWriter/map(_:)``, which sorts them.
public struct CBORMapWriter: Sendable {
    private struct Entry {
        let start: Int
        let valueStart: Int
        let end: Int
    }

    // All entries stand in one buffer in the order of the calls; only when they are out of order are they moved.
    private var writer = CBORWriter()
    private var entries: [Entry] = []
    private var isSorted = true

    init() {}

    /// The number of entries so far.
    public var count: Int { entries.count }

    /// An entry with an integer key; `value` writes exactly one item.
    public mutating func entry<E>(_ key: Int64, _ value: (inout CBORWriter) throws(E) -> Void) throws(E) {
        let start = writer.output.count
        writer.integer(key)
        try finish(start, value)
    }

    /// An entry with a text key; `value` writes exactly one item.
    public mutating func entry<E>(_ key: String, _ value: (inout CBORWriter) throws(E) -> Void) throws(E) {
        let start = writer.output.count
        writer.text(key)
        try finish(start, value)
    }

    /// An entry whose key is one deterministically encoded item; `value` writes exactly one item.
    public mutating func entry<E>(
        encodedKey: some Collection<UInt8>,
        _ value: (inout CBORWriter) throws(E) -> Void
    ) throws(E) {
        let start = writer.output.count
        writer.encoded(encodedKey)
        try finish(start, value)
    }

    private mutating func finish<E>(_ start: Int, _ value: (inout CBORWriter) throws(E) -> Void) throws(E) {
        let valueStart = writer.output.count
        try value(&writer)
        let entry = Entry(start: start, valueStart: valueStart, end: writer.output.count)
        if let last = entries.last, isSorted { isSorted = precedes(last, entry) }
        entries.append(entry)
    }

    private func key(_ entry: Entry) -> ArraySlice<UInt8> { writer.output[entry.start..<entry.valueStart] }

    private func precedes(_ left: Entry, _ right: Entry) -> Bool {
        key(left).lexicographicallyPrecedes(key(right))
    }

    /// Appends the entries in the order of their keys.
    func append(to output: inout [UInt8]) {
        guard !isSorted else {
            output.append(contentsOf: writer.output)
            return
        }
        let sorted = entries.sorted { precedes($0, $1) }
        var previous: Entry?
        for entry in sorted {
            if let previous { precondition(precedes(previous, entry), "a CBOR map key was written twice") }
            output.append(contentsOf: writer.output[entry.start..<entry.end])
            previous = entry
        }
    }
}
