import GS1

/// What is wrong with a text that looks like a GS1 key and was not understood as one.
struct GS1Fault {
    private(set) var sentence: String
    let remedy: String?

    /// `nil` where the text does not look like GS1, which leaves every other URI alone.
    static func of(_ text: String) -> GS1Fault? {
        if text.begins(with: "urn:epc:") { return urn(text) }
        guard text.begins(with: "https://") || text.begins(with: "http://") || text.begins(with: "HTTP") else {
            return text.begins(with: "urn:epcglobal:cbv:bt:") ? transaction(text) : nil
        }
        return digitalLink(text)
    }

    /// What is wrong with the values of a key that was understood, e.g. the third of two pieces; what stands in the query of a
    /// Digital Link is not asked.
    static func ofValues(_ id: Identifier) -> GS1Fault? {
        for element in id.elements {
            do throws(GS1Error) { try element.check() } catch { return GS1Fault.of(id.text) ?? GS1Fault(error) }
        }
        return nil
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

    /// An error with its place in the identifier.
    init(placed error: GS1Error) {
        self.init(error)
        sentence += " (character \(error.position + 1))"
    }

    init(sentence: String, remedy: String?) {
        self.sentence = sentence
        self.remedy = remedy
    }

    private static func digitalLink(_ text: String) -> GS1Fault? {
        let parts = text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        guard parts.count > 3 else { return nil }
        // Elsewhere than at GS1 only a number as long as a GTIN-12 makes a path a key: /po/01/20260301 is an order of a day.
        let looksGS1 =
            parts[2].elementsEqual("id.gs1.org".utf8)
            || zip(parts[3...], parts[4...]).contains { ai, value in
                applicationIdentifier(ai) != nil && value.prefix { 0x30...0x39 ~= $0 }.count >= 12
            }
        guard looksGS1 else { return nil }
        do {
            _ = try DigitalLink(parsing: text, allowing: [.shortNames, .shortGTINs])
            return nil
        } catch { return GS1Fault(placed: error) }
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

    /// The schemes of EPC that are no GS1 keys (containers, ships, aircraft parts) and the raw memory of a tag that nobody could
    /// decode are left alone.
    private static func urn(_ text: String) -> GS1Fault? {
        do throws(GS1Error) {
            try Identifier.checkURN(text)
            return nil
        } catch {
            if error.code == .notAGS1Scheme || text.begins(with: "urn:epc:raw:") { return nil }
            return GS1Fault(placed: error)
        }
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
