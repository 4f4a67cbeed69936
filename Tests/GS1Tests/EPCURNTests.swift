import TestSupport
import Testing

@testable import GS1

/// What is wrong with an EPC URI, told to the character (EPC TDS 2.3 sections 6.3, 7 and 8).
@Suite struct EPCURNTests {
    @Test func aWrongCompanyPrefixIsToldWithItsPlace() throws {
        let error = #expect(throws: GS1Error.self) { try Identifier.checkURN("urn:epc:id:sgtin:95060.00013435.1") }
        #expect(error?.code == .companyPrefixLength)
        #expect(error?.position == 17 && error?.length == 5)
        #expect(error?.reason == "the company prefix is not 6 to 12 digits long: it has 5")
    }

    @Test(arguments: [
        // What stands in front of the company prefix.
        ("urn:epd:id:sgtin:9506000.013435.1", GS1Error.Code.notAnEPCURI, 0, 8),
        ("URN:EPC:id:sgtin:9506000.013435.1", .notAnEPCURI, 0, 8), ("urn", .notAnEPCURI, 0, 3),
        ("urn:epc:tag:sgtin-96:3.9506000.013435.1", .unknownEPCKind, 8, 3), ("urn:epc:", .unknownEPCKind, 8, 0),
        ("urn:epc:pat:sgtin:9506000.013435.1", .unknownEPCKind, 8, 3), ("urn:epc:id", .unknownEPCKind, 8, 2),
        ("urn:epc:id:gtin:9506000.013435.1", .unknownEPCScheme, 11, 4), ("urn:epc:id:", .unknownEPCScheme, 11, 0),
        ("urn:epc:id:SGTIN:9506000.013435.1", .unknownEPCScheme, 11, 5),
        ("urn:epc:id:gid:95100000.12345.400", .notAGS1Scheme, 11, 3),
        ("urn:epc:id:imovn:9176187", .notAGS1Scheme, 11, 5),
        ("urn:epc:id:lgtin:9506000.013435.1", .wrongEPCKind, 8, 2),
        ("urn:epc:class:sgtin:9506000.013435.1", .wrongEPCKind, 8, 5),
        ("urn:epc:idpat:sscc:9506000.0134350000", .wrongEPCKind, 8, 5),
        // Parts.
        ("urn:epc:id:sgtin", .epcPartCount, 16, 0), ("urn:epc:id:sgtin:", .epcPartCount, 17, 0),
        ("urn:epc:id:sgtin:9506000.013435", .epcPartCount, 31, 0),
        ("urn:epc:idpat:sgtin:9506000.013435", .epcPartCount, 34, 0),
        ("urn:epc:id:sscc:9506000", .epcPartCount, 23, 0),
        ("urn:epc:id:sscc:9506000.0134350000.1", .epcPartCount, 34, 2),
        ("urn:epc:id:pgln:9506000.00005.0", .epcPartCount, 29, 2),
        ("urn:epc:id:grai:4012345.00022", .epcPartCount, 29, 0),
        ("urn:epc:id:giai:4012345", .epcPartCount, 23, 0), ("urn:epc:id:cpi:4012345.ABC", .epcPartCount, 26, 0),
        ("urn:epc:id:itip:4012345.012345.01.02", .epcPartCount, 36, 0),
        // Company prefix.
        ("urn:epc:id:sgtin:9506000013435..A", .companyPrefixLength, 17, 13),
        ("urn:epc:id:giai:.ABC", .companyPrefixLength, 16, 0),
        ("urn:epc:id:sgln:95O6000.00005.0", .nonDigitCharacter, 18, 1),
        ("urn:epc:idpat:sgtin:*.*.*", .nonDigitCharacter, 20, 1),
        // Reference.
        ("urn:epc:id:sgtin:9506000.01343.A", .epcReferenceLength, 25, 5),
        ("urn:epc:id:sgtin:9506000.0134350.A", .epcReferenceLength, 25, 7),
        ("urn:epc:id:sgtin:9506000.01343A.A", .nonDigitCharacter, 30, 1),
        ("urn:epc:idpat:sgtin:9506000.*.*", .nonDigitCharacter, 28, 1),
        ("urn:epc:id:sscc:4012345.311111111", .epcReferenceLength, 24, 9),
        ("urn:epc:id:gsrn:4012345.00000067651", .epcReferenceLength, 24, 11),
        ("urn:epc:id:gsin:4012345.22233344", .epcReferenceLength, 24, 8),
        ("urn:epc:id:gdti:987659999999.1.9", .epcReferenceLength, 29, 1),
        ("urn:epc:id:itip:4012345.012345.01.2.9", .epcReferenceLength, 34, 1),
        ("urn:epc:id:itip:4012345.012345.1x.02.9", .nonDigitCharacter, 32, 1),
        ("urn:epc:id:itip:4012345.012345.03.02.9", .pieceNumberExceedsTotal, 31, 5),
        ("urn:epc:id:itip:4012345.012345.00.02.9", .zeroPieceNumber, 31, 2),
        ("urn:epc:id:giai:4012345.", .emptyValue, 24, 0), ("urn:epc:id:cpi:9506000..12", .emptyValue, 23, 0),
        ("urn:epc:id:giai:4012345.A/B", .mustBeEscaped, 25, 1),
        ("urn:epc:id:giai:4012345.1234567890123456789012345", .valueTooLong, 47, 2),
        ("urn:epc:id:ginc:4012345.%2", .wrongEscape, 24, 2),
        ("urn:epc:id:cpi:9506000.AbC.12", .invalidCSET39Character, 24, 1),
        ("urn:epc:id:cpi:9506000.A%2fb.12", .invalidCSET39Character, 27, 1),
        // Serial, lot, extension.
        ("urn:epc:id:sgtin:9506000.013435.", .emptyValue, 32, 0),
        ("urn:epc:id:sgtin:9506000.013435.A&B", .mustBeEscaped, 33, 1),
        ("urn:epc:id:sgtin:9506000.013435.A B", .invalidCSET82Character, 33, 1),
        ("urn:epc:id:sgtin:9506000.013435.%2", .wrongEscape, 32, 2),
        ("urn:epc:id:sgtin:9506000.013435.%", .wrongEscape, 32, 1),
        ("urn:epc:id:sgtin:9506000.013435.%G0", .wrongEscape, 32, 3),
        ("urn:epc:id:sgtin:9506000.013435.A%00", .invalidCSET82Character, 33, 3),
        ("urn:epc:id:sgtin:9506000.013435.%C3%BC", .invalidCSET82Character, 32, 3),
        ("urn:epc:id:sgtin:9506000.013435.%2F23456789012345678901", .valueTooLong, 54, 1),
        ("urn:epc:class:lgtin:9506000.013435.123456789012345678901", .valueTooLong, 55, 1),
        ("urn:epc:id:sgln:4012345.00005.123456789012345678901", .valueTooLong, 50, 1),
        ("urn:epc:id:grai:4012345.00022.12345678901234567", .valueTooLong, 46, 1),
        ("urn:epc:id:sgcn:4012345.99999.1234567890123", .valueTooLong, 42, 1),
        ("urn:epc:id:sgcn:4012345.99999.12A", .nonDigitCharacter, 32, 1),
        ("urn:epc:id:upui:1234567.098765.", .emptyValue, 31, 0),
        ("urn:epc:id:cpi:9506000.AB.12A", .nonDigitCharacter, 28, 1),
        ("urn:epc:id:cpi:9506000.AB.012", .illegalZeroPrefix, 26, 1),
        ("urn:epc:idpat:sgtin:9506000.013435.1", .patternWithoutStar, 35, 1),
        ("urn:epc:idpat:cpi:9506000.AB.", .patternWithoutStar, 29, 0),
    ])
    func faults(text: String, code: GS1Error.Code, position: Int, length: Int) throws {
        let error = #expect(throws: GS1Error.self) { try Identifier.checkURN(text) }
        #expect(error?.code == code, "\(text)")
        #expect(error?.position == position && error?.length == length, "\(text): \(error?.description ?? "")")
    }

