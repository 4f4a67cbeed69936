import GS1
import Testing

@Suite struct IdentifierTests {
    @Test func anEPCURNKeepsItsCompanyPrefixLength() {
        let item = Identifier("urn:epc:id:sgtin:9506000.013435.ABC%2F1")
        #expect(item.elements == [Element(ai: 1, value: "09506000134352"), Element(ai: 21, value: "ABC/1")])
        #expect(item.form == .urn(companyPrefixLength: 7))
        #expect(item.text == "urn:epc:id:sgtin:9506000.013435.ABC%2F1")
    }

    @Test func aDigitalLinkKeepsItsStem() {
        let item = Identifier("https://brand.example/p/01/09506000134352/10/L1/21/A%2FB")
        #expect(item.elementString == "(01)09506000134352(10)L1(21)A/B")
        #expect(item.form == .digitalLink(stem: "https://brand.example/p"))
    }

    @Test func oneKeyIsSpeltInAnyForm() {
        let elements = Identifier("urn:epc:id:sgtin:9506000.013435.1*2").elements
        #expect(
            Identifier(elements: elements, form: .digitalLink(stem: "https://id.gs1.org"))?.text
                == "https://id.gs1.org/01/09506000134352/21/1%2A2"
        )
        #expect(
            Identifier(elements: elements, form: .urn(companyPrefixLength: 9))?.text
                == "urn:epc:id:sgtin:950600013.0435.1*2"
        )
        #expect(Identifier(elements: elements, form: .urn(companyPrefixLength: 5)) == nil)
        #expect(Identifier(elements: elements, form: .verbatim) == nil)
        #expect(Identifier(elements: elements, form: .digitalLink(stem: "ftp://x")) == nil)
    }

    @Test(arguments: [
        ("urn:epc:id:sgtin:614141.7123451.2", "(01)76141411234516(21)2"),
        ("urn:epc:idpat:sgtin:4012345.066666.*", "(01)04012345666663"),
        ("urn:epc:class:lgtin:4012345.012345.Lot987", "(01)04012345123456(10)Lot987"),
        ("urn:epc:id:sscc:4012345.3111111111", "(00)340123451111111111"),
        ("urn:epc:id:sgln:4012345.00005.0", "(414)4012345000054"),
        ("urn:epc:id:sgln:4012345.00005.122", "(414)4012345000054(254)122"),
        ("urn:epc:id:pgln:999999999999.", "(417)9999999999994"),
        ("urn:epc:id:grai:4012345.00022.334455", "(8003)04012345000221334455"),
        ("urn:epc:idpat:grai:4012345.66666.*", "(8003)04012345666663"),
        ("urn:epc:id:giai:4012345.ABC.345", "(8004)4012345ABC.345"),
        ("urn:epc:id:gsrn:4012345.0000006765", "(8018)401234500000067657"),
        ("urn:epc:id:gsrnp:4012345.0000000007", "(8017)401234500000000074"),
        ("urn:epc:id:gdti:987659999999..9", "(253)98765999999929"),
        ("urn:epc:idpat:gdti:4012345.55555.*", "(253)4012345555554"),
        ("urn:epc:id:cpi:0614141.11111111111111-A%23%2F.1234", "(8010)061414111111111111111-A#/(8011)1234"),
        ("urn:epc:idpat:cpi:4012345.ABC.*", "(8010)4012345ABC"),
        ("urn:epc:id:sgcn:4012345.99999.44", "(255)401234599999044"),
        ("urn:epc:idpat:sgcn:4012345.99999.*", "(255)4012345999990"),
        ("urn:epc:id:ginc:0614141.xyz47%2F11", "(401)0614141xyz47/11"),
        ("urn:epc:id:gsin:4012345.222333444", "(402)40123452223334442"),
        ("urn:epc:id:itip:4012345.012345.01.02.999", "(8006)040123451234560102(21)999"),
        ("urn:epc:idpat:itip:4012345.012345.01.02.*", "(8006)040123451234560102"),
        (
            "urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7'SDB",
            #"(01)01234567987651(235)51qIgY)<&Jp3*j7'SDB"#
        ),
    ])
    func everyEPCSchemeIsReadAndWritten(text: String, elementString: String) throws {
        let identifier = Identifier(text)
        #expect(identifier.elementString == elementString)
        guard case .urn = identifier.form else {
            Issue.record("\(text) is \(identifier.form)")
            return
        }
        #expect(Identifier(elements: identifier.elements, form: identifier.form) == identifier)
    }

    @Test(arguments: [
        // Other spellings of the same: the meaning is read, the text kept.
        ("https://id.gs1.org/01/9506000134352", "(01)09506000134352"),
        ("https://id.gs1.org/01/09506000134352?17=201225", "(01)09506000134352"),
        ("https://id.gs1.org/01/09506000134352#top", "(01)09506000134352"),
        ("https://id.gs1.org/01/09506000134352/21/a%2fb", "(01)09506000134352(21)a/b"),
        ("https://id.gs1.org/01/09506000134352/21/a!b", "(01)09506000134352(21)a!b"),
        ("https://id.gs1.org/01/09506000134352/21/%41", "(01)09506000134352(21)A"),
        ("https://id.gs1.org/gtin/09506000134352/ser/A", "(01)09506000134352(21)A"),
        ("urn:epc:id:sgtin:9506000.013435.a%2fb", "(01)09506000134352(21)a/b"),
        ("urn:epc:id:sgtin:9506000.013435.%21", "(01)09506000134352(21)!"),
        ("urn:epc:idpat:upui:9506000.013435.*", "(01)09506000134352"),
    ])
    func otherSpellingsHaveTheirMeaningAndStayAsTheyAre(text: String, elementString: String) {
        let identifier = Identifier(text)
        #expect(identifier.form == .verbatim)
        #expect(identifier.text == text)
        #expect(identifier.elementString == elementString)
    }

    @Test(arguments: [
        "", "u", "urn:epc:", "urn:epc:id:sgtin:", "https://", "http:///", "https:///01/09506000134352",
        "urn:epcglobal:cbv:bt:4012345123456:4711", "https://example.com/01", "urn:uuid:0",
        // Company prefix of 5 and 13 digits; one digit too few and too many; a letter.
        "urn:epc:id:sgtin:95060.00013435.A", "urn:epc:id:sgtin:9506000013435..A", "urn:epc:id:sgtin:9506000.01343.A",
        "urn:epc:id:sgtin:9506000.0134350.A", "urn:epc:id:sgtin:9506000.01343A.A",
        // No serial, a serial of 21 characters, characters that must be escaped or are in no value, broken escapes.
        "urn:epc:id:sgtin:9506000.013435.", "urn:epc:id:sgtin:9506000.013435", "urn:epc:id:sgtin:9506000.013435.A&B",
        "urn:epc:id:sgtin:9506000.013435.123456789012345678901", "urn:epc:id:sgtin:9506000.013435.A B",
        "urn:epc:id:sgtin:9506000.013435.%2", "urn:epc:id:sgtin:9506000.013435.%G0",
        "urn:epc:id:sgtin:9506000.013435.%00",
        "urn:epc:id:sgtin:9506000.013435.ü", "urn:epc:id:sgtin:9506000.013435.%C3%BC",
        "urn:epc:idpat:sgtin:9506000.013435.1", "urn:epc:idpat:sscc:9506000.0134350000",
        "urn:epc:id:lgtin:9506000.013435.1",
        "urn:epc:class:sgtin:9506000.013435.1", "urn:epc:id:cpi:9506000.AB.12A", "urn:epc:id:cpi:9506000..12",
        "urn:epc:id:sscc:9506000.0134350000.1", "urn:epc:id:itip:4012345.012345.01.2.9", "urn:epc:id:giai:9506000.",
        "URN:EPC:ID:SGTIN:9506000.013435.A",
        // Check digit, length, order, keys that are none, a slash at the end, no path, signs that no URI has.
        "https://id.gs1.org/01/09506000134351", "https://id.gs1.org/01/0950600013435", "https://id.gs1.org/00/1",
        "https://id.gs1.org/01/09506000134352/21/A/10/B", "https://id.gs1.org/01/09506000134352/235/A/10/B",
        "https://id.gs1.org/01/09506000134352/21/", "https://id.gs1.org/01/09506000134352/",
        "https://id.gs1.org/99/09506000134352", "https://id.gs1.org/01/09506000134352/99/A",
        "https://01/09506000134352",
        "https://id.gs1.org/1/09506000134352", "https://id.gs1.org/001/09506000134352", "https://a b/01/09506000134352",
        "https://id.gs1.org/01/09506000134352/21/A<B", "HtTp://id.gs1.org/01/09506000134352",
        "https://id.gs1.org/8013/1987654Ad4X4bL5ttr2310cXK", "https://id.gs1.org/415/4012345000054",
    ])
    func whatIsNoKeyIsKeptVerbatim(text: String) {
        let identifier = Identifier(text)
        #expect(identifier.elements.isEmpty && identifier.form == .verbatim && identifier.text == text)
        #expect(identifier.elementString == nil)
    }

    @Test func theKeyNearestToTheEndOfThePathCounts() {
        let identifier = Identifier("https://a/00/faux/00/006141411234567890")
        #expect(identifier.form == .digitalLink(stem: "https://a/00/faux"))
    }

    @Test func aLocationWithExtensionZeroHasNoURN() {
        let elements = [Element(ai: 414, value: "4012345000054"), Element(ai: 254, value: "0")]
        #expect(Identifier(elements: elements, form: .urn(companyPrefixLength: 7)) == nil)
        #expect(Identifier(elements: elements, form: .digitalLink(stem: "https://a")) != nil)
    }

    @Test(arguments: [
        ("https://a/01/09506000134352/22/V/10/L/21/S", "(01)09506000134352(22)V(10)L"),
        ("urn:epc:id:upui:9506000.013435.S", "(01)09506000134352"),
        ("urn:epc:id:grai:4012345.66666.87", "(8003)04012345666663"),
        ("urn:epc:id:gdti:4012345.55555.98", "(253)4012345555554"),
        ("urn:epc:id:sgcn:4012345.99999.44", "(255)4012345999990"),
        ("urn:epc:id:cpi:4012345.ABC.123", "(8010)4012345ABC"),
        ("urn:epc:id:sgln:4012345.00005.122", "(414)4012345000054(254)122"),
        ("urn:epc:id:sscc:4012345.3111111111", "(00)340123451111111111"),
    ])
    func classLevelLeavesSerialsOut(text: String, elementString: String) {
        #expect(Identifier(text).elementString(classLevel: true) == elementString)
    }
}
