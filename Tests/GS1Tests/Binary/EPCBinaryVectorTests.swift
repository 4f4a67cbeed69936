import Foundation
import GS1
import TestSupport
import Testing

@Suite(.enabled(if: Vectors.present, Comment(rawValue: Vectors.absentMessage)))
struct EPCBinaryVectorTests {
    private func vectors() throws -> [String: Any] {
        let bytes = try Vectors.bytes("gs1/epc-tds-2.3-vectors.json")
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test func annexE3() throws {
        var ran = 0
        for case let row as [String: String] in try #require(try vectors()["tds_e3"] as? [Any]) {
            let name = try #require(row["scheme"]), hex = try #require(row["hex"])
            let link = "https://\(row["hostname"] ?? "id.gs1.org")" + (try #require(row["digital_link"]))
            let tag = try EPCBinary(hexadecimal: hex)
            #expect(tag.scheme.name == name)
            #expect(tag.digitalLink() == link, "\(name)")
            #expect(tag.hostname == row["hostname"], "\(name)")
            // The annex fills up the + schemes to a digit and all others to a 16-bit word.
            let alignment: EPCBinary.Alignment = name.hasSuffix("+") && !name.hasSuffix("++") ? .digit : .word
            #expect(tag.hexadecimal(alignedTo: alignment) == hex, "\(name)")
            let written = try EPCBinary(
                Identifier(link),
                scheme: tag.scheme,
                filter: tag.filter,
                companyPrefixLength: tag.companyPrefixLength
            )
            #expect(written == tag, "\(name): \(written.hexadecimal())")
            if tag.companyPrefixLength != nil {
                let identifier = try #require(tag.identifier)
                #expect(identifier.text.hasPrefix("urn:epc:id:"))
                #expect(try EPCBinary(identifier, scheme: tag.scheme, filter: tag.filter) == tag, "\(name)")
            }
            for compression in EPCBinary.Compression.allCases {
                #expect(try EPCBinary(compressed: tag.compressed(compression)) == tag)
                let short = try #require(tag.compressedDigitalLink(stem: "https://a.b", compression))
                #expect(try EPCBinary.expand(short) == tag.digitalLink(stem: "https://a.b"))
            }
            ran += 1
        }
        print("EPC TDS 2.3, annex E.3: \(ran) rows read and written")
        #expect(ran >= 27)
    }

    @Test func compression() throws {
        let all = try vectors()
        var ran = 0, unread: [String] = []
        for row in all["dl_epc_compression"] as? [Any] ?? [] {
            // Rows have the compressed text and what it expands to; take them by what they look like.
            let values = (row as? [String: Any]).map { Array($0.values) } ?? row as? [Any] ?? [row]
            let texts = values.compactMap { $0 as? String }
            guard
                let short = texts.first(where: { text in
                    let last = text.split(separator: "/").last ?? ""
                    return !text.contains("/01/") && (last.hasPrefix("eh") || last.hasPrefix("ex")) && last.count > 8
                })
            else {
                unread.append("\(row)")
                continue
            }
            let uri = short.contains("/") ? short : "https://example.com/" + short
            let expanded = try EPCBinary.expand(uri)
            if let link = texts.first(where: { $0 != short && $0.contains(#/\/\d{2,4}\//#) }) {
                #expect(expanded.hasSuffix(link) || expanded == link, "\(short)")
            }
            let tag = try EPCBinary(compressed: String(try #require(uri.split(separator: "/").last)))
            let last = uri.split(separator: "/").last ?? ""
            #expect(tag.compressed(last.hasPrefix("eh") ? .hexadecimal : .base64URL) == last)
            ran += 1
        }
        var refused = 0
        for case let text as String in all["dl_epc_compression_refuse"] as? [Any] ?? [] {
            #expect(throws: EPCBinaryError.self, "\(text)") { try EPCBinary(compressed: text) }
            refused += 1
        }
        print("Digital Link compression of EPC binary: \(ran) expanded, \(refused) refused, not understood:", unread)
        #expect(unread.isEmpty)
        #expect(refused >= 6)
    }
}

/// Files made by this code once and checked both ways since: scheme, hexadecimal, Digital Link.
@Suite struct EPCBinaryGoldenTests {
    @Test func goldens() throws {
        let url = Vectors.packageRoot.appending(path: "Tests/Goldens/epc-binary/epcs.txt")
        var ran = 0
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ").map(String.init)
            try #require(parts.count == 5)
            let tag = try EPCBinary(hexadecimal: parts[1])
            #expect(tag.scheme.name == parts[0])
            #expect(tag.hexadecimal() == parts[1])
            #expect(tag.companyPrefixLength == Int(parts[2]))
            #expect(tag.compressed() == parts[3])
            #expect(tag.digitalLink() == parts[4])
            let written = try EPCBinary(
                Identifier(parts[4]),
                scheme: tag.scheme,
                filter: tag.filter,
                companyPrefixLength: tag.companyPrefixLength
            )
            #expect(written == tag, "\(line)")
            ran += 1
        }
        #expect(ran == 43)
    }
}
