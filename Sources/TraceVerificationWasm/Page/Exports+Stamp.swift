internal import GS1
internal import TraceProof
internal import TraceStatements
internal import TraceVerification

/// The verdict on a code (formats.md section 8).
///
/// In: answers, text of the code, the public half of the key that its hidden code gives (empty: it was not opened), time,
/// policy, registry pack, the activation that the caller made himself (empty: none), and any number of files about items.
/// Out: names and values, of which those that belong together stand in one order: `verdict` and its sentences `en` and `zh`;
/// the elements by their AIs; `expiry`; `issuer` by language; `asOf.PART.origin`, `.size` and `.time` (empty where nobody says)
/// of the parts of ``Freshness``; `recall.id`, `.class`, `.reason`, `.instruction` and `.opened`; `step`, the name
/// of each check, and `holds`.
@c(tv_verify_stamp)
public func verifyStamp(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answerChecked(input, count) { (fields, checker, output) throws(FormatError) in
        let stamp = try Stamp(parsing: try fields.nextText())
        var evidence = ItemEvidence()
        let secret = try fields.next()
        if !secret.isEmpty {
            guard let key = PublicKey(secret) else { throw FormatError("call", at: .whole, "the key is not 32 bytes") }
            evidence.secretKey = key
        }
        let verifier = try fields.nextVerifier(checker).verifier
        let own = try fields.next()
        if !own.isEmpty { evidence.ownActivation = TreeHash.leaf(own) }
        while !fields.isAtEnd { evidence.add(try ItemFile(decoding: try fields.next())) }
        output.append(verifier.verify(stamp, with: evidence))
    }
}

extension FieldWriter {
    fileprivate mutating func append(_ result: ItemReport) {
        append("verdict", result.verdict.name)
        append("en", result.verdict.meaning.english)
        append("zh", result.verdict.meaning.chinese)
        append(result.stamp)
        for name in result.issuer?.data.names ?? [] { append("issuer", name.text) }
        for freshness in result.asOf { append(freshness.part.name, freshness.asOf) }
        for found in result.recalls {
            append("recall.id", found.recall.identifier)
            append("recall.class", found.recall.level.rawValue)
            append("recall.reason", found.recall.reason)
            append("recall.instruction", found.recall.instruction)
            append("recall.opened", found.recall.opened)
        }
        for step in result.report.steps {
            append("step", step.name)
            append("holds", step.passed ? "1" : "0")
        }
    }

    /// A checkpoint that a part of a verdict is as of.
    mutating func append(_ part: String, _ asOf: AsOf) {
        append("asOf." + part + ".origin")
        append(asOf.origin)
        append("asOf." + part + ".size")
        append("\(asOf.size)")
        append("asOf." + part + ".time")
        append(asOf.time.map { "\($0)" } ?? "")
    }
}
