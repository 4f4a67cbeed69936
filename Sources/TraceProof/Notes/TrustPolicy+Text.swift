extension TrustPolicy {
    /// Reads a policy file.
    ///
    /// The last line must end in a line feed like all others: a file that lost its end could demand less than was meant
    /// (`quorum both-of-them` cut to `quorum both`).
    /// - Throws: with the line, for anything that is not a policy.
    public init(bytes: [UInt8]) throws(FormatError) {
        self.init()
        guard bytes.count <= TrustPolicy.maximumByteCount else {
            throw TrustPolicy.refusal("longer than \(TrustPolicy.maximumByteCount) bytes")
        }
        var hasQuorum = false
        var lines = TextLines(bytes)
        while let line = lines.next() {
            do throws(FormatError) { try read(line, hasQuorum: &hasQuorum) } catch {
                throw FormatError("tlog-policy", at: .line(lines.number), error.reason)
            }
        }
        guard lines.rest.isEmpty else {
            throw FormatError(
                "tlog-policy",
                at: .line(lines.number + 1),
                "the last line does not end in a line feed: the file may have been cut off"
            )
        }
        guard hasQuorum else {
            throw TrustPolicy.refusal("there is no quorum line; a policy without witnesses says `quorum none`")
        }
    }

    private mutating func read(_ line: ArraySlice<UInt8>, hasQuorum: inout Bool) throws(FormatError) {
        guard line.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
            throw TrustPolicy.refusal("a control character other than tab; lines end in a line feed alone")
        }
        let fields = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 })
        guard let keyword = fields.first, keyword.first != UInt8(ascii: "#") else { return }
        if keyword.elementsEqual("log".utf8) {
            try TrustPolicy.require(fields, 2...3, "log <vkey> [<url>]")
            try addLog(key: VerifierKey(text: fields[1]), url: TrustPolicy.url(fields, 2))
        } else if keyword.elementsEqual("witness".utf8) {
            try TrustPolicy.require(fields, 3...4, "witness <name> <vkey> [<url>]")
            try addWitness(Token(fields[1]), key: VerifierKey(text: fields[2]), url: TrustPolicy.url(fields, 3))
        } else if keyword.elementsEqual("group".utf8) {
            try TrustPolicy.require(fields, 4...Int.max, "group <name> all|any|<k> <member>...")
            // A name is a member once only, so more members than names are wrong before they are looked up.
            guard fields.count - 3 <= 2 * TrustPolicy.maximumCount else {
                throw TrustPolicy.refusal("more members than names")
            }
            var members: [Token] = []
            for field in fields[3...] { members.append(try Token(field)) }
            let threshold = try TrustPolicy.threshold(fields[2], of: members.count)
            try addGroup(Token(fields[1]), threshold: threshold, members: members)
        } else if keyword.elementsEqual("quorum".utf8) {
            try TrustPolicy.require(fields, 2...2, "quorum <name>|none")
            guard !hasQuorum else { throw TrustPolicy.refusal("a second quorum line") }
            hasQuorum = true
            try setQuorum(Token(fields[1]))
        } else {
            throw TrustPolicy.refusal("the line begins with none of log, witness, group, quorum and #")
        }
    }

    private static func require(
        _ fields: [ArraySlice<UInt8>],
        _ count: ClosedRange<Int>,
        _ form: String
    ) throws(FormatError) {
        guard count.contains(fields.count) else { throw refusal("not of the form `\(form)`") }
    }

    private static func url(_ fields: [ArraySlice<UInt8>], _ place: Int) throws(FormatError) -> Token? {
        guard place < fields.count else { return nil }
        return try Token(fields[place])
    }

    private static func threshold(_ field: ArraySlice<UInt8>, of count: Int) throws(FormatError) -> Int {
        if field.elementsEqual("all".utf8) { return count }
        if field.elementsEqual("any".utf8) { return 1 }
        guard let number = NoteSyntax.decimal(field), let threshold = Int(exactly: number) else {
            throw refusal("the threshold is not `all`, `any` or a decimal number without leading zeros")
        }
        return threshold
    }

    /// The policy as a file: logs, witnesses, groups, the quorum. Comments of a file that was read are not kept.
    public var bytes: [UInt8] {
        var text: [UInt8] = []
        func write(_ fields: [[UInt8]]) {
            text += fields.joined(separator: [NoteSyntax.space])
            text.append(NoteSyntax.lineFeed)
        }
        for log in logs { write([Array("log".utf8), Array(log.key.text.utf8)] + TrustPolicy.optional(log.url)) }
        for witness in witnesses {
            let key = Array(witness.key.text.utf8)
            write([Array("witness".utf8), witness.name.bytes, key] + TrustPolicy.optional(witness.url))
        }
        for group in groups {
            let members = group.members.map { name(of: $0).bytes }
            write([Array("group".utf8), group.name.bytes, Array(TrustPolicy.threshold(group).utf8)] + members)
        }
        write([Array("quorum".utf8), quorum.map { name(of: $0).bytes } ?? Array("none".utf8)])
        return text
    }

    private static func optional(_ url: Token?) -> [[UInt8]] { url.map { [$0.bytes] } ?? [] }

    private static func threshold(_ group: Group) -> String {
        if group.threshold == group.members.count { return "all" }
        return group.threshold == 1 ? "any" : "\(group.threshold)"
    }
}