    @Test(arguments: [
        "urn:epc:id:sgtin:614141.7123451.2", "urn:epc:idpat:sgtin:4012345.066666.*",
        "urn:epc:class:lgtin:4012345.012345.Lot987", "urn:epc:id:sscc:4012345.3111111111",
        "urn:epc:id:sgln:4012345.00005.0", "urn:epc:id:sgln:4012345.00005.1.2.3", "urn:epc:id:pgln:999999999999.",
        "urn:epc:id:grai:4012345.00022.0334455", "urn:epc:idpat:grai:4012345.66666.*",
        "urn:epc:id:giai:4012345.ABC.345",
        "urn:epc:id:gsrn:4012345.0000006765", "urn:epc:id:gsrnp:4012345.0000000007", "urn:epc:id:gdti:987659999999..09",
        "urn:epc:id:cpi:0614141.11111111111111-A%23%2F.1234", "urn:epc:idpat:cpi:4012345.ABC.*",
        "urn:epc:id:sgcn:4012345.99999.044", "urn:epc:id:ginc:0614141.xyz47%2f11", "urn:epc:id:gsin:4012345.222333444",
        "urn:epc:id:itip:4012345.012345.01.02.999", "urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7'SDB",
    ])
    func rightOnes(text: String) throws {
        try Identifier.checkURN(text)
        #expect(!Identifier(text).elements.isEmpty)
    }

    @Test func whatIsNotReadHasAFaultWithinTheText() {
        let seeds = [
            "urn:epc:id:sgtin:9506000.013435.A%2FB", "urn:epc:id:itip:4012345.012345.01.02.999",
            "urn:epc:id:cpi:9506000.A%23B.12", "urn:epc:id:giai:4012345.ABC.345", "urn:epc:id:sgcn:4012345.99999.44",
            "urn:epc:idpat:grai:4012345.66666.*", "urn:epc:class:lgtin:4012345.012345.L",
            "urn:epc:id:pgln:4012345.00005",
        ]
        let signs = Array("0123456789.%:*AaF/ ü\u{0}".utf8)
        forAll(4000) { random in
            var bytes = Array((seeds.randomElement(using: &random) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = signs.randomElement(using: &random) ?? 0
                default: bytes.insert(signs.randomElement(using: &random) ?? 0, at: place)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            var fault: GS1Error?
            do throws(GS1Error) { try Identifier.checkURN(text) } catch { fault = error }
            guard let fault else { return try check(!Identifier(text).elements.isEmpty, text) }
            try check(fault.position >= 0 && fault.length >= 0, text)
            try check(fault.position + fault.length <= text.utf8.count, text)
        }
    }
}
