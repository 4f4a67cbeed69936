/// Says of most fingerprints that are not in a run that they are not: a blocked Bloom filter, one cache line a question.
///
/// Twelve bits a fingerprint, six of them set in one block of 512: about one wrong "perhaps" in two hundred.
enum BloomFilter {
    private static let wordsPerBlock = 8

    /// The number of words of the filter of so many fingerprints.
    static func wordCount(for count: Int) -> Int { max(1, (count * 12 + 511) / 512) * wordsPerBlock }

    /// Adds a fingerprint to the words of a filter.
    static func insert(_ fingerprint: UInt64, into words: inout [UInt64]) {
        let block = block(of: fingerprint, words.count)
        forEachBit(of: fingerprint) { words[block + $0 >> 6] |= 1 << UInt64($0 & 63) }
    }

    /// Whether a fingerprint may be among those that were added; `word` reads the filter, of `count` words.
    static func mayContain(_ fingerprint: UInt64, count: Int, word: (Int) -> UInt64) -> Bool {
        let block = block(of: fingerprint, count)
        var all = true
        forEachBit(of: fingerprint) { all = all && word(block + $0 >> 6) >> UInt64($0 & 63) & 1 == 1 }
        return all
    }

    private static func block(of fingerprint: UInt64, _ words: Int) -> Int {
        Int(truncatingIfNeeded: fingerprint.multipliedFullWidth(by: UInt64(words / wordsPerBlock)).high) * wordsPerBlock
    }

    /// The six bits in the block, from the low 54 bits; the block is chosen by the high ones.
    private static func forEachBit(of fingerprint: UInt64, _ body: (Int) -> Void) {
        var rest = fingerprint &* 0x9E37_79B9_7F4A_7C15
        for _ in 0..<6 {
            body(Int(truncatingIfNeeded: rest >> 55))
            rest <<= 9
        }
    }
}
