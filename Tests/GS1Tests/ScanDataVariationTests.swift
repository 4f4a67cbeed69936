import Testing

@testable import GS1

/// Variations on what the public vectors show, from General Specifications 7.8 and ISO/IEC 15424; `^` is a separator.
@Suite struct ScanDataVariationTests {
    private func read(_ text: String) throws(GS1Error) -> String? {
        ElementString(try ScanData(text.replacing("^", with: "\u{1D}")).elements)?.text
    }

    @Test(arguments: [
        // Symbols that hold elements.
        ("]C1010950600013435210AB^17261231", "(01)09506000134352(10)AB(17)261231"),
        ("]e0010950600013435210AB^98X^99Y", "(01)09506000134352(10)AB(98)X(99)Y"),
        ("]d2010950600013435210AB^21C^", "(01)09506000134352(10)AB(21)C"),
        ("]Q321C^0109506000134352", "(21)C(01)09506000134352"), ("]J199X", "(99)X"),
        // A separator behind a value of predefined length says nothing.
        ("]C10109506000134352^17261231^10A", "(01)09506000134352(17)261231(10)A"),
        // GTINs, with and without composite.
        ("]E09506000134352", "(01)09506000134352"), ("]E00416000336108", "(01)00416000336108"),
        ("]E402345673", "(01)00000002345673"), ("]I119506000134359", "(01)19506000134359"),
        ("]E09506000134352|]e010A^21B", "(01)09506000134352(10)A(21)B"),
        ("]E402345673|]e010A", "(01)00000002345673(10)A"),
        // Digital Links in the symbols that hold text.
        ("]Q1https://id.gs1.org/01/09506000134352/10/A", "(01)09506000134352(10)A"),
        ("]d1http://a/00/006141411234567890", "(00)006141411234567890"),
        ("]J0HTTPS://A/01/09506000134352", "(01)09506000134352"),
        // Text that is no Digital Link, also where it is a GTIN or begins like an address.
        ("]Q19506000134352", nil), ("]d1(01)09506000134352", nil), ("]Q1HtTpS://a/01/09506000134352", nil),
        ("]C00109506000134352", nil), ("]I009506000134352", nil),
    ])
    func readable(text: String, elementString: String?) throws { #expect(try read(text) == elementString) }

    @Test(arguments: [
        ("]", GS1Error.Code.malformedSymbologyIdentifier, 0), ("]C", .malformedSymbologyIdentifier, 0),
        ("]X0A", .unknownSymbology, 0), ("]e1010950600013435210A", .unknownSymbology, 0),
        ("]E5123", .unknownSymbology, 0),
        ("]c1123", .unknownSymbology, 0),
        // No elements, half an element, values of a wrong length, an unknown AI, two separators in a row.
        ("]C1", .noElements, 3), ("]e0", .noElements, 3), ("]d210", .valueTooShort, 5),
        ("]C1010950600013435", .valueTooShort, 5),
        ("]C110A^^17261231", .unknownAI, 7), ("]C10109506000134352^^", .unknownAI, 20), ("]C188A", .unknownAI, 3),
        ("]C1(01)09506000134352", .unknownAI, 3), ("]Q310A B", .invalidCSET82Character, 6),
        ("]C1https://id.gs1.org/01/09506000134352", .unknownAI, 3),
        // GTINs: too short, too long, no digits, a wrong check digit; a composite with a wrong flag, empty, or of ITF-14.
        ("]E0950600013435", .malformedGTIN, 3), ("]E095060001343521", .malformedGTIN, 3),
        ("]E0416000336108", .malformedGTIN, 3),
        ("]E0950600013435A", .malformedGTIN, 3), ("]E09506000134351", .malformedGTIN, 3),
        ("]E402345674", .malformedGTIN, 3),
        ("]I19506000134352", .malformedGTIN, 3), ("]E09506000134352|", .malformedSymbologyIdentifier, 16),
        ("]E09506000134352|]e110A", .malformedSymbologyIdentifier, 16), ("]E09506000134352|]e0", .noElements, 20),
        ("]E09506000134352|]e088A", .unknownAI, 20), ("]I119506000134359|]e010A", .malformedGTIN, 17),
        // An address that is no Digital Link.
        ("]Q1https://example.com/", .noPrimaryKey, 22),
        ("]d1https://id.gs1.org/01/09506000134351", .incorrectCheckDigit, 38),
    ])
    func refusals(text: String, code: GS1Error.Code, position: Int) {
        let error = #expect(throws: GS1Error.self) { try read(text) }
        #expect(error?.code == code && error?.position == position, "\(text): \(error?.description ?? "")")
    }
}
