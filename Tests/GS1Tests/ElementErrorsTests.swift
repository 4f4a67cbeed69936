import GS1
import Testing

/// All that is wrong with the values of an element string, where a reader stops at the first.
@Suite struct ElementErrorsTests {
    private func places(_ errors: [GS1Error]) -> [String] { errors.map { "\($0.code.text) at \($0.position)" } }

    @Test func everyValueOfABracketedText() {
        let errors = ElementString.errors(bracketed: "(01)09506000134351(10)A\\(B(17)261331")
        #expect(places(errors) == ["wrong-check-digit at 17", "no-such-month at 32"])
        #expect(ElementString.errors(bracketed: "(01)09506000134352(17)261231").isEmpty)
        #expect(places(ElementString.errors(bracketed: "(01)09506000134352(")) == ["malformed-element-string at 18"])
    }

    @Test func everyValueOfScanData() {
        let errors = ElementString.errors(unbracketed: "010950600013435110A B\u{1D}17261331")
        #expect(places(errors) == ["wrong-check-digit at 15", "not-in-cset82 at 19", "no-such-month at 26"])
        #expect(ElementString.errors(unbracketed: "0109506000134352").isEmpty)
        #expect(places(ElementString.errors(unbracketed: "0109506000134352xx01")) == ["unknown-ai at 16"])
        #expect(places(ElementString.errors(unbracketed: "")) == ["no-elements at 0"])
    }

    @Test func theFirstIsWhatAReaderThrows() throws {
        for text in ["(01)09506000134351(17)261331", "(17)2613", "(9999)1", "x", ""] {
            let thrown = #expect(throws: GS1Error.self) { try ElementString(bracketed: text) }
            #expect(ElementString.errors(bracketed: text).first == thrown)
        }
        for text in ["010950600013435117261331", "172613", "0509", "\u{1D}", ""] {
            let thrown = #expect(throws: GS1Error.self) { try ElementString(unbracketed: text) }
            #expect(ElementString.errors(unbracketed: text).first == thrown)
        }
    }
}
