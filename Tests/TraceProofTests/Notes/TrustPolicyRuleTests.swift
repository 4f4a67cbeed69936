import TestSupport
import Testing
import TraceProof

/// Every rule of tlog-policy broken once, and properties of random policies.
@Suite struct TrustPolicyRuleTests {
    let checker = NoteTestChecker()

    // $L is a log's key, $W and $V are witnesses', $w is $W's public key under another name.
    @Test(
        arguments: [
            ("", nil, "no quorum line"),
            ("log $L\n", nil, "no quorum line"),
            ("quorum none", 1, "line feed"),
            ("quorum none\nquorum none\n", 2, "second quorum"),
            ("quorum\n", 1, "quorum <name>|none"),
            ("quorum a b\n", 1, "quorum <name>|none"),
            ("quorum a\nwitness a $W\n", 1, "before"),
            ("Quorum none\n", 1, "begins with none"),
            ("quorum none\r\n", 1, "control"),
            ("#\u{7F}\nquorum none\n", 1, "control"),
            ("log\nquorum none\n", 1, "log <vkey>"),
            ("log $L http://a b\nquorum none\n", 1, "log <vkey>"),
            ("log x\nquorum none\n", 1, "name+hash+base64"),
            ("log $W\nquorum none\n", 1, "0x04"),
            ("log $L\n\nlog $L http://b\nquorum none\n", 3, "same public key"),
            ("witness a\nquorum none\n", 1, "witness <name>"),
            ("witness a $W http://a b\nquorum none\n", 1, "witness <name>"),
            ("witness none $W\nquorum none\n", 1, "`none`"),
            ("witness a $L\nquorum none\n", 1, "0x04 or 0x06"),
            ("witness a $W\nwitness a $V\nquorum none\n", 2, "a is defined twice"),
            ("witness a $W\nwitness b $w\nquorum none\n", 2, "same public key"),
            ("group g all\nquorum none\n", 1, "group <name>"),
            ("witness a $W\ngroup none all a\nquorum none\n", 2, "`none`"),
            ("witness a $W\ngroup a all a\nquorum none\n", 2, "a is defined twice"),
            ("group g all none\nquorum none\n", 1, "none is no witness"),
            ("group g all g\nquorum g\n", 1, "before"),
            ("group g all a\nwitness a $W\nquorum g\n", 1, "before"),
            ("witness a $W\ngroup g 2 a a\nquorum g\n", 2, "twice"),
            ("witness a $W\ngroup g all a\ngroup h all a\nquorum g\n", 3, "twice"),
            ("witness a $W\ngroup g 0 a\nquorum g\n", 2, "from 1"),
            ("witness a $W\ngroup g 2 a\nquorum g\n", 2, "from 1"),
            ("witness a $W\ngroup g 01 a\nquorum g\n", 2, "decimal"),
            ("witness a $W\ngroup g +1 a\nquorum g\n", 2, "decimal"),
            ("witness a $W\ngroup g 99999999999999999999 a\nquorum g\n", 2, "decimal"),
            ("witness a $W\ngroup g Any a\nquorum g\n", 2, "decimal"),
        ] as [(String, Int?, String)]
    )
    func refused(text: String, line: Int?, words: String) throws {
        let world = try NoteWorld()
        let again = try VerifierKey(name: "again", type: .cosignature, publicKey: world.witnesses[0].publicKey)
        let file = text.replacing("$L", with: world.logKey.text)
            .replacing("$W", with: world.witnessKeys[0].text)
            .replacing("$V", with: world.witnessKeys[1].text)
            .replacing("$w", with: again.text)
        expectRefusal(line: line, words) { _ = try TrustPolicy(bytes: Array(file.utf8)) }
    }

    @Test func tokensHaveNoSpaces() {
        for text in ["", "a b", "a\tb", "a\n", "\u{7F}"] {
            #expect(throws: FormatError.self) { _ = try TrustPolicy.Token(text) }
        }
    }

    @Test func aWitnessMayShareALogsKey() throws {
        // The standard forbids duplicates among logs and among witnesses, not between them.
        let world = try NoteWorld()
        let key = try VerifierKey(name: "w", type: .cosignature, publicKey: world.log.publicKey)
        let text = "log \(world.logKey.text)\nwitness w \(key.text)\nquorum w\n"
        #expect(try TrustPolicy(bytes: Array(text.utf8)).witnesses.count == 1)
    }

    @Test func aChangedFileIsRefusedOrReadTheSameAgain() throws {
        let good = Array(try NoteWorld().policyText().utf8)
        forAll(2_000) { generator in
            guard let read = try? TrustPolicy(bytes: mutate(good, using: &generator)) else { return }
            try check(try TrustPolicy(bytes: read.bytes) == read, "what was read is not written so")
        }
    }

    /// The quorum time against its definition: the smallest t such that the cosignatures up to t satisfy the quorum.
    @Test func quorumTimeIsTheEarliestThatSatisfies() throws {
        let world = try NoteWorld()
        let log = world.logKey.text
        forAll(150) { generator in
            let times: [UInt64?] = (0..<3).map { _ in
                Bool.random(using: &generator) || Bool.random(using: &generator)
                    ? UInt64.random(in: 0...5, using: &generator) : nil
            }
            // Random groups over what is still free, then a random quorum.
            var text = "log \(log)\n"
            for place in 0..<3 { text += "witness w\(place) \(world.witnessKeys[place].text)\n" }
            var free = ["w0", "w1", "w2"]
            var names = free
            for number in 0..<Int.random(in: 0...3, using: &generator) {
                free.shuffle(using: &generator)
                let members = Array(free.prefix(Int.random(in: 1...free.count, using: &generator)))
                let threshold = Int.random(in: 1...members.count, using: &generator)
                text += "group g\(number) \(threshold) \(members.joined(separator: " "))\n"
                free.removeFirst(members.count)
                free.append("g\(number)")
                names.append("g\(number)")
            }
            let policy = try TrustPolicy(
                bytes: Array((text + "quorum \(names.randomElement(using: &generator) ?? "none")\n").utf8)
            )

            func isSatisfied(_ member: TrustPolicy.Member, by limit: UInt64) -> Bool {
                switch member {
                case .witness(let place): return times[place].map { $0 <= limit } ?? false
                case .group(let place):
                    let group = policy.groups[place]
                    return group.members.count { isSatisfied($0, by: limit) } >= group.threshold
                }
            }
            let quorum = try #require(policy.quorum)
            let expected = (UInt64(0)...5).first { isSatisfied(quorum, by: $0) }
            let result = policy.evaluate(try world.signed(at: times), checker: checker)
            try check(result.quorumTime == expected, "\(text) times \(times): \(String(describing: result.quorumTime))")
            try check(result.quorumReached == (expected != nil), "reached")
        }
    }
}
