import Foundation
import TestSupport
import Testing
import TraceProof
import TraceSigning

@Suite("PEM")
struct PEMTests {
    /// RFC 8410 section 10: the public key, the private key as version 1, and as version 2 with an attribute.
    static let publicText = pem("PUBLIC KEY", "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=")
    static let privateText = pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC")
    static let version2Text = pem(
        "PRIVATE KEY",
        "MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC",
        "oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB",
        "Z9w7lshQhqowtrbLDFw4rXAxZuE="
    )

    static func pem(_ label: String, _ lines: String...) -> String {
        "-----BEGIN \(label)-----\n\(lines.joined(separator: "\n"))\n-----END \(label)-----\n"
    }

    /// The PEM text of DER bytes given as hexadecimal digits.
    static func pem(_ label: String, hex: String) throws -> String {
        let text = Base64.encode(try #require(Hex.decode(hex)))
        let lines = stride(from: 0, to: text.utf8.count, by: 64).map { String(text.dropFirst($0).prefix(64)) }
        return "-----BEGIN \(label)-----\n\(lines.joined(separator: "\n"))\n-----END \(label)-----\n"
    }

    @Test("The keys of RFC 8410 section 10")
    func example() throws {
        let publicKey = try PublicKey(pem: Array(Self.publicText.utf8))
        #expect("\(publicKey)" == "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1")
        #expect(publicKey.pem == Self.publicText)
        #expect(try SigningKey(pem: Array(Self.privateText.utf8)).publicKey == publicKey)
        #expect(try SigningKey(pem: Array(Self.version2Text.utf8)).publicKey == publicKey)
    }

    @Test("What is read beyond our own form: text before, CRLF, no last line end")
    func lenient() throws {
        let key = try PublicKey(pem: Array(Self.publicText.utf8))
        for text in [
            "Key of line 3\nsince 2026\n\n" + Self.publicText, Self.publicText.replacing("\n", with: "\r\n"),
            String(Self.publicText.dropLast()),
        ] {
            #expect(try PublicKey(pem: Array(text.utf8)) == key)
        }
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String, text: String, place: FormatError.Place, reason: String
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ place: FormatError.Place, _ reason: String) {
            (self.name, self.text, self.place, self.reason) = (name, text, place, reason)
        }
    }

    static let body = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"
    static let seed = String(repeating: "11", count: 32)

