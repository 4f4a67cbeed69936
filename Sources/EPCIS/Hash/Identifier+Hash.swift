import GS1
import TraceProof

extension Identifier {
    /// The key as a canonical Digital Link URI of id.gs1.org at its finest level (rules 17 and 18); `nil` for what is no
    /// GS1 key, or a key that the standard's list has not (415, 8013), which are hashed as they are.
    var canonicalForHash: [UInt8]? { Self.canonicalForHash(elements) }

    private static func canonicalForHash(_ elements: [Element]) -> [UInt8]? {
        guard let finest = finest(elements),
            let link = Identifier(elements: finest, form: .digitalLink(stem: "https://id.gs1.org"))
        else { return nil }
        return Array(link.text.utf8)
    }

    /// The key and the one qualifier that tells most.
    private static func finest(_ elements: [Element]) -> [Element]? {
        guard let key = elements.first else { return nil }
        let qualifiers: [Int]
        switch key.ai {
        case 1: qualifiers = [21, 235, 10]
        case 8006: qualifiers = [21, 10]
        case 414: qualifiers = [254]
        case 8010: qualifiers = [8011]
        case 0, 253, 255, 401, 402, 417, 8003, 8004, 8017, 8018: qualifiers = []
        default: return nil
        }
        for ai in qualifiers {
            if let qualifier = elements.first(where: { $0.ai == ai }) { return [key, qualifier] }
        }
        return [key]
    }

    /// As ``canonicalForHash`` for a Digital Link that is right but for the check digit of its key, which stays as it is:
    /// the standard asks for the canonical form of a link and says nothing of check digits.
    ///
    /// The digit is mended, the link read, and the digit put back.
    static func canonicalForHash(wrongCheckDigit text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "h") || bytes.first == UInt8(ascii: "H") else { return nil }
        let end = bytes.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? bytes.endIndex
        var segment = end
        // A key stands at most three qualifiers before the end of the path.
        for _ in 0..<8 {
            guard let slash = bytes[..<segment].lastIndex(of: UInt8(ascii: "/")) else { return nil }
            let digits = bytes[(slash + 1)..<segment].prefix { (0x30...0x39).contains($0) }.count
            // The number that the check digit ends: GTIN-8, -12, -13, GLN, GTIN-14, GSIN, SSCC and GSRN.
            for length in [18, 17, 14, 13, 12, 8] where length <= digits {
                if let canonical = canonical(bytes, mending: slash + length, of: slash + 1) { return canonical }
            }
            segment = slash
        }
        return nil
    }

    private static func canonical(_ bytes: [UInt8], mending place: Int, of start: Int) -> [UInt8]? {
        guard let right = CheckDigit.mod10(bytes[start..<place]), right != bytes[place] else { return nil }
        var mended = bytes
        mended[place] = right
        let elements = Identifier(String(decoding: mended, as: UTF8.self)).elements
        guard var canonical = canonicalForHash(elements), let key = elements.first else { return nil }
        // In the canonical link the key begins behind https://id.gs1.org/AI/, and a GTIN is filled up from the left.
        let padding = key.ai == 1 ? 14 - (place - start + 1) : 0
        let keyStart = "https://id.gs1.org/".utf8.count + key.aiText.utf8.count + 1
        let position = keyStart + padding + place - start
        guard padding >= 0, canonical.indices.contains(position), canonical[position] == right else { return nil }
        canonical[position] = bytes[place]
        return canonical
    }
}
