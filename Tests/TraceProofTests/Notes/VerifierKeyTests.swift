import TestSupport
import Testing
import TraceProof

@Suite struct VerifierKeyTests {
    @Test func aLedgerPublishesItsKeyAsText() throws {
        let signer = try NoteTestSigner(seed: 1)
        let key = try VerifierKey(name: "ledger.example/factory", type: .ed25519, publicKey: signer.publicKey)
        let read = try VerifierKey(text: key.text)
        #expect(read == key)
        #expect(read.name == "ledger.example/factory")
        #expect(read.publicKey == signer.publicKey)
    }

    // From golang.org/x/mod/sumdb/note, and the key of the go.sum database.
    @Test(arguments: [
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
    ])
    func publishedKeysAreRead(text: String) throws {
        #expect(try VerifierKey(text: text).text == text)
    }

    @Test func onlyTheFirstTwoPlusSignsSeparate() throws {
        let key = try VerifierKey(text: "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
        #expect(key.keyID == 0x033d_e0ae)
        #expect(key.keyBytes.count == 32)
    }

    @Test func theSameKeyInTwoRolesHasTwoIDs() throws {
        let key = try NoteTestSigner(seed: 1).publicKey
        let log = try VerifierKey(name: "a", type: .ed25519, publicKey: key)
        let witness = try VerifierKey(name: "a", type: .cosignature, publicKey: key)
        #expect(log.keyID != witness.keyID)
    }

    @Test func typesWithoutARuleHereKeepTheirID() throws {
        let key = try VerifierKey(text: "a+00000001+" + Base64.encode([0x02] + [UInt8](repeating: 7, count: 91)))
        #expect(key.keyID == 1)
        #expect(key.publicKey == nil)
        #expect(key.type.rawValue == 2)
    }

    static let good = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"

    @Test(arguments: [
        ("", "not of the form"),
        ("a+033de0ae", "not of the form"),
        ("+033de0ae+AQAA", "empty"),
        ("a b+033de0ae+AQAA", "space"),
        ("a\u{3000}b+033de0ae+AQAA", "space"),
        ("a\u{7}b+033de0ae+AQAA", "control"),
        ("a+033DE0AE+AQAA", "hexadecimal"),
        ("a+33de0ae+AQAA", "hexadecimal"),
        ("a+033de0ae00+AQAA", "hexadecimal"),
        ("a+033de0ae+", "base64"),
        ("a+033de0ae+AQ==", "base64"),
        ("a+033de0ae+AQAB=", "base64"),
        ("a+033de0ae+AQAA", "2 bytes"),
        ("a+033de0ae+BgAA", "1312"),
        ("sum.golang.orh+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8", "changed"),
        ("sum.golang.org+033de0af+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8", "changed"),
    ])
    func refused(text: String, words: String) {
        expectRefusal(line: nil, words) { _ = try VerifierKey(text: text) }
    }

    @Test func namesAreUTF8AndBounded() {
        expectRefusal(line: nil, "UTF-8") { _ = try VerifierKey(text: [0xFF] + Array("+033de0ae+AQAA".utf8)) }
        expectRefusal(line: nil, "longer") { _ = try VerifierKey(text: String(repeating: "a", count: 20_000)) }
        expectRefusal(line: nil, "plus") {
            _ = try VerifierKey(name: "a+b", type: .ed25519, publicKey: NoteTestSigner(seed: 1).publicKey)
        }
        expectRefusal(line: nil, "0x01 or 0x04") {
            _ = try VerifierKey(name: "a", type: .mlDSA44, publicKey: NoteTestSigner(seed: 1).publicKey)
        }
    }

    @Test func everyUnicodeSpaceIsRefusedInNames() {
        for scalar in (UInt32(0)...0x10FFFF).lazy.compactMap(Unicode.Scalar.init) where scalar.properties.isWhitespace {
            #expect(throws: FormatError.self) {
                _ = try NoteSignature(name: "a\(Character(scalar))b", keyID: 1, bytes: [1])
            }
        }
    }

    @Test func aChangedTextIsRefusedOrAnotherKey() {
        let good = Array(VerifierKeyTests.good.utf8)
        forAll(2_000) { generator in
            let text = mutate(good, using: &generator)
            guard let key = try? VerifierKey(text: text) else { return }
            try check(Array(key.text.utf8) == text, "not canonical: \(text)")
            try check(text == good || key.publicKey == nil, "another name or key under the same hash: \(text)")
        }
    }
}
