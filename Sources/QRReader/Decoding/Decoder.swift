/// From modules to bytes.
enum Decoder {
    /// What a symbol says, and how it was made.
    struct Result {
        let level: QRLevel
        let mask: Int
        let corrected: Int
        let payload: Payload
    }

    /// Reads the modules; `nil` where too much of them is wrong, or they hold what is not read here.
    static func decode(_ matrix: ModuleMatrix, _ field: ReedSolomon) -> Result? {
        guard let (level, mask) = Information.format(of: matrix) else { return nil }
        let codewords = matrix.codewords(mask: mask)
        guard let (data, corrected) = data(of: codewords, matrix.version, level, field),
            let payload = Payload(data, version: matrix.version)
        else { return nil }
        return Result(level: level, mask: mask, corrected: corrected, payload: payload)
    }

    /// The data codewords of all blocks, corrected. Blocks are interleaved, the later ones may be longer by one (section 7.6).
    private static func data(
        of codewords: [UInt8],
        _ version: QRVersion,
        _ level: QRLevel,
        _ field: ReedSolomon
    ) -> (data: [UInt8], corrected: Int)? {
        let blocks = version.blockCount(level)
        let check = version.correctionCodewords(level)
        let shortData = codewords.count / blocks - check
        let firstLong = blocks - codewords.count % blocks
        var data: [UInt8] = []
        var corrected = 0
        for index in 0..<blocks {
            var block: [UInt8] = []
            for row in 0..<shortData { block.append(codewords[row * blocks + index]) }
            if index >= firstLong { block.append(codewords[shortData * blocks + index - firstLong]) }
            let length = block.count
            let checks = version.dataCodewords(level)
            for row in 0..<check { block.append(codewords[checks + row * blocks + index]) }
            guard let faults = field.correct(&block, check: check, limit: version.correctable(level)) else {
                return nil
            }
            corrected += faults
            data += block[..<length]
        }
        return (data, corrected)
    }
}
