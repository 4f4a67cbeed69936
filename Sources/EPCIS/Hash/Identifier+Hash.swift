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
        // A key stands at most three qualifiers before the end of the path, each behind its AI.
        for _ in 0..<4 {
            guard let slash = bytes[..<segment].lastIndex(of: UInt8(ascii: "/")),
                let start = bytes[..<slash].lastIndex(of: UInt8(ascii: "/")), (2...5).contains(slash - start - 1)
            else { return nil }
            let digits = bytes[(slash + 1)..<segment].prefix { (0x30...0x39).contains($0) }.count
            // The number that the check digit ends: GTIN-8, -12, -13, GLN, GTIN-14, GSIN, SSCC and GSRN. Behind 13 and 14
            // digits a serial may follow.
            for length in [18, 17, 14, 13, 12, 8]
            where length <= digits && (length == digits || length == 13 || length == 14) {
                let mending = Mending(path: start..<end, number: slash + 1, checkDigit: slash + length)
                if let canonical = canonical(bytes, mending) { return canonical }
            }
            segment = start
        }
        return nil
    }

    /// Where in a link a check digit is to be mended.
    private struct Mending {
        /// From the slash before the AI of the key to the end of the path.
        let path: Range<Int>
        /// Where the checked number begins.
        let number: Int
        /// Where its check digit stands.
        let checkDigit: Int
    }

    private static func canonical(_ bytes: [UInt8], _ mending: Mending) -> [UInt8]? {
        let (start, place) = (mending.number, mending.checkDigit)
        guard let right = CheckDigit.mod10(bytes[start..<place]), right != bytes[place] else { return nil }
        var mended = bytes
        mended[place] = right
        // The path behind a short stem first: a stem may be long, and few paths are a key when mended.
        let tail = Array("https://a".utf8) + mended[mending.path]
        guard !Identifier(String(decoding: tail, as: UTF8.self)).elements.isEmpty else { return nil }
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
