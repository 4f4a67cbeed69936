/// Finds the term that somebody meant who wrote another.
enum NearestTerm {
    /// The candidate that differs least from `text`, letters' case and `-`, blank and `_` aside; `nil` where all of them
    /// differ in more than a third of the text.
    static func of(_ text: String, in candidates: [String]) -> String? {
        let wanted = folded(text)
        guard wanted.count <= 64 else { return nil }
        var best: (distance: Int, term: String)?
        for candidate in candidates {
            let distance = distance(wanted, folded(candidate))
            if distance < best?.distance ?? (wanted.count / 3 + 1) { best = (distance, candidate) }
        }
        return best?.term
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { byte in
            switch byte {
            case 0x41...0x5A: byte | 0x20
            case 0x20, 0x2D: 0x5F
            default: byte
            }
        }
    }

    /// The number of insertions, deletions and replacements between two texts (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let cost = right[column] == byte ? diagonal : diagonal + 1
                diagonal = row[column + 1]
                row[column + 1] = min(cost, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
