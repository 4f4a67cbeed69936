/// Finds and reads QR codes of model 2, versions 1 to 40 (ISO/IEC 18004), dark on light.
public enum QRReader {
    /// The codes in a picture, in no order; none where nothing can be read.
    ///
    /// Takes a bounded time and never traps, whatever the picture shows.
    ///
    /// - Parameters:
    ///   - image: Where the light is uneven, the code turned, tilted, bent, blurred or damaged, it is read all the same within reason.
    ///   - limit: As soon as so many are found, no more are looked for: 1 is the fastest.
    public static func read(_ image: GreyImage, atMost limit: Int = 64) -> [QRCode] {
        var search = Search(limit: limit)
        // Small first: that is fast, and noise and blur have shrunk. What is too small to be read there is found later.
        var pyramid = [image]
        while let last = pyramid.last, last.side > 640, let half = last.halved { pyramid.append(half) }
        for level in pyramid.indices.reversed() {
            search.look(at: pyramid[level], scale: Double(1 << level))
            guard !search.isOver else { return search.codes }
        }
        if search.codes.isEmpty, image.side <= 1280, let double = image.doubled { search.look(at: double, scale: 0.5) }
        return search.codes
    }
}

private struct Search {
    private(set) var codes: [QRCode] = []
    private let limit: Int
    private var effort = Effort()
    private let field = ReedSolomon()

    init(limit: Int) { self.limit = limit }

    var isOver: Bool { codes.count >= limit || effort.isSpent }

    /// Looks for codes in the picture made smaller by `scale`.
    mutating func look(at image: GreyImage, scale: Double) {
        // Squares of about a third of the picture for what fills it, of a twelfth for what is small or in a shadow.
        var shift = 3
        while image.side >> shift > 16 { shift += 1 }
        let before = codes.count
        for shift in [shift, shift - 2] {
            look(at: Binarization(image, shift: shift), scale: scale)
            guard codes.count == before, !isOver else { return }
        }
    }

    private mutating func look(at picture: Binarization, scale: Double) {
        let patterns = FinderSearch(picture).patterns.filter { pattern in
            !codes.contains { $0.contains(pattern.centre * scale) }
        }
        var isUsed = [Bool](repeating: false, count: patterns.count)
        for triple in FinderTriple.likely(among: patterns) {
            let (first, second, third) = triple.members
            guard !isUsed[first], !isUsed[second], !isUsed[third] else { continue }
            guard !isOver else { return }
            guard let code = read(triple, in: picture.image, scale: scale) else { continue }
            (isUsed[first], isUsed[second], isUsed[third]) = (true, true, true)
            codes.append(code)
        }
    }

    private mutating func read(_ triple: FinderTriple, in image: GreyImage, scale: Double) -> QRCode? {
        guard let frame = SymbolFrame(triple, in: image) else { return nil }
        for version in frame.versions(in: image) {
            for trust in SymbolGrid.Trust.allCases {
                effort.spend(version.modules)
                guard
                    let grid = SymbolGrid(frame, version: version, trusting: trust, in: image, effort: &effort),
                    grid.timing > 0.65
                else { continue }
                if let code = read(grid, scale: scale) { return code }
            }
        }
        return nil
    }

    /// Samples the modules and decodes them, as they are and sharpened.
    private mutating func read(_ grid: SymbolGrid, scale: Double) -> QRCode? {
        let greys = grid.modules(effort: &effort)
        for sharpening in [0, 1.0] {
            let matrix = ModuleMatrix(grid.version, greys: greys, sharpening: sharpening)
            guard let result = Decoder.decode(matrix, field) else { continue }
            return QRCode(
                version: grid.version,
                level: result.level,
                mask: result.mask,
                bytes: result.payload.bytes,
                encoding: result.payload.encoding,
                isGS1: result.payload.isGS1,
                isPart: result.payload.isPart,
                corrected: result.corrected,
                corners: grid.corners.map { $0 * scale }
            )
        }
        return nil
    }
}
