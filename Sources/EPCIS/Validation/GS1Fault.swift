import GS1

/// What is wrong with a text that looks like a GS1 key and was not understood as one.
struct GS1Fault {
    let sentence: String
    let remedy: String?

    /// `nil` where the text does not look like GS1, which leaves every other URI alone.
    static func of(_ text: String) -> GS1Fault? {
        if text.begins(with: "urn:epc:") { return urn(text) }
        guard text.begins(with: "https://") || text.begins(with: "http://") || text.begins(with: "HTTP") else {
            return text.begins(with: "urn:epcglobal:cbv:bt:") ? transaction(text) : nil
        }
        return digitalLink(text)
    }

    /// What to write instead of the digits alone, as they stand under a barcode.
    static func remedy(forBareKey text: String) -> String? {
        guard text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        switch text.utf8.count {
        case 8, 12, 13, 14:
            return "write https://id.gs1.org/01/ with 14 digits for goods, or https://id.gs1.org/414/ for a place"
        case 18: return "write https://id.gs1.org/00/\(text)"
        default: return nil
        }
    }

    /// What the dictionary says of a value.
    private static func of(_ value: Substring, ai: Int) -> GS1Fault? {
        do {
            try ApplicationIdentifier(ai)?.check(String(value))
            return nil
        } catch { return GS1Fault(error) }
    }

    /// An error of GS1, without the full stop.
    init(_ error: GS1Error) {
        sentence = error.reason
        remedy =
            error.remedy.ends(with: ".") ? String(decoding: error.remedy.utf8.dropLast(), as: UTF8.self) : error.remedy
    }

    init(sentence: String, remedy: String?) {
        self.sentence = sentence
        self.remedy = remedy
    }

    private static func digitalLink(_ text: String) -> GS1Fault? {
        let parts = text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        guard parts.count > 3 else { return nil }
        // Elsewhere than at GS1 only a long number makes a path a key: /01/2026 is a page of a diary.
        let looksGS1 =
            parts[2].elementsEqual("id.gs1.org".utf8)
            || zip(parts[3...], parts[4...]).contains { ai, value in
                applicationIdentifier(ai) != nil && value.prefix { 0x30...0x39 ~= $0 }.count >= 8
            }
        guard looksGS1 else { return nil }
        do {
            _ = try DigitalLink(parsing: text, allowing: [.shortNames, .shortGTINs])
            return nil
        } catch { return GS1Fault(error) }
    }

    /// The number of an application identifier that is a primary key.
    private static func applicationIdentifier(_ text: Substring.UTF8View) -> Int? {
        guard (2...4).contains(text.count), text.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        let number = text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        switch number {
        case 0, 1: return text.count == 2 ? number : nil
        case 253, 255, 401, 402, 414, 415, 417, 8003, 8004, 8006, 8010, 8013, 8017, 8018: return number
        default: return nil
        }
    }

    private static func urn(_ text: String) -> GS1Fault? {
        let parts = text.utf8.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard parts.count >= 5 else {
            return GS1Fault(
                sentence: "the EPC URI is not complete",
                remedy: "write e.g. urn:epc:id:sgtin:9521101.053001.A1: scheme, company prefix, reference, serial"
            )
        }
        let rest = Array(parts[4].split(separator: 0x2E, omittingEmptySubsequences: false))
        let scheme = String(Substring(parts[3]))
        let widths: [(scheme: String, digits: Int, parts: Int)] = [
            ("sgtin", 13, 3), ("lgtin", 13, 3), ("sscc", 17, 2), ("sgln", 12, 3), ("pgln", 12, 2), ("grai", 12, 3),
            ("gdti", 12, 3), ("sgcn", 12, 3), ("gsrn", 17, 2), ("gsrnp", 17, 2), ("gsin", 16, 2), ("itip", 13, 5),
            ("upui", 13, 3),
        ]
        guard let width = widths.first(where: { $0.scheme.utf8.elementsEqual(scheme.utf8) }) else {
            return GS1Fault(sentence: "the EPC URI is of no GS1 scheme, or not in the form of its scheme", remedy: nil)
        }
        guard rest.count >= width.parts else {
            return GS1Fault(
                sentence: "the EPC URI has \(rest.count) parts between points where \(scheme) has \(width.parts)",
                remedy: nil
            )
        }
        let (prefix, reference) = (rest[0], rest[1])
        let areDigits = prefix.allSatisfy { 0x30...0x39 ~= $0 } && reference.allSatisfy { 0x30...0x39 ~= $0 }
        guard areDigits, prefix.count + reference.count == width.digits else {
            return GS1Fault(
                sentence: areDigits
                    ? "company prefix and reference have \(prefix.count + reference.count) digits together instead of "
                        + "\(width.digits)" : "company prefix or reference has a character that is no digit",
                remedy: "write them without the check digit, \(width.digits) digits in all"
            )
        }
        return GS1Fault(
            sentence: "its kind (id, class, idpat), company prefix or serial is not as \(scheme) demands",
            remedy: "the company prefix has 6 to 12 digits, a serial up to 20 characters with others as %XX"
        )
    }

    /// `urn:epcglobal:cbv:bt:GLN:ID` (CBV 2.0 section 8.5).
    private static func transaction(_ text: String) -> GS1Fault? {
        let parts = text.utf8.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard parts.count >= 6, !parts[5].isEmpty else {
            return GS1Fault(
                sentence: "the business transaction has no GLN or no number",
                remedy: "write urn:epcglobal:cbv:bt:, the 13-digit GLN of who numbers it, a colon and the number"
            )
        }
        return of(Substring(parts[4]), ai: 417).map { fault in
            GS1Fault(sentence: "the GLN in the business transaction: \(fault.sentence)", remedy: fault.remedy)
        }
    }
}
