import Testing

@testable import GS1

/// The masks are written as numbers for speed; these are the characters they mean.
@Suite struct ASCIISetTests {
    private static let cases: [(ASCIISet, [String])] = [
        (.digits, [digits]),
        (.cset82, ["!\"%&'()*+,-./:;<=>?_", digits, letters]),
        (.cset39, ["#-/", digits, String(letters.prefix(26))]),
        (.cset64, ["-_", digits, letters]),
        (.capitalsAndDigits, [digits, String(letters.prefix(26))]),
        (.unreserved, ["-._~", digits, letters]),
        (.query, ["-._~:/?[]@!$&'()*+,;=%", digits, letters]),
        (.value, ["!\"#%&'()*+,-./:;<=>?_", digits, letters]),
        (.escapedInURN, ["\"#%&/<>?"]),
        (.escapedInDigitalLink, ["!\"#%&()*+,/:<>?"]),
        (.host, ["-.:[]", digits, letters]),
        (.uri, ["-._~:/[]@!$&'()*+,;=%", digits, letters]),
    ]
    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    private static let digits = "0123456789"

    @Test func masksHoldTheirCharacters() {
        for (set, characters) in Self.cases {
            for byte in UInt8.min ... .max {
                #expect(set.contains(byte) == characters.joined().utf8.contains(byte), "\(byte)")
            }
        }
    }
}
