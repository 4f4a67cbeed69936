import Foundation
import TestSupport
import Testing

@testable import GS1

/// The cases of the unit tests of the GS1 Barcode Syntax Engine; `^` stands for FNC1 there.
@Suite(.enabled(if: Vectors.present, Comment(rawValue: Vectors.absentMessage)))
struct SyntaxEngineVectorTests {
    typealias Vector = [String: Any]

    private func vectors(_ group: String) throws -> [Vector] {
        let data = Data(try Vectors.bytes("gs1/gs1-syntax-engine-vectors.json"))
        let json = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try #require(json[group] as? [Vector])
    }

    private func fnc1(_ elements: [Element]) -> String {
        "^" + ElementString(unchecked: elements).unbracketed.replacingOccurrences(of: "\u{1D}", with: "^")
    }

    private func report(_ group: String, _ ran: Int, _ exceptions: [String]) {
        print("Syntax engine, \(group): \(ran) ran, \(exceptions.count) not:", exceptions)
    }

    @Test func bracketedElementStrings() throws {
        var ran = 0, exceptions: [String] = []
        for vector in try vectors("parse_bracketed_ai") {
            let text = try #require(vector["bracketed"] as? String)
            guard text != "inbuf" else {
                exceptions.append("a buffer that the C test fills")
                continue
            }
            // AIs of no dictionary are let pass by the reader that checks less.
            let takesUnknown = (vector["settings"] as? [String: String])?["PermitUnknownAIs"] == "true"
            let read = takesUnknown ? ElementString(text) : try? ElementString(bracketed: text)
            #expect((read != nil) == (vector["ok"] as? Bool), "\(text)")
            #expect(read.map { fnc1($0.elements) } ?? "" == vector["expect_fnc1"] as? String, "\(text)")
            #expect(read == nil || read?.text == text)
            ran += 1
        }
        report("bracketed AI", ran, exceptions)
    }

