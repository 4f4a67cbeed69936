import Foundation
import GS1
import TestSupport
import Testing

@Suite(.enabled(if: Vectors.present, Comment(rawValue: Vectors.absentMessage)))
struct IdentifierVectorTests {
    private func json(_ path: String) throws -> [String: Any] {
        let parsed = try JSONSerialization.jsonObject(with: Data(try Vectors.bytes(path)))
        return try #require(parsed as? [String: Any])
    }

    private func canonical(_ elements: [Element]) -> String? {
        Identifier(elements: elements, form: .digitalLink(stem: "https://id.gs1.org"))?.text
    }

    /// OpenEPCIS leaves characters bare that an EPC URI or a Digital Link must escape; then its texts are no vectors.
    private func hasBareCharacters(_ text: String) -> Bool {
        guard let path = text.range(of: "urn:epc:") ?? text.range(of: "://") else { return true }
        let rest = String(text[path.upperBound...])
        let isURN = text.hasPrefix("urn:")
        return rest.contains { "\"<>?#&".contains($0) || (isURN && $0 == "/") }
            || rest.split(separator: "%", omittingEmptySubsequences: false).dropFirst().contains { part in
                part.count < 2 || !part.prefix(2).allSatisfy(\.isHexDigit)
            }
    }

    @Test func openEPCISURNsToDigitalLinks() throws {
        let vectors = try json("gs1/openepcis-urn-dl-vectors.json")
        var ran = 0, skipped: [String] = []
        for case let vector as [String: Any] in try #require(vectors["to_digital_link"] as? [Any]) {
            guard let input = vector["input"] as? String, let expected = vector["expect"] as? String else { continue }
            guard !hasBareCharacters(input) else {
                skipped.append(input)
                continue
            }
            // Their Digital Link leaves !()*+,: bare, so what it means is compared and not how it is spelt.
            #expect(!Identifier(input).elements.isEmpty, "\(input)")
            #expect(Identifier(input).elements == Identifier(expected).elements, "\(input)")
            ran += 1
        }
        print("OpenEPCIS URN to Digital Link: \(ran) ran; bare characters that must be escaped:", skipped)
        #expect(ran >= 45)
    }

    @Test func openEPCISDigitalLinksToURNs() throws {
        let vectors = try json("gs1/openepcis-urn-dl-vectors.json")
        var ran = 0, skipped: [String] = [], wrongCheckDigit: [String] = []
        for case let vector as [String: Any] in try #require(vectors["to_urn"] as? [Any]) {
            guard let input = vector["input"] as? String, let expected = vector["expect"] as? String else { continue }
            guard !hasBareCharacters(input), !hasBareCharacters(expected) else {
                skipped.append(input)
                continue
            }
            let body = expected.drop { !$0.isNumber }
            let length = vector["gcp_length"] as? Int ?? body.prefix { $0 != "." }.count
            let elements = Identifier(input).elements
            guard !elements.isEmpty else {
                wrongCheckDigit.append(input)
                continue
            }
            #expect(
                Identifier(elements: elements, form: .urn(companyPrefixLength: length))?.text == expected,
                "\(input)"
            )
            ran += 1
        }
        print(
            "OpenEPCIS Digital Link to URN: \(ran) ran; bare characters:",
            skipped,
            "wrong check digit:",
            wrongCheckDigit
        )
        #expect(ran >= 20)
    }

    @Test func cbvNormaliserCases() throws {
        let vectors = try json("epcis/dl-normaliser-vectors.json")
        var ran = 0, wrongCheckDigit: [String] = []
        for case let vector as [String: Any] in try #require(vectors["cases"] as? [Any]) {
            guard let input = vector["input"] as? String else { continue }
            let elements = Identifier(input).elements
            guard let expected = vector["expect"] as? String else {
                #expect(elements.isEmpty, "\(input)")
                ran += 1
                continue
            }
            guard !Identifier(expected).elements.isEmpty else {
                wrongCheckDigit.append(input)
                continue
            }
            // CBV 2.0 names the finest level only: no variant, and no lot beside a serial.
            let hasSerial = elements.contains { $0.ai == 21 }
            let finest = elements.filter { $0.ai != 22 && !($0.ai == 10 && hasSerial) }
            #expect(canonical(finest) == expected, "\(input)")
            ran += 1
        }
        print("CBV normaliser: \(ran) ran; wrong check digit or length:", wrongCheckDigit)
        #expect(ran >= 35)
    }

    @Test func syntaxEngineDigitalLinks() throws {
        let vectors = try json("gs1/gs1-syntax-engine-vectors.json")
        var accepted = 0, lenient: [String] = []
        for case let vector as [String: Any] in try #require(vectors["parse_dl_uri"] as? [Any]) {
            guard let uri = vector["uri"] as? String, let isValid = vector["ok"] as? Bool else { continue }
            let elements = Identifier(uri).elements
            if isValid {
                // The engine's result begins with what the path says; the query follows. FNC1 is written ^.
                let fnc1 = (vector["expect_fnc1"] as? String ?? "").filter { $0 != "^" }
                let path = elements.map { $0.aiText + $0.value }.joined()
                #expect(!elements.isEmpty && fnc1.hasPrefix(path), "\(uri)")
                accepted += 1
            } else if !elements.isEmpty {
                lenient.append(uri)
            }
        }
        print("Syntax engine: \(accepted) accepted alike; refused there, read here:", lenient)
        // Only what the engine has settings for (short names, unpadded GTINs) and what it finds wrong in the query.
        for uri in lenient {
            #expect(uri.contains("?") || uri.contains("/gtin/") || uri.hasPrefix("https://a/01/"), "\(uri)")
        }
        #expect(accepted >= 45)
    }

    @Test func syntaxEngineElementStrings() throws {
        let vectors = try json("gs1/gs1-syntax-engine-vectors.json")
        for case let vector as [String: Any] in try #require(vectors["parse_bracketed_ai"] as? [Any]) {
            guard let text = vector["bracketed"] as? String, text != "inbuf" else { continue }
            #expect((ElementString(text) != nil) == (vector["ok"] as? Bool), "\(text)")
        }
        for case let vector as [String: Any] in try #require(vectors["generate_dl_uri"] as? [Any]) {
            guard let data = vector["ai_data"] as? String, let stem = vector["stem"] as? String,
                let expected = vector["expect_uri"] as? String, vector["ok"] as? Bool == true,
                let read = ElementString(data), !expected.contains("?")
            else { continue }
            #expect(Identifier(elements: read.elements, form: .digitalLink(stem: stem))?.text == expected, "\(data)")
        }
    }

    @Test func everyIdentifierOfTheHashVectors() throws {
        var gs1 = 0, other = 0, verbatim: Set<String> = []
        for path in Vectors.files(below: "epcis/hash-vectors", ending: ".jsonld") {
            visit(try JSONSerialization.jsonObject(with: Data(try Vectors.bytes(path)))) { text in
                let identifier = Identifier(text)
                #expect(identifier.text == text)
                guard !identifier.elements.isEmpty else {
                    other += 1
                    if text.hasPrefix("urn:epc:") || text.contains("/id.gs1.") { verbatim.insert(text) }
                    return
                }
                gs1 += 1
                guard identifier.form != .verbatim else {
                    verbatim.insert(text)
                    return
                }
                #expect(Identifier(elements: identifier.elements, form: identifier.form)?.text == text)
            }
        }
        print("Hash vectors: \(gs1) GS1 keys, \(other) other texts; kept verbatim:", verbatim.sorted())
        #expect(gs1 > 150)
    }

    private func visit(_ value: Any, _ body: (String) -> Void) {
        if let text = value as? String { body(text) }
        for member in value as? [Any] ?? [] { visit(member, body) }
        for (_, member) in value as? [String: Any] ?? [:] { visit(member, body) }
    }
}