    static let refusals: [Refusal] = [
        .init("nothing", "", .whole, "no line begins with -----BEGIN PRIVATE KEY-----"),
        .init("DER", "0.", .whole, "openssl pkey -inform DER"),
        .init("public", publicText, .line(1), "public key where a private key is wanted"),
        .init("encrypted", pem("ENCRYPTED PRIVATE KEY", "AAAA"), .line(1), "decrypt it with `openssl pkey -in"),
        .init("RSA by label", pem("RSA PRIVATE KEY", "AAAA"), .line(1), "key for RSA, not Ed25519"),
        .init("EC by label", "x\n" + pem("EC PARAMETERS", "AAAA"), .line(2), "key for EC, not Ed25519"),
        .init("OpenSSH", pem("OPENSSH PRIVATE KEY", "AAAA"), .line(1), "OpenSSH"),
        .init("certificate", pem("CERTIFICATE", "AAAA"), .line(1), "openssl x509"),
        .init("unknown", pem("X", "AAAA"), .line(1), #"this begins "X-----", not PRIVATE KEY"#),
        .init("empty body", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", .line(2), "nothing between"),
        .init("no END", "-----BEGIN PRIVATE KEY-----\n\(body)\n", .line(1), "cut off"),
        .init(
            "other END",
            privateText.replacing("END PRIVATE", with: "END PUBLIC"),
            .line(3),
            "-----END PRIVATE KEY-----"
        ),
        .init("space before BEGIN", " " + privateText, .whole, "no line begins"),
        .init("space after BEGIN", privateText.replacing("-----\nMC", with: "----- \nMC"), .line(1), "this begins"),
        .init("blank line", privateText.replacing("\nMC", with: "\n\nMC"), .line(2), "this has 0"),
        .init("trailing space", privateText.replacing("VhC\n", with: "VhC \n"), .line(2), "this has 65"),
        .init(
            "short lines",
            pem("PRIVATE KEY", String(body.prefix(32)), String(body.suffix(32))),
            .line(3),
            "only the last line"
        ),
        .init("long line", pem("PRIVATE KEY", body + "AAAA"), .line(2), "this has 68"),
        .init("not base64", privateText.replacing("MC4C", with: "M-4C"), .line(2), "not canonical base64"),
        .init("not ASCII", privateText.replacing("MC4C", with: "M\u{E9}C"), .line(2), "not canonical base64"),
        .init("spare bits", pem("PRIVATE KEY", body, "AB=="), .line(3), "not canonical base64"),
        .init("padding inside", pem("PRIVATE KEY", "MC=C" + body.dropFirst(4)), .line(2), "not canonical base64"),
        .init("header", pem("PRIVATE KEY", "Proc-Type: 4,ENC", body), .line(3), "only the last line"),
        .init("two keys", privateText + privateText, .line(4), "one key in a file"),
        .init("text behind", privateText + "\n", .line(4), "nothing may follow"),
        .init("carriage returns only", privateText.replacing("\n", with: "\r"), .line(1), "this begins"),
        .init("too long", String(repeating: "\n", count: 65_537), .whole, "at most 65536 bytes"),
    ]

    @Test("Refused texts, each with its line and what to do", arguments: refusals)
    func refused(_ refusal: Refusal) {
        let error = #expect(throws: FormatError.self) { try SigningKey(pem: Array(refusal.text.utf8)) }
        #expect(error?.place == refusal.place)
        #expect(error?.reason.contains(refusal.reason) == true, "\(String(describing: error))")
    }

    @Test(
        "Refused structures, each with its byte",
        arguments: [
            ("302e020100300506032b657104220420\(seed)", 7, "this is a key for Ed448"),
            ("302e020100300506032b656e04220420\(seed)", 7, "this is a key for X25519"),
            ("3030020100300706032b6570050004220420\(seed)", 12, "no parameters"),
            ("302e020102300506032b657004220420\(seed)", 5, "version"),
            ("302e020101300506032b657004220420\(seed)", 48, "public key of a version 2 key"),
            ("3051020100300506032b657004220420\(seed)812100\(seed)", 48, "where a version 1 key should end"),
            ("302d020100300506032b65700421041f\(seed.dropFirst(2))", 47, "31 bytes, not 32"),
            ("302c020100300506032b65700420\(seed)", 14, "32-byte string"),
            ("302e020100300506032b657004220420\(seed)00", 48, "bytes follow"),
            ("30812e020100300506032b657004220420\(seed)", 0, "shortest form"),
            ("3080020100300506032b657004220420\(seed)", 0, "length that DER"),
            ("302f020100300506032b657004220420\(seed)", 0, "longer than what is around it"),
            ("302e020100300506032b657004220421\(seed)", 14, "longer than what is around it"),
            ("302f020100300506032b657004220420\(seed)a0", 48, "cut off"),
            ("3030020100300506032b657004220420\(seed)a001", 48, "longer than what is around it"),
            ("31", 0, "the outer sequence is missing"),
            ("30", 0, "cut off"),
        ]
    )
    func structure(hex: String, offset: Int, reason: String) throws {
        let text = try Self.pem("PRIVATE KEY", hex: hex)
        let error = #expect(throws: FormatError.self) { try SigningKey(pem: Array(text.utf8)) }
        #expect(error?.place == .offset(offset), "\(String(describing: error))")
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    @Test("A version 2 file whose halves do not belong together is refused")
    func halves() throws {
        let text = Self.version2Text.replacing("gSEAGb9", with: "gSEAGb8")
        let error = #expect(throws: FormatError.self) { try SigningKey(pem: Array(text.utf8)) }
        #expect(error?.reason.contains("not the private key's own") == true)
    }

    @Test(
        "Refused public keys",
        arguments: [
            ("302a300506032b6571032100\(seed)", 4, "Ed448"),
            ("302a300506032b6570032101\(seed)", 44, "not 32 whole bytes"),
            ("3029300506032b6570032000\(seed.dropFirst(2))", 43, "not 32 whole bytes"),
            ("302a300506032b6570042100\(seed)", 9, "the public key is missing"),
            ("302a300506032b6570032100\(seed)00", 44, "bytes follow"),
        ]
    )
    func publicStructure(hex: String, offset: Int, reason: String) throws {
        let text = try Self.pem("PUBLIC KEY", hex: hex)
        let error = #expect(throws: FormatError.self) { try PublicKey(pem: Array(text.utf8)) }
        #expect(error?.place == .offset(offset), "\(String(describing: error))")
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
        let swapped = #expect(throws: FormatError.self) { try PublicKey(pem: Array(Self.privateText.utf8)) }
        #expect(swapped?.reason.contains("-pubout") == true)
    }

    @Test("Mutated texts never trap, and whatever is accepted has the one canonical form")
    func mutations() throws {
        let prefixes = ["302a300506032b6570032100", "302e020100300506032b657004220420"].compactMap { Hex.decode($0) }
        let version2Key = try SigningKey(pem: Array(Self.version2Text.utf8)).publicKey
        forAll(3000) { random in
            let kind = Int.random(in: 0..<3, using: &random)
            var text = Array([Self.publicText, Self.privateText, Self.version2Text][kind].utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&text, &random) }

            let publicKey: PublicKey?
            if kind == 0 {
                publicKey = try? PublicKey(pem: text)
            } else {
                publicKey = try? SigningKey(pem: text).publicKey
            }
            guard let publicKey else { return }
            // Take away what is allowed before and at the ends of lines; the rest must be what an encoder writes.
            let lines = String(decoding: text, as: UTF8.self).replacing("\r\n", with: "\n")
                .split(separator: "\n", omittingEmptySubsequences: false).drop { !$0.hasPrefix("-----BEGIN ") }
            let body = lines.dropFirst().prefix { !$0.hasPrefix("-----END ") }
            let shown = String(decoding: text, as: UTF8.self).debugDescription
            try check(
                lines.count <= body.count + 3 && (lines.count == body.count + 2 || lines.last == ""),
                "tail of \(shown)"
            )
            try check(body.dropLast().allSatisfy { $0.utf8.count == 64 }, "lines of \(shown)")
            let der = try #require(Base64.decode(body.joined()), "base64 of \(shown)")
            if kind < 2, der.count < 83 {
                try check(
                    der.starts(with: prefixes[kind]) && der.count == prefixes[kind].count + 32,
                    "structure of \(shown)"
                )
            } else {
                try check(publicKey == version2Key, "another key in \(shown)")
            }
        }
    }

    private func mutate(_ text: inout [UInt8], _ random: inout SeededGenerator) {
        guard let index = text.indices.randomElement(using: &random) else { return }
        let alphabet = Array("ABab01+/=-\r\n \0\u{7F}".utf8)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: text[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: text[index] = alphabet.randomElement(using: &random) ?? 0
        case 2: text.insert(alphabet.randomElement(using: &random) ?? 0, at: index)
        case 3: text.remove(at: index)
        case 4: text.removeSubrange(index...)
        default: text.insert(contentsOf: text[index...].prefix(Int.random(in: 1...64, using: &random)), at: index)
        }
    }
}