    @Test func separatedElementStrings() throws {
        var ran = 0, exceptions: [String] = []
        for vector in try vectors("process_fnc1_ai") {
            let text = try #require(vector["fnc1"] as? String)
            let isValid = vector["ok"] as? Bool
            guard text.hasPrefix("^") else {
                exceptions.append(
                    text.hasSuffix("buf") ? "a buffer that the C test fills" : "no FNC1 in front: \(text)"
                )
                continue
            }
            guard (vector["settings"] as? [String: String])?["PermitUnknownAIs"] != "true" else {
                exceptions.append("where an AI of no dictionary ends, nobody can tell: \(text)")
                continue
            }
            let data = text.dropFirst().replacingOccurrences(of: "^", with: "\u{1D}")
            let read = try? ElementString(unbracketed: data)
            #expect((read != nil) == isValid, "\(text)")
            if let read { #expect(try ElementString(unbracketed: read.unbracketed) == read) }
            ran += 1
        }
        report("FNC1 AI", ran, exceptions)
    }

    @Test func associations() throws {
        var ran = 0
        for vector in try vectors("validate_ai_associations") {
            let text = try #require(vector["bracketed_or_fnc1"] as? String)
            let rule = try #require(vector["rule"] as? String)
            let read =
                try text.hasPrefix("(") ? #require(ElementString(text), "\(text)") : ElementString(unbracketed: text)
            let wrong = read.associationErrors.contains { error in
                switch rule {
                case "validateAIrepeats": error.code == .repeatedAI
                case "validateAImutex": error.code == .excludedAI
                case "validateAIrequisites": error.code == .requiredAI
                default: error.code == .serialisedKeyRequired
                }
            }
            #expect(wrong == (vector["ok"] as? Bool == false), "\(rule) \(text): \(read.associationErrors)")
            ran += 1
        }
        report("AI association", ran, [])
    }

    private func leniency(_ vector: Vector) -> DigitalLink.Leniency {
        let settings = vector["settings"] as? [String: String] ?? [:]
        var leniency: DigitalLink.Leniency = []
        if settings["permitConvenienceAlphas"] == "true" { leniency.insert(.shortNames) }
        if settings["PermitZeroSuppressedGTINinDLuris"] == "true" { leniency.insert(.shortGTINs) }
        let unknown = "ValidationEnabled.gs1_encoder_vUNKNOWN_AI_NOT_DL_ATTR"
        if settings["PermitUnknownAIs"] == "true", settings[unknown] == "false" { leniency.insert(.unknownAttributes) }
        return leniency
    }

    @Test func digitalLinksAreRead() throws {
        var ran = 0
        for vector in try vectors("parse_dl_uri") {
            let uri = try #require(vector["uri"] as? String)
            do {
                let link = try DigitalLink(parsing: uri, allowing: leniency(vector))
                #expect(vector["ok"] as? Bool == true, "\(uri)")
                #expect(fnc1(link.elements) == vector["expect_fnc1"] as? String, "\(uri)")
                #expect(try DigitalLink(parsing: link.text, allowing: .unknownAttributes) == link)
            } catch {
                #expect(vector["ok"] as? Bool == false, "\(uri): \(error)")
            }
            ran += 1
        }
        report("Digital Link parse", ran, [])
    }

    @Test func digitalLinksAreWritten() throws {
        var ran = 0
        for vector in try vectors("generate_dl_uri") {
            let data = try #require(vector["ai_data"] as? String)
            let leniency = leniency(vector)
            let takesUnknown = (vector["settings"] as? [String: String])?["PermitUnknownAIs"] == "true"
            let read = takesUnknown ? try #require(ElementString(data)) : try ElementString(bracketed: data)
            let stem = vector["stem"] as? String ?? DigitalLink.canonicalStem
            let link = try? DigitalLink(read.elements, stem: stem, allowing: leniency)
            #expect((link != nil) == (vector["ok"] as? Bool), "\(data)")
            #expect(link?.text ?? "" == vector["expect_uri"] as? String, "\(data)")
            ran += 1
        }
        report("Digital Link generate", ran, [])
    }

    @Test func percentEscapes() throws {
        var ran = 0, exceptions: [String] = []
        for isQuery in [false, true] {
            let expectation = isQuery ? "expect_query" : "expect_path"
            for vector in try vectors("uri_escape") {
                let text = try #require(vector["in"] as? String)
                var bytes: [UInt8] = []
                bytes.append(text.utf8.span, escapingAllBut: .unreserved, isQuery: isQuery)
                #expect(String(decoding: bytes, as: UTF8.self) == vector[expectation] as? String, "\(text)")
                ran += 1
            }
            for vector in try vectors("uri_unescape") {
                let text = try #require(vector["in"] as? String)
                let expected = try #require(vector[expectation] as? String)
                var bytes: [UInt8] = []
                let none = ASCIISet(low: 0, high: 0)
                guard bytes.append(text.utf8.span, 0..<text.utf8.count, unescapingNo: none, isQuery: isQuery) else {
                    // The engine lets a broken escape stand as it is; here it is an error.
                    #expect(text == expected && text.contains("%"))
                    exceptions.append("broken escape: \(text)")
                    continue
                }
                #expect(bytes == expected.unicodeScalars.map { UInt8($0.value) }, "\(text)")
                ran += 1
            }
        }
        report("URI escapes", ran, exceptions)
    }

    @Test func scansAreRead() throws {
        var ran = 0
        for vector in try vectors("process_scan_data") {
            let scan = try #require(vector["scan"] as? String)
            let expected = try #require(vector["expect_data"] as? String)
            do {
                let data = try ScanData(scan)
                #expect(vector["ok"] as? Bool == true, "\(scan)")
                #expect(data.transmission == scan)
                #expect(engineText(data) == expected, "\(scan)")
            } catch {
                #expect(vector["ok"] as? Bool == false, "\(scan): \(error)")
            }
            ran += 1
        }
        report("scan data, process", ran, [])
    }

    /// The data as the engine holds them: `^` in front of elements, a backslash more in front of a `^` that is text.
    private func engineText(_ data: ScanData) -> String {
        switch data.content {
        case .digitalLink(let link): return link.text
        case .text(let text):
            let caret = text.firstIndex { $0 != "\\" }
            return caret.map { text[$0] } == "^" ? "\\" + text : text
        case .elements(let string):
            guard let gtin = string.elements.first, case .gtin(let digits) = data.symbology?.carriage else {
                return fnc1(string.elements)
            }
            let rest = Array(string.elements.dropFirst())
            return gtin.value.suffix(digits) + (rest.isEmpty ? "" : "|" + fnc1(rest))
        }
    }

    @Test func scansAreWritten() throws {
        var ran = 0, exceptions: [String] = []
        for vector in try vectors("generate_scan_data") {
            let symbol = try #require(vector["sym"] as? String), text = try #require(vector["data"] as? String)
            let expected = try #require(vector["expect_scan"] as? String)
            if let exception = exception(symbol, vector["settings"] as? [String: String] ?? [:], text) {
                exceptions.append(exception)
                continue
            }
            let written = try? scan(symbol, text).transmission
            if text.hasSuffix("^"), let written {
                // A separator at the end says nothing: it is not kept.
                #expect(written + "\u{1D}" == expected && (try? ScanData(expected).transmission) == written)
            } else {
                #expect(written ?? "NULL" == expected, "\(symbol) \(text)")
            }
            ran += 1
        }
        report("scan data, generate", ran, exceptions)
    }

    private func exception(_ symbol: String, _ settings: [String: String], _ text: String) -> String? {
        if symbol == "NONE" { return "no symbology chosen" }
        if settings["AddCheckDigit"] == "true" { return "the engine completes a check digit: \(text)" }
        if symbol == "DataBarLimited" {
            return "DataBar Limited holds no indicator above 1, which its encoder must know"
        }
        return nil
    }

    private func scan(_ symbol: String, _ text: String) throws -> ScanData {
        let parts = text.components(separatedBy: "|^")
        let isElements = text.hasPrefix("^")
        func elements(_ text: some StringProtocol) throws -> [Element] {
            try ElementString(unbracketed: text.replacingOccurrences(of: "^", with: "\u{1D}")).elements
        }
        switch symbol {
        case "QR", "DM", "DotCode":
            let identifier: SymbologyIdentifier =
                switch (symbol, isElements) {
                case ("QR", true): .gs1QRCode
                case ("QR", false): .qrCode
                case ("DM", true): .gs1DataMatrix
                case ("DM", false): .dataMatrix
                case (_, true): .gs1DotCode
                default: .dotCode
                }
            if isElements { return try ScanData(.elements(ElementString(unchecked: elements(text))), in: identifier) }
            let plain = text.hasPrefix("\\") ? String(text.dropFirst()) : text
            guard plain.hasPrefix("http") else { return try ScanData(.text(plain), in: identifier) }
            return try ScanData(.digitalLink(DigitalLink(parsing: plain)), in: identifier)
        default:
            let linear =
                parts[0].hasPrefix("^")
                ? parts[0] : "^01" + String(repeating: "0", count: max(0, 14 - parts[0].count)) + parts[0]
            let all = try elements(linear) + (parts.count > 1 ? elements(parts[1]) : [])
            let identifier: SymbologyIdentifier =
                switch symbol {
                case "EAN8": .ean8
                case "EAN13", "UPCA", "UPCE": .ean13
                case let name where name.hasPrefix("GS1_128"): .gs1_128
                default: .gs1DataBar
                }
            return try ScanData(.elements(ElementString(unchecked: all)), in: identifier)
        }
    }
}
