import GS1
import TraceProof

/// Puts together the text that is hashed: names and values, nothing between them (CBV 2.0 section 8.9, rules 1 to 5).
struct PreHashWriter {
    /// The namespaces of the event.
    let namespaces: [Namespace]
    /// Names of fields to leave out.
    let ignored: [String]
    /// What was written.
    private(set) var bytes: [UInt8] = []
    /// What is open to reading in it.
    private(set) var ambiguities: [HashAmbiguity] = []

    init(namespaces: [Namespace], ignored: [String]) {
        self.namespaces = namespaces
        self.ignored = ignored
        bytes.reserveCapacity(1024)
    }

    /// Writes bytes as they are.
    mutating func append(_ text: [UInt8]) { bytes += text }

    /// Notes an ambiguity, once a field.
    mutating func note(_ reason: HashAmbiguity.Reason, _ field: String) {
        let known = ambiguities.contains { $0.reason == reason && $0.field.hasSameUTF8(as: field) }
        if !known { ambiguities.append(HashAmbiguity(reason: reason, field: field)) }
    }

    /// Whether the field called `name` is to be left out.
    func isIgnored(_ name: String) -> Bool { ignored.contains { $0.hasSameUTF8(as: name) } }

    // MARK: Values

    /// `name=value`; nothing where the value is empty.
    mutating func leaf(_ name: String, bytes value: [UInt8]) {
        guard !value.isEmpty else { return }
        bytes += name.utf8
        bytes.append(UInt8(ascii: "="))
        bytes += value
    }

    mutating func leaf(_ name: String, _ text: String?) {
        if let text { leaf(name, bytes: canonical(text, field: name)) }
    }

    mutating func leaf(_ name: String, _ identifier: Identifier?) {
        guard let identifier else { return }
        leaf(name, bytes: identifier.canonicalForHash ?? canonical(identifier.text, field: name))
    }

    mutating func leaf(_ name: String, _ term: Term?, _ vocabulary: Vocabulary) {
        guard let term else { return }
        if let uri = vocabulary.webURI(of: term) {
            leaf(name, bytes: Array(uri.utf8))
        } else {
            leaf(name, term.text)
        }
    }

    mutating func leaf(_ name: String, _ number: Number?) {
        if let number { leaf(name, bytes: canonical(number, field: name)) }
    }

    mutating func leaf(_ name: String, _ time: Timestamp?) {
        guard let time else { return }
        if time.saysMoreThanMilliseconds { note(.subMillisecondTime, name) }
        leaf(name, bytes: time.utcMilliseconds)
    }

    // MARK: Structure

    /// What `body` writes, apart from what is written already.
    mutating func piece(_ body: (inout PreHashWriter) -> Void) -> [UInt8] {
        var outer: [UInt8] = []
        swap(&outer, &bytes)
        body(&self)
        swap(&outer, &bytes)
        return outer
    }

    /// The pieces in the order of their code points, which is that of their UTF-8 bytes (rules 10 to 12).
    mutating func sorted(_ pieces: [[UInt8]]) {
        for piece in pieces.sorted(by: { $0.lexicographicallyPrecedes($1) }) { bytes += piece }
    }

    /// `name` and what `body` writes behind it; nothing where that is nothing.
    mutating func parent(_ name: String, _ body: (inout PreHashWriter) -> Void) {
        let inner = piece(body)
        guard !inner.isEmpty else { return }
        bytes += name.utf8
        bytes += inner
    }

    /// `name`, once, and behind it the members in order.
    mutating func list<Member>(
        _ name: String,
        _ members: [Member]?,
        _ body: (inout PreHashWriter, Member) -> Void
    ) {
        guard let members, !members.isEmpty else { return }
        parent(name) { writer in
            writer.sorted(members.map { member in writer.piece { body(&$0, member) } })
        }
    }
}
