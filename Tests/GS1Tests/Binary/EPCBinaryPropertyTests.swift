import GS1
import TestSupport
import Testing

@Suite struct EPCBinaryPropertyTests {
    @Test(arguments: EPCBinary.Scheme.allCases)
    func whatIsWrittenIsReadAgain(scheme: EPCBinary.Scheme) {
        forAll(40) { random in
            let tag = try EPCKeys.tag(scheme, &random)
            for alignment in EPCBinary.Alignment.allCases {
                let again = try EPCBinary(hexadecimal: tag.hexadecimal(alignedTo: alignment))
                try check(again == tag, "\(tag.hexadecimal()) is read as \(again)")
            }
            try check(try EPCBinary(bytes: tag.bytes()) == tag, "bytes")
            for compression in EPCBinary.Compression.allCases {
                try check(try EPCBinary(compressed: tag.compressed(compression)) == tag, tag.compressed(compression))
            }
            guard let identifier = tag.identifier else { throw Falsified("\(tag) has no identifier") }
            if tag.data.isEmpty, !scheme.hasDate {
                try check(try EPCBinary(identifier, scheme: scheme, filter: tag.filter) == tag, identifier.text)
            }
            guard scheme != .gid96 else { return }
            guard let link = tag.digitalLink() else { throw Falsified("\(tag) has no Digital Link") }
            let read = try EPCBinary(
                Identifier(link),
                scheme: scheme,
                filter: tag.filter,
                companyPrefixLength: tag.companyPrefixLength
            )
            // Qualifiers among the data come first then, in the order of the path.
            try check(read.elements == tag.elements && Set(read.data) == Set(tag.data), link)
            guard let short = tag.compressedDigitalLink(stem: "https://a.b/c") else {
                throw Falsified("no compression")
            }
            try check(try EPCBinary.expand(short) == tag.digitalLink(stem: "https://a.b/c"), short)
        }
    }

    /// Every partition value of every scheme that has one, with the smallest and the largest company prefix.
    @Test func everyPartition() throws {
        var random = SeededGenerator(seed: 1)
        var ran = 0
        for scheme in EPCBinary.Scheme.allCases where scheme.hasCompanyPrefix {
            for length in 6...12 {
                for _ in 0..<20 {
                    let elements = EPCKeys.elements(scheme, length, &random)
                    let tag = try EPCBinary(scheme: scheme, elements: elements, filter: 7, companyPrefixLength: length)
                    let again = try EPCBinary(hexadecimal: tag.hexadecimal())
                    #expect(again.elements == elements)
                    #expect(again.companyPrefixLength == length)
                    #expect(again == tag)
                    ran += 1
                }
            }
            for length in [Int.min, -1, 0, 5, 13, .max] {
                let elements = EPCKeys.elements(scheme, 6, &random)
                #expect(throws: EPCBinaryError.self) {
                    try EPCBinary(scheme: scheme, elements: elements, companyPrefixLength: length)
                }
            }
        }
        #expect(ran == 20 * 7 * 19)
    }

    /// Every header with every kind of rest: nothing traps, and what is read is written again bit by bit.
    @Test func everyHeader() throws {
        var random = SeededGenerator(seed: 2)
        for header in UInt8.min ... .max {
            for length in [0, 1, 2, 10, 11, 12, 13, 25, 26, 39] {
                for fill in 0..<3 {
                    let rest =
                        fill == 2 ? random.bytes(length) : [UInt8](repeating: fill == 0 ? 0 : 0xFF, count: length)
                    try checkReading([header] + rest)
                }
            }
        }
    }

    @Test func mutationsNeverTrapAndNeverReadTwoWays() {
        var accepted = 0
        forAll(2000) { random in
            let scheme = EPCBinary.Scheme.allCases.randomElement(using: &random) ?? .sgtin96
            var bytes = try EPCKeys.tag(scheme, &random).bytes()
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0, 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: bytes[place] = .random(in: .min ... .max, using: &random)
                case 3: bytes.insert(0, at: place)
                default: bytes = Array(bytes.prefix(max(1, place)))
                }
            }
            if try checkReading(bytes) { accepted += 1 }
        }
        #expect(accepted > 0)
    }

    /// Checks that bytes are refused, or read in one way only; whether they are read.
    @discardableResult
    private func checkReading(_ bytes: [UInt8]) throws -> Bool {
        let tag: EPCBinary
        do throws(EPCBinaryError) {
            tag = try EPCBinary(bytes: bytes)
        } catch {
            let isWithin = (0...8 * bytes.count).contains(error.bit ?? 0)
            try check(isWithin, "\(error)")
            return false
        }
        let out = tag.bytes(alignedTo: bytes.count % 2 == 0 ? .word : .byte)
        try check(out == bytes, "\(bytes) is written as \(out)")
        guard tag.scheme != .gid96 else { return true }
        let canonical = try EPCBinary(
            scheme: tag.scheme,
            elements: tag.elements,
            filter: tag.filter,
            companyPrefixLength: tag.companyPrefixLength,
            hostname: tag.hostname,
            data: tag.data
        )
        // Only text of varying length can be written in more than one way; ours is the shortest.
        try check(canonical == tag || tag.scheme.hasData && canonical.bitCount <= tag.bitCount, "\(bytes)")
        try check(try EPCBinary(bytes: canonical.bytes()) == canonical, "\(bytes)")
        return true
    }

    @Test func mutatedTextNeverTraps() {
        let alphabet = Array("ehx0123456789abcdefABCDEF-_+/=g ü\u{0}")
        forAll(2000) { random in
            let scheme = EPCBinary.Scheme.allCases.randomElement(using: &random) ?? .sgtin96
            let compression = EPCBinary.Compression.allCases.randomElement(using: &random) ?? .base64URL
            var text = Array(try EPCKeys.tag(scheme, &random).compressed(compression))
            let place = Int.random(in: 0..<text.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: text[place] = alphabet.randomElement(using: &random) ?? "0"
            case 1: text.insert(alphabet.randomElement(using: &random) ?? "0", at: place)
            default: text.remove(at: place)
            }
            guard let tag = try? EPCBinary(compressed: String(text)) else { return }
            // What was read is what is written, but for zeros up to a byte or a word.
            let written = Array(tag.compressed(text[1] == "h" ? .hexadecimal : .base64URL))
            try check(text.starts(with: written) && text.count - written.count < 4, String(text))
            try check(text.dropFirst(written.count).allSatisfy { $0 == "0" || $0 == "A" }, String(text))
        }
    }
}
