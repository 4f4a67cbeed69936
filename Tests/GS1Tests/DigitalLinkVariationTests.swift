import TestSupport
import Testing

@testable import GS1

/// Variations on what the public vectors show, from the text of Digital Link URI Syntax 1.6 and RFC 3986.
@Suite struct DigitalLinkVariationTests {
    private func read(_ text: String, _ leniency: DigitalLink.Leniency = []) -> String? {
        (try? DigitalLink(parsing: text, allowing: leniency)).flatMap { ElementString($0.elements)?.text }
    }

    @Test(arguments: [
        // Every primary key, with its qualifiers.
        ("00/006141411234567890", "(00)006141411234567890"),
        ("01/09506000134352/22/V/10/L/21/S", "(01)09506000134352(22)V(10)L(21)S"),
        ("01/09506000134352/22/V/21/S", "(01)09506000134352(22)V(21)S"),
        ("01/09506000134352/235/T", "(01)09506000134352(235)T"),
        ("253/4012345555554", "(253)4012345555554"), ("253/4012345555554Ab%2F", "(253)4012345555554Ab/"),
        ("255/4012345999990", "(255)4012345999990"), ("255/4012345999990044", "(255)4012345999990044"),
        ("401/0614141xyz47%2F11", "(401)0614141xyz47/11"), ("402/40123452223334442", "(402)40123452223334442"),
        ("414/4012345000054/254/a.b", "(414)4012345000054(254)a.b"),
        ("415/4012345000054/8020/REF", "(415)4012345000054(8020)REF"), ("417/4012345000054", "(417)4012345000054"),
        ("8003/04012345000221X", "(8003)04012345000221X"), ("8004/4012345ABC.345", "(8004)4012345ABC.345"),
        ("8006/040123451234560102/22/V/10/L/21/S", "(8006)040123451234560102(22)V(10)L(21)S"),
        ("8010/4012345A%23%2F-/8011/12", "(8010)4012345A#/-(8011)12"),
        ("8013/1987654Ad4X4bL5ttr2310c2K", "(8013)1987654Ad4X4bL5ttr2310c2K"),
        ("8017/401234500000000074/8019/1", "(8017)401234500000000074(8019)1"),
        ("8018/401234500000067657/8019/1234567890", "(8018)401234500000067657(8019)1234567890"),
    ])
    func everyKey(path: String, elementString: String) throws {
        #expect(read("https://id.gs1.org/" + path) == elementString)
        let link = try DigitalLink(parsing: "https://id.gs1.org/" + path)
        #expect(try DigitalLink(link.elements).text == "https://id.gs1.org/" + path)
        // A key with its qualifiers has all that it needs beside it, so that validation asks nothing of paths; but for the
        // dictionary's variant (22), which goes with an ITIP in a path (8006) and else needs a GTIN.
        #expect(ElementString(link.elements)?.associationErrors.filter { $0.ai != 22 } == [])
    }

    @Test(arguments: [
        // Stems: paths, ports, a key that is only part of the stem, capitals of the host.
        ("http://example.com:8080/a/b/01/09506000134352", "(01)09506000134352"),
        ("HTTPS://EXAMPLE.COM/01/09506000134352/10/aB", "(01)09506000134352(10)aB"),
        ("https://example.com/01/09506000134352/x/00/006141411234567890", "(00)006141411234567890"),
        ("https://[2001:db8::1]:8443/01/09506000134352", "(01)09506000134352"),
        ("https://example.com//01/09506000134352", "(01)09506000134352"),
        ("https://example.com/~shop/a;b=c/01/09506000134352", "(01)09506000134352"),
        // Escapes: small and capital digits, of what needs none, of a slash and a percent sign; + is itself in the path.
        ("https://a/01/09506000134352/10/%41%62%2f%2F", "(01)09506000134352(10)Ab//"),
        ("https://a/01/09506000134352/10/100%25", "(01)09506000134352(10)100%"),
        ("https://a/01/09506000134352/10/a+b", "(01)09506000134352(10)a+b"),
        ("https://a/01/09506000134352?240=a%2Bb", "(01)09506000134352(240)a+b"),
        ("https://a/01/09506000134352/10/a;b=c:d'e", "(01)09506000134352(10)a;b=c:d'e"),
        ("https://a/01/%30950600013435%32", "(01)09506000134352"),
        // Queries: empty parts, parameters, `;` is part of a value, a question mark and a slash too, an empty query.
        ("https://a/01/09506000134352?&&17=261231&", "(01)09506000134352(17)261231"),
        ("https://a/01/09506000134352?17=261231&linkType=gs1:pip&x", "(01)09506000134352(17)261231"),
        ("https://a/01/09506000134352?98=A;99=B", "(01)09506000134352(98)A;99=B"),
        ("https://a/01/09506000134352?98=A?B/C", "(01)09506000134352(98)A?B/C"),
        ("https://a/01/09506000134352?98=A=B", "(01)09506000134352(98)A=B"),
        ("https://a/01/09506000134352?=x&=", "(01)09506000134352"),
        ("https://a/01/09506000134352?", "(01)09506000134352"),
        ("https://a/01/09506000134352?#", "(01)09506000134352"),
        ("https://a/01/09506000134352#?17=261331", "(01)09506000134352"),
        ("https://a/01/09506000134352#/21/x?17=1#", nil),
        // A digits-only name without `=` is a parameter; with letters behind it, too.
        ("https://a/01/09506000134352?17", "(01)09506000134352"),
        ("https://a/01/09506000134352?17x=261331", "(01)09506000134352"),
        // Further keys may be attributes.
        ("https://a/8004/9520614141234567?00=006141411234567890", "(8004)9520614141234567(00)006141411234567890"),
        ("https://a/414/4012345000054?17=261231", "(414)4012345000054(17)261231"),
    ])
    func spellings(text: String, elementString: String?) throws {
        #expect(read(text) == elementString, "\(text)")
        guard elementString != nil else { return }
        let link = try DigitalLink(parsing: text)
        #expect(try DigitalLink(parsing: link.text) == link)
    }

