import Foundation
import TestSupport
import Testing

@testable import GS1

@Suite struct LinterTests {
    @Test func aWrongValueSaysWhereAndWhatToDo() throws {
        let error = #expect(throws: GS1Error.self) { try ApplicationIdentifier(17)?.check("261301") }
        #expect(error?.code == .illegalMonth)
        #expect(error?.position == 2 && error?.length == 2)
        #expect(error?.reason == "(17) there is no such month")
        #expect(error?.remedy == "Write the month as 01 to 12, behind the year.")
    }

    @Test func aWrongCheckDigitNamesTheRightOne() throws {
        let gtin = #expect(throws: GS1Error.self) { try ApplicationIdentifier(1)?.check("09506000134351") }
        #expect(gtin?.reason == "(01) the check digit is wrong: it should be 2")
        let asset = #expect(throws: GS1Error.self) { try ApplicationIdentifier(8003)?.check("04012345666664X") }
        #expect(asset?.reason == "(8003) the check digit is wrong: it should be 3")
        #expect(asset?.position == 13)
        let model = #expect(throws: GS1Error.self) {
            try ApplicationIdentifier(8013)?.check("1987654Ad4X4bL5ttr2310cXK")
        }
        #expect(model?.reason == "(8013) the two check characters are wrong: they should be 2K")
    }

    @Test(arguments: [
        (10, "", GS1Error.Code.valueTooShort), (10, "123456789012345678901", .valueTooLong),
        (10, "A B", .invalidCSET82Character),
        (1, "0950600013435", .valueTooShort), (1, "095060001343521", .valueTooLong), (422, "999", .notISO3166),
        (3930, "0001", .notISO4217), (7007, "2601011", .valueTooShort),
        (8110, "0", .coupon(.companyPrefix, .truncated)),
        (4321, "2", .notZeroOrOne), (8030, "a+b", .invalidCSET64Character), (8010, "a", .invalidCSET39Character),
        (8011, "01", .illegalZeroPrefix), (7040, "1AB+", .invalidImportIdxCharacter),
    ])
    func wrongValues(ai: Int, value: String, code: GS1Error.Code) throws {
        let error = #expect(throws: GS1Error.self) { try ApplicationIdentifier(ai)?.check(value) }
        #expect(error?.code == code && error?.ai == ai)
    }

    @Test func everyCodeHasItsOwnNameAndARemedy() {
        var names: Set<String> = []
        for code in Self.codes {
            #expect(names.insert(code.text).inserted, "\(code.text)")
            let error = GS1Error(code)
            #expect(!error.reason.isEmpty && error.remedy.hasSuffix("."), "\(code)")
        }
    }

    private static let codes: [GS1Error.Code] = [
        .nonDigitCharacter, .valueTooShort, .valueTooLong, .incorrectCheckDigit, .illegalMonth, .notISO3166, .unknownAI,
        .coupon(.retailer, .truncated), .coupon(.funder, .missingLength), .coupon(.companyPrefix, .missingLength),
    ]

    @Test func packageTypesAreThoseOfRecommendation21AndOfGS1() throws {
        // AE (aerosol) and BA (barrel), which EANCOM 7065 has too, were missing once.
        for code in ["AE", "BA", "CT", "PX", "8", "9", "200", "APE", "X20", "ZZ"] { try Linter.packagetype.check(code) }
        for code in ["", "08", "ae", "AR", "OG", "7", "BAA", "A E"] {
            #expect(throws: GS1Error.self) { try Linter.packagetype.check(code) }
        }
    }

    @Test func lintersNeverTrap() {
        let alphabet = Array("0019=-/%ACNcnzZ_+ \u{0}ü".utf8)
        forAll(3000) { random in
            let text = String(
                decoding: (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    Int.random(in: 0..<9, using: &random) < 8
                        ? UInt8.random(in: 0x30...0x39, using: &random) : alphabet.randomElement(using: &random) ?? 0
                },
                as: UTF8.self
            )
            for linter in Linter.allCases {
                do throws(GS1Error) { try linter.check(text) } catch {
                    try check(error.position >= 0 && error.length >= 0, "\(linter.name) \(text)")
                    try check(error.position + error.length <= text.utf8.count, "\(linter.name) \(text)")
                }
            }
        }
    }
}

