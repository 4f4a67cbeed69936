import TestSupport
import Testing
import TraceProof
import TraceReplication

@Suite("The body of add-checkpoint") struct WitnessRequestTests {
    /// The example: what a log sends, and what a witness reads.
    @Test func aRequestIsReadAsItWasWritten() async throws {
        let log = try TestLog(size: 7)
        let bytes = try await log.request(3, 7)
        let request = try WitnessRequest(bytes: bytes)
        #expect(request.oldSize == 3)
        #expect(request.checkpoint.checkpoint.head == log.tree.head)
        try request.consistency.verify(old: log.tree.head(at: 3), new: log.tree.head)
        #expect(request.bytes == bytes)
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("old 3\n"))
    }

    @Test(arguments: [
        ("", 1, "not `old`"), ("old 1", 1, "not `old`"), ("old\n", 1, "not `old`"), ("Old 1\n\n", 1, "not `old`"),
        ("old  1\n\n", 1, "not `old`"), ("old 01\n\n", 1, "not `old`"), ("old 1 \n\n", 1, "not `old`"),
        ("old 1\r\n\n", 1, "not `old`"), ("old -1\n\n", 1, "not `old`"),
        ("old 9223372036854775808\n\n", 1, "not `old`"),
        ("old 1\n", 2, "no empty line"), ("old 1\nAAAA\n\n", 2, "32-byte hash"),
        ("old 1\nKgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n\n", 2, "32-byte hash"),
        ("old 1\nKgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \n\n", 2, "32-byte hash"),
        ("old 1\n\n", nil, "no empty line separates"),
        ("old 1\n\nlog.example/a\n1\nAA==\n\n— x AAAAAAA=\n", 5, "root hash"),
        ("old 1\n\nlog.example/a\n\u{7}\n\n— x AAAAAAA=\n", 4, "control character"),
    ])
    func whatIsNoRequestIsRefusedWithItsLine(_ text: String, _ line: Int?, _ words: String) throws {
        do {
            _ = try WitnessRequest(bytes: Array(text.utf8))
            Issue.record("accepted")
        } catch {
            #expect(error.place == (line.map { .line($0) } ?? .whole), "\(error)")
            #expect(error.reason.contains(words), "\(error)")
        }
    }

    @Test func itsSizeIsBounded() async throws {
        let log = try TestLog(size: 1)
        let checkpoint = try await log.checkpoint(1)
        let hash = TreeHash.empty
        let longest = try WitnessRequest(
            oldSize: .max / 2,
            path: .init(repeating: hash, count: 63),
            checkpoint: checkpoint
        )
        #expect(try WitnessRequest(bytes: longest.bytes) == longest)
        #expect(throws: FormatError.self) {
            try WitnessRequest(oldSize: 1, path: .init(repeating: hash, count: 64), checkpoint: checkpoint)
        }
        #expect(throws: FormatError.self) {
            try WitnessRequest(oldSize: .max / 2 + 1, path: [], checkpoint: checkpoint)
        }
        let line = "\(Base64.encode(hash.bytes))\n"
        let tooMany = Array("old 1\n\(String(repeating: line, count: 64))\n".utf8) + checkpoint.bytes
        #expect(throws: FormatError("add-checkpoint request", at: .line(65), "more than 63 hashes")) {
            try WitnessRequest(bytes: tooMany)
        }
        let other = try NoteSignature(name: "post-quantum", keyID: 7, bytes: .init(repeating: 0, count: 9_000))
        var signatures = checkpoint.note.signatures
        while signatures.count < 24 { signatures.append(other) }
        let large = try SignedCheckpoint(note: SignedNote(text: checkpoint.note.text, signatures: signatures))
        #expect(large.bytes.count > WitnessRequest.maximumByteCount)
        #expect(throws: FormatError.self) { try WitnessRequest(oldSize: 1, path: [], checkpoint: large) }
        #expect(throws: FormatError.self) { try WitnessRequest(bytes: Array("old 1\n\n".utf8) + large.bytes) }
    }

    /// Whatever is accepted is written again byte for byte.
    @Test func changedBytesAreRefusedOrStayWhatTheyAre() async throws {
        let log = try TestLog(size: 300)
        let bytes = try await log.request(77, 300)
        forAll(500) { generator in
            var changed = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<changed.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: changed.insert(Array("\n =A0".utf8).randomElement(using: &generator) ?? 0, at: place)
                case 2: changed.remove(at: place)
                default: changed.removeSubrange(place..<min(place + 45, changed.count - 1))
                }
            }
            guard let request = try? WitnessRequest(bytes: changed) else { return }
            try check(request.bytes == changed, "accepted a form that it does not write")
        }
    }
}