    @Test(arguments: [
        // Schemes and hosts.
        ("ftp://a/01/09506000134352", GS1Error.Code.uriScheme), ("https:/a/01/09506000134352", .uriScheme),
        ("HTTPs://a/01/09506000134352", .uriScheme), ("//a/01/09506000134352", .uriScheme),
        ("https://user@a/01/09506000134352", .uriHost), ("https://user:pw@a/01/09506000134352", .uriHost),
        ("https://[fe80::1%25lo]/01/09506000134352", .uriHost), ("https://a_b/01/09506000134352", .uriHost),
        ("https://?01=09506000134352", .uriHost), ("https://a?01=09506000134352", .uriHost),
        ("https://a#/01/09506000134352", .uriHost),
        // Characters that stand in no URI.
        ("https://a/01/09506000134352/10/a b", .uriCharacter), ("https://a/01/09506000134352/10/a\"b", .uriCharacter),
        ("https://a/01/09506000134352/10/a\\b", .uriCharacter), ("https://a/01/09506000134352/10/a|b", .uriCharacter),
        ("https://a/01/09506000134352?98=ü", .uriCharacter), ("https://a/01/09506000134352#a b", .uriCharacter),
        // Escapes that are broken, or stand for what no value has.
        ("https://a/01/09506000134352/10/%", .wrongEscape), ("https://a/01/09506000134352/10/%4", .wrongEscape),
        ("https://a/01/09506000134352/10/%4g", .wrongEscape), ("https://a/01/09506000134352?98=%zz", .wrongEscape),
        ("https://a/01/09506000134352/10/%20", .invalidCSET82Character),
        ("https://a/01/09506000134352?98=a%20b", .invalidCSET82Character),
        ("https://a/01/09506000134352/10/%7F", .invalidCSET82Character),
        ("https://a/01/09506000134352/10/A%23", .invalidCSET82Character),
        // Keys, orders, attributes.
        ("https://a/10/ABC/01/09506000134352/21", .noPrimaryKey), ("https://a/21/ABC", .noPrimaryKey),
        ("https://a/01/09506000134352/10/ABC/", .noPrimaryKey), ("https://a/01//10/ABC", .emptyValue),
        ("https://a/01/09506000134352/10/A/22/V", .qualifierOrder),
        ("https://a/01/09506000134352/21/A/21/B", .qualifierOrder),
        ("https://a/01/09506000134352/235/T/21/B", .qualifierOrder),
        ("https://a/00/006141411234567890/21/A", .qualifierOrder),
        ("https://a/414/4012345000054/21/A", .qualifierOrder),
        ("https://a/417/4012345000054/254/A", .qualifierOrder),
        ("https://a/01/09506000134352?21=A", .belongsInPath), ("https://a/01/09506000134352/21/S?22=A", .belongsInPath),
        ("https://a/414/4012345000054?254=A", .belongsInPath),
        ("https://a/01/09506000134352/10/L?235=A", .notAnAttribute),
        ("https://a/00/006141411234567890?21=A", .notAnAttribute), ("https://a/00/006141411234567890?03=", .emptyValue),
        ("https://a/01/09506000134352?01=09506000134352", .repeatedAI),
        ("https://a/01/09506000134352?17=261231&17=261231", .repeatedAI),
        ("https://a/01/09506000134352/10/A?10=A", .repeatedAI),
        ("https://a/01/09506000134352?017=261231", .unknownAI), ("https://a/01/09506000134352?1=2", .unknownAI),
        ("https://a/01/09506000134352?88=2", .unknownAI), ("https://a/01/09506000134352?12345=2", .unknownAI),
        ("https://a/01/09506000134352?17=261331", .illegalMonth), ("https://a/gtin/09506000134352", .noPrimaryKey),
        ("https://a/01/9506000134352", .valueTooShort), ("https://a/01/0950600013435X", .nonDigitCharacter),
    ])
    func refusals(text: String, code: GS1Error.Code) {
        let error = #expect(throws: GS1Error.self) { try DigitalLink(parsing: text) }
        #expect(error?.code == code, "\(text): \(error?.description ?? "")")
    }

