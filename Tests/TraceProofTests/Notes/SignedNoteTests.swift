import TestSupport
import Testing
import TraceProof

@Suite struct SignedNoteTests {
    let checker = NoteTestChecker()

    @Test func signAndVerify() async throws {
        let signer = try NoteTestSigner(seed: 1)
        let note = try await SignedNote.sign(text: Array("hello\n".utf8), name: "example.com", signer: signer)
        let key = try VerifierKey(name: "example.com", type: .ed25519, publicKey: signer.publicKey)

        let received = try SignedNote(bytes: note.bytes)
        #expect(try received.verify(keys: [key], checker: checker).map(\.key) == [key])
        #expect(String(decoding: received.text, as: UTF8.self) == "hello\n")
    }

    // The example of golang.org/x/mod/sumdb/note.
    @Test func publishedNoteVerifies() throws {
        let key = try VerifierKey(text: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        let text = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

            """
        let note = try SignedNote(bytes: Array(text.utf8))
        #expect(try note.verify(keys: [key], checker: checker).count == 1)
    }

    // The example of signed-note v1.0.0 itself, whose text has an empty line.
    @Test func theLastEmptyLineSeparates() throws {
        let text = """
            Ognuno sta solo sul cuor della terra
            trafitto da un raggio di sole:

            ed è subito sera.

            — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=

            """
        let note = try SignedNote(bytes: Array(text.utf8))
        #expect(note.text.suffix(6) == Array("sera.\n".utf8)[...])
        #expect(note.signatures.map(\.name) == ["quasimodo.example/salvatore"])
        #expect(note.signatures.map(\.keyID) == [0x367b_a04b])
        #expect(note.signatures.map(\.bytes.count) == [64])
        #expect(note.bytes == Array(text.utf8))
    }

    @Test func signaturesOfStrangersAreIgnoredEvenUnderAKnownNameOrID() throws {
        let world = try NoteWorld()
        let signed = try world.signed(at: []).note
        let known = try #require(signed.signatures.first)
        let strangers = [
            try NoteSignature(name: known.name, keyID: known.keyID ^ 1, bytes: [1, 2, 3]),
            try NoteSignature(name: "stranger.example", keyID: known.keyID, bytes: [1, 2, 3]),
        ]
        let note = try signed.adding(strangers)
        #expect(try note.verify(keys: [world.logKey], checker: checker).count == 1)

        let strangersOnly = try SignedNote(text: note.text, signatures: strangers)
        expectRefusal(line: nil, "none of the known keys") {
            _ = try strangersOnly.verify(keys: [world.logKey], checker: checker)
        }
    }

    @Test func oneBadSignatureOfAKnownKeyRefusesTheNote() throws {
        let world = try NoteWorld()
        let note = try world.signed().note
        for place in note.signatures.indices {
            let good = note.signatures[place]
            for bytes in [good.bytes.dropLast() + [good.bytes[good.bytes.count - 1] ^ 1], good.bytes.dropLast()] {
                var lines = note.signatures
                lines[place] = try NoteSignature(name: good.name, keyID: good.keyID, bytes: Array(bytes))
                let changed = try SignedNote(text: note.text, signatures: lines)
                expectRefusal(line: 5 + place, good.name) {
                    _ = try changed.verify(keys: [world.logKey] + world.witnessKeys, checker: checker)
                }
                // Also where the same key has a good signature on another line.
                expectRefusal(line: 5 + place, good.name) {
                    _ = try changed.adding([good])
                        .verify(keys: [world.logKey] + world.witnessKeys, checker: checker)
                }
            }
        }
    }

    @Test func aKeyOfATypeThatCannotBeCheckedCountsForNothing() throws {
        let bytes = [UInt8](repeating: 3, count: 1312)
        let id = SHA256.hash(Array("q.example\n".utf8) + [6] + bytes).bytes[..<4]
        let key = try VerifierKey(text: "q.example+\(Hex.encode(id))+\(Base64.encode([6] + bytes))")
        let line = try NoteSignature(name: "q.example", keyID: key.keyID, bytes: [UInt8](repeating: 0, count: 2428))
        let world = try NoteWorld()
        let note = try world.signed().note.adding([line])
        #expect(note.outcome(of: key, checker: checker) == .unsupported)
        #expect(try note.verify(keys: [key, world.logKey], checker: checker).map(\.key) == [world.logKey])
        expectRefusal(line: nil, "none of the known keys") { _ = try note.verify(keys: [key], checker: checker) }
    }

    @Test func atLeastSixteenSignaturesAndAtMostAHundred() throws {
        let lines = try (0..<101).map { try NoteSignature(name: "n\($0)", keyID: 1, bytes: [1]) }
        let text = Array("t\n".utf8)
        let most = try SignedNote(text: text, signatures: Array(lines[..<100]))
        #expect(try SignedNote(bytes: most.bytes) == most)
        expectRefusal(line: nil, "more than 100") { _ = try SignedNote(text: text, signatures: lines) }
        expectRefusal(line: 103, "more than 100") { _ = try SignedNote(bytes: most.bytes + lines[100].line) }
        expectRefusal(line: nil, "longer than") {
            _ = try SignedNote(bytes: [UInt8](repeating: 0x61, count: 1 << 20) + most.bytes)
        }
        #expect(try most.adding([lines[3]]) == most)
    }

    @Test(
        arguments: [
            ("", nil, "no empty line"),
            ("t\n", nil, "no empty line"),
            ("t\n— a AAAAAAE=\n", nil, "no empty line"),
            ("\n— a AAAAAAE=\n", nil, "no empty line"),
            ("t\n\n", 3, "no signature"),
            ("t\n\n— a AAAAAAE=", 3, "line feed"),
            ("t\r\n\n— a AAAAAAE=\n", 1, "control"),
            ("t\n\tu\n\n— a AAAAAAE=\n", 2, "control"),
            ("t\n\n- a AAAAAAE=\n", 3, "em dash"),
            ("t\n\n—a AAAAAAE=\n", 3, "em dash"),
            ("t\n\n— a AAAAAAE=\nb\n", 4, "em dash"),
            ("t\n\n— a\n", 3, "one space"),
            ("t\n\n— a  AAAAAAE=\n", 3, "one space"),
            ("t\n\n— a AAAAAAE= \n", 3, "one space"),
            ("t\n\n—  AAAAAAE=\n", 3, "empty"),
            ("t\n\n— a+b AAAAAAE=\n", 3, "plus"),
            ("t\n\n— a\u{2003}b AAAAAAE=\n", 3, "space"),
            ("t\n\n— a AAAAAAF=\n", 3, "base64"),
            ("t\n\n— a AAAAAAE\n", 3, "base64"),
            ("t\n\n— a AAAAAA==\n", 3, "key ID"),
            ("t\n\n— a \n", 3, "key ID"),
        ] as [(String, Int?, String)]
    )
    func refused(text: String, line: Int?, words: String) {
        expectRefusal(line: line, words) { _ = try SignedNote(bytes: Array(text.utf8)) }
    }

    @Test func invalidUTF8IsRefusedWithItsLine() {
        expectRefusal(line: 2, "UTF-8") {
            _ = try SignedNote(bytes: [0x74, 10, 0xC3, 10, 10] + Array("— a AAAAAAE=\n".utf8))
        }
        expectRefusal(line: 1, "line feed") { _ = try SignedNote(text: Array("t".utf8), signatures: []) }
        expectRefusal(line: nil, "empty") { _ = try SignedNote(text: [], signatures: []) }
    }

    @Test func aChangedNoteIsRefusedOrSaysTheSame() throws {
        let world = try NoteWorld()
        let note = try world.signed().note
        forAll(2_000) { generator in
            let bytes = mutate(note.bytes, using: &generator)
            guard let changed = try? SignedNote(bytes: bytes) else { return }
            try check(changed.bytes == bytes, "not canonical")
            guard (try? changed.verify(keys: [world.logKey] + world.witnessKeys, checker: checker)) != nil else {
                return
            }
            try check(changed.text == note.text, "another text was verified")
        }
    }
}