/// Every case of the unit tests of the GS1 Syntax Dictionary's linters.
@Suite(.enabled(if: Vectors.present, Comment(rawValue: Vectors.absentMessage)))
struct LinterVectorTests {
    @Test func everyLinter() throws {
        let data = Data(try Vectors.bytes("gs1/gs1-linter-vectors.json"))
        let json = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        let linters = try #require(json["linters"] as? [String: [[String: Any]]])
        var counts: [String] = [], exceptions: [String: Int] = [:], ran = 0
        for (name, vectors) in linters.sorted(by: { $0.key < $1.key }) {
            guard let linter = Linter.allCases.first(where: { $0.name == name }) else {
                exceptions["\(name): no linter but a stub of the C build", default: 0] += vectors.count
                #expect(name == "_stubs")
                continue
            }
            var passed = 0
            for vector in vectors {
                let upstream = (vector["error"] as? String)?.replacingOccurrences(of: "GS1_LINTER_", with: "")
                if let upstream, upstream.contains("GCP_DATASOURCE") || upstream == "INVALID_GCP_PREFIX" {
                    exceptions[
                        "\(name): the C test plugs in a source of company prefixes; without one the linter takes what it gets, as here",
                        default: 0
                    ] += 1
                    continue
                }
                try check(linter, vector, upstream)
                passed += 1
            }
            counts.append("\(name) \(passed)")
            ran += passed
        }
        print("Linters: \(ran) vectors ran:", counts.joined(separator: ", "))
        print("Linters, not run:", exceptions)
        #expect(ran > 3500)
    }

    private func check(_ linter: Linter, _ vector: [String: Any], _ upstream: String?) throws {
        let text = try #require(vector["data"] as? String)
        // A byte of the C test is a character here.
        let bytes =
            text.unicodeScalars.allSatisfy { $0.value < 256 }
            ? text.unicodeScalars.map { UInt8($0.value) } : Array(text.utf8)
        let fault = linter.fault(in: bytes.span)
        guard let upstream else {
            #expect(fault == nil, "\(linter.name) \(text)")
            return
        }
        #expect(fault.map { Self.upstreamName($0.code) } == Self.plain(upstream), "\(linter.name) \(text)")
        guard let fault, let markup = vector["error_markup"] as? String else { return }
        var marked = text.unicodeScalars.map { String($0) }
        marked.insert("*", at: fault.position + fault.length)
        marked.insert("*", at: fault.position)
        #expect(marked.joined() == markup, "\(linter.name) \(text)")
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().replacingOccurrences(of: "_", with: "").replacingOccurrences(
            of: "exipiration",
            with: "expiration"
        )
    }

    /// The C library's name of a code, without its underscores.
    private static func upstreamName(_ code: GS1Error.Code) -> String {
        switch code {
        case .tooLongForCheckPair: return "toolongforcheckpairimplementation"
        case .coupon(.expirationDate, .beforeStart): return "couponexpirationbeforestart"
        case .coupon(let part, .truncated) where part == .expirationDate || part == .startDate:
            return "coupontooshortfor\(part)".lowercased()
        case .coupon(let part, let fault):
            var field = "\(part)".lowercased()
            for (ours, theirs) in [
                ("first", "1st"), ("second", "2nd"), ("third", "3rd"), ("companyprefix", "gcp"),
                ("retailer", "retailergcporgln"),
                ("donotmultiply", "dontmultiply"), ("additionalpurchaserules", "additionalpurchaserulescode"),
            ] { field = field.replacingOccurrences(of: ours, with: theirs) }
            switch fault {
            case .missing: return "couponmissing" + field
            case .missingLength: return "couponmissing" + field + "vli"
            case .invalid: return "couponinvalid" + field
            case .invalidLength: return "couponinvalid" + field + "length"
            case .truncated: return "coupontruncated" + field
            case .beforeStart: return "couponexpirationbeforestart"
            }
        default: return "\(code)".lowercased()
        }
    }
}
