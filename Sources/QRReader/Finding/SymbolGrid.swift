/// Where the modules of a symbol of one version lie in a picture: a net between the alignment patterns, each mesh in a perspective of
/// its own, so that it follows bent paper.
struct SymbolGrid {
    let version: QRVersion
    private let centres: [Int]
    private var meshes: [Perspective] = []
    private let image: GreyImage
    private let frame: SymbolFrame
    private let view: Perspective
    private let trust: Trust

    /// What is believed of the alignment patterns. They may be covered, and what looks like them leads astray: codewords decide.
    enum Trust: CaseIterable {
        /// All of them.
        case all
        /// That of the lower right corner, for the perspective.
        case corner
        /// All but it.
        case others
    }

    /// Finds the alignment patterns; `nil` where the points found are no view of a square.
    init?(_ frame: SymbolFrame, version: QRVersion, trusting trust: Trust, in image: GreyImage, effort: inout Effort) {
        self.version = version
        self.image = image
        self.frame = frame
        self.trust = trust
        centres = version.alignmentCentres
        let modules = Double(version.modules)
        var view = frame.view
        if version.number >= 2, trust != .others {
            // The farther the lower right corner is, the less certain is where it lies.
            let expected = frame.point(modules - 6.5, modules - 6.5, modules: version.modules)
            let search = AlignmentSearch(image, around: expected, in: view, version: version)
            let found = search.best(reach: 2 + modules / 16, contrast: frame.contrast, effort: &effort)
            if let found,
                let better = Perspective(
                    frame.upperLeft,
                    frame.upperRight,
                    frame.lowerLeft,
                    found,
                    at: (modules - 10) / (modules - 7)
                )
            {
                view = better
            }
        }
        self.view = view
        guard stretchMeshes(over: anchors(effort: &effort)) else { return nil }
    }

    /// Images of the alignment patterns' centres: found, or where they have to be by what was found beside them.
    private func anchors(effort: inout Effort) -> [ImagePoint] {
        let count = centres.count
        var anchors: [ImagePoint] = []
        for row in 0..<count {
            for column in 0..<count {
                let (x, y) = (Double(centres[column]) + 0.5, Double(centres[row]) + 0.5)
                let expected = seen(x, y)
                let isCorner = (row == 0 || row == count - 1) && (column == 0 || column == count - 1)
                guard !isCorner, trust != .corner else {
                    anchors.append(expected)
                    continue
                }
                // As far from the view as the neighbours before it are, which bent paper moves alike.
                var drift = ImagePoint(x: 0, y: 0)
                if row > 0 {
                    drift = drift + anchors[(row - 1) * count + column] - seen(x, Double(centres[row - 1]) + 0.5)
                }
                if column > 0 {
                    drift = drift + anchors[row * count + column - 1] - seen(Double(centres[column - 1]) + 0.5, y)
                }
                if row > 0, column > 0 { drift = drift * 0.5 }
                let search = AlignmentSearch(image, around: expected + drift, in: view, version: version, x, y)
                anchors.append(search.best(reach: 2.5, contrast: frame.contrast, effort: &effort) ?? expected + drift)
            }
        }
        return anchors
    }

    private func seen(_ x: Double, _ y: Double) -> ImagePoint {
        let side = Double(version.modules - 7)
        return view((x - 3.5) / side, (y - 3.5) / side)
    }

    private mutating func stretchMeshes(over anchors: [ImagePoint]) -> Bool {
        let count = centres.count
        for row in 0..<count - 1 {
            for column in 0..<count - 1 {
                let first = row * count + column
                let corners = (anchors[first], anchors[first + 1], anchors[first + count], anchors[first + count + 1])
                guard let mesh = Perspective(corners.0, corners.1, corners.2, corners.3) else { return false }
                meshes.append(mesh)
            }
        }
        return true
    }

    /// Where a point is seen that is given in modules.
    func point(_ x: Double, _ y: Double) -> ImagePoint {
        let (column, u) = place(x)
        let (row, v) = place(y)
        return meshes[row * (centres.count - 1) + column](u, v)
    }

    /// The mesh of a coordinate, and where in it; what lies outside of all belongs to the nearest.
    private func place(_ coordinate: Double) -> (index: Int, part: Double) {
        var index = 0
        while index < centres.count - 2, coordinate >= Double(centres[index + 1]) + 0.5 { index += 1 }
        let start = Double(centres[index]) + 0.5
        return (index, (coordinate - start) / Double(centres[index + 1] - centres[index]))
    }

    /// The outer corners, beginning with the symbol's upper left one.
    var corners: [ImagePoint] {
        let side = Double(version.modules)
        return [point(0, 0), point(side, 0), point(side, side), point(0, side)]
    }

    /// The part of the timing patterns' modules (section 6.3.5) that are darker or lighter than their neighbours as they should be.
    var timing: Double {
        var (right, all) = (0, 0)
        for isColumn in [false, true] {
            let values = (8..<version.modules - 8).map { index in
                let along = Double(index) + 0.5
                return isColumn ? sample(6.5, along) : sample(along, 6.5)
            }
            for index in 1..<values.count - 1 {
                let difference = 2 * values[index] - values[index - 1] - values[index + 1]
                // Even modules are dark.
                if index % 2 == 0 ? difference < 0 : difference > 0 { right += 1 }
                all += 1
            }
        }
        return Double(right) / Double(max(1, all))
    }

    /// The grey of every module, a row after another.
    func modules(effort: inout Effort) -> [Double] {
        let side = version.modules
        effort.spend(side * side)
        var values: [Double] = []
        values.reserveCapacity(side * side)
        for y in 0..<side {
            for x in 0..<side { values.append(sample(Double(x) + 0.5, Double(y) + 0.5)) }
        }
        return values
    }

    /// The grey in the middle of a module: of five points where a module is more than a few pixels.
    private func sample(_ x: Double, _ y: Double) -> Double {
        let middle = point(x, y)
        let value = image.sample(middle.x, middle.y)
        guard frame.module > 3 else { return value }
        let step = frame.module / 5
        let around =
            image.sample(middle.x - step, middle.y) + image.sample(middle.x + step, middle.y)
            + image.sample(middle.x, middle.y - step) + image.sample(middle.x, middle.y + step)
        return (value + around) / 5
    }
}