    @Test func gtinsOfEveryLengthAreFilledUpInPathAndQuery() {
        for short in ["95200002", "416000336108", "9506000134352"] {
            let full = String(repeating: "0", count: 14 - short.count) + short
            #expect(read("https://a/01/\(short)", .shortGTINs) == "(01)\(full)")
            #expect(
                read("https://a/8004/9520614141234567?01=\(short)", .shortGTINs) == "(8004)9520614141234567(01)\(full)"
            )
            #expect(read("https://a/01/\(short)") == nil)
        }
        #expect(read("https://a/01/9506000134351", .shortGTINs) == nil)
        #expect(read("https://a/01/950600013435", .shortGTINs) == nil)
        // Only GTINs are filled up, and of them only (01).
        #expect(read("https://a/414/95200002", .shortGTINs) == nil)
        #expect(read("https://a/00/006141411234567890?02=95200002&37=1", .shortGTINs) == nil)
    }

    @Test func everyShortNameOfBefore1_3() {
        let all: DigitalLink.Leniency = [.shortNames]
        #expect(read("https://a/gtin/09506000134352/cpv/V/lot/L/ser/S", all) == "(01)09506000134352(22)V(10)L(21)S")
        #expect(read("https://a/gln/4012345000054/glnx/E", all) == "(414)4012345000054(254)E")
        #expect(read("https://a/party/4012345000054", all) == "(417)4012345000054")
        #expect(read("https://a/payTo/4012345000054/refno/R", all) == "(415)4012345000054(8020)R")
        #expect(read("https://a/cpid/4012345A/cpsn/12", all) == "(8010)4012345A(8011)12")
        #expect(read("https://a/itip/040123451234560102/lot/L", all) == "(8006)040123451234560102(10)L")
        #expect(read("https://a/gsrnp/401234500000000074/srin/1", all) == "(8017)401234500000000074(8019)1")
        // Names and numbers mixed; names are small letters.
        #expect(read("https://a/01/09506000134352/lot/L", all) == "(01)09506000134352(10)L")
        #expect(read("https://a/GTIN/09506000134352", all) == nil)
    }

    @Test func unknownAttributesAreWrittenWhereAllowed() throws {
        let elements = [Element(ai: 1, value: "09506000134352"), Element(ai: 89, value: "A B")].map {
            Element(ai: $0.ai, value: $0.value.replacing(" ", with: "/"))
        }
        #expect(throws: GS1Error.self) { try DigitalLink(elements) }
        let link = try DigitalLink(elements, allowing: .unknownAttributes)
        #expect(link.text == "https://id.gs1.org/01/09506000134352?89=A%2FB")
        #expect(try DigitalLink(parsing: link.text, allowing: .unknownAttributes) == link)
        let wrong = [elements[0], Element(ai: 89, value: "A B")]
        #expect(throws: GS1Error.self) { try DigitalLink(wrong, allowing: .unknownAttributes) }
        let number = [elements[0], Element(ai: 12_345, value: "A")]
        #expect(throws: GS1Error.self) { try DigitalLink(number, allowing: .unknownAttributes) }
    }

    @Test(arguments: [
        // The first key takes the path; its longest sequence of qualifiers follows; fixed lengths come first in the query.
        ("(10)L(01)09506000134352", "/01/09506000134352/10/L"),
        ("(21)S(235)T(01)09506000134352", nil),
        ("(01)09506000134352(8006)040123451234560102", "/01/09506000134352?8006=040123451234560102"),
        ("(8006)040123451234560102(01)09506000134352", "/8006/040123451234560102?01=09506000134352"),
        ("(99)A(17)261231(98)B(11)260101(01)09506000134352", "/01/09506000134352?17=261231&11=260101&99=A&98=B"),
        ("(415)4012345000054(8020)R(3902)100", "/415/4012345000054/8020/R?3902=100"),
        ("(414)4012345000054(254)E(01)09506000134352", "/414/4012345000054/254/E?01=09506000134352"),
        ("(01)09506000134352(414)4012345000054(254)E", nil), ("(21)A", nil),
        (
            "(01)09506000134352(10)!\"%&'*+,-./:;<=>?_",
            "/01/09506000134352/10/%21%22%25%26%27%2A%2B%2C-.%2F%3A%3B%3C%3D%3E%3F_"
        ),
    ])
    func writing(elementString: String, path: String?) throws {
        let elements = try ElementString(bracketed: elementString).elements
        #expect((try? DigitalLink(elements).text) == path.map { "https://id.gs1.org" + $0 }, "\(elementString)")
    }
}
