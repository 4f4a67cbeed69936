/// What three finder patterns say about a symbol: its centres, its size and a first perspective.
struct SymbolFrame {
    /// The middles of the finder patterns, to parts of a pixel.
    let upperLeft, upperRight, lowerLeft: ImagePoint
    /// Modules a side, about.
    let modules: Double
    /// The view of the square that has the finder patterns' middles as its corners.
    let view: Perspective
    /// Pixels a module, about.
    let module: Double
    /// By how much a light ring is lighter than the dark around it, as it is seen in the finder patterns.
    let contrast: Double

    /// Measures the patterns along the symbol's own axes; `nil` where they do not fit together.
    init?(_ triple: FinderTriple, in image: GreyImage) {
        let across = triple.upperRight.centre - triple.upperLeft.centre
        let down = triple.lowerLeft.centre - triple.upperLeft.centre
        let axes = (across * (1 / across.length), down * (1 / down.length))
        let corner = MeasuredPattern(triple.upperLeft, axes, image)
        let right = MeasuredPattern(triple.upperRight, axes, image)
        let left = MeasuredPattern(triple.lowerLeft, axes, image)
        (upperLeft, upperRight, lowerLeft) = (corner.centre, right.centre, left.centre)

        // Along a line in perspective, a distance is so many modules as the geometric mean of those at its ends says.
        let wide = (upperRight - upperLeft).length / (corner.across * right.across).squareRoot()
        let high = (lowerLeft - upperLeft).length / (corner.down * left.down).squareRoot()
        guard wide < 1.4 * high, high < 1.4 * wide else { return nil }
        modules = (wide + high) / 2 + 7
        module = (corner.across * corner.down).squareRoot()

        contrast = [corner, right, left].map { $0.contrast(image, axes) }.min() ?? 0

        // The area of a pattern shrinks with the third power of its distance.
        view = Perspective(
            upperLeft,
            upperRight,
            lowerLeft,
            weights: cubeRoot(corner.area / right.area),
            cubeRoot(corner.area / left.area)
        )
    }

    /// Where a point is seen that is given in modules of a symbol with so many a side.
    func point(_ x: Double, _ y: Double, modules: Int) -> ImagePoint {
        let side = Double(modules - 7)
        return view((x - 3.5) / side, (y - 3.5) / side)
    }
}

/// A finder pattern measured along two directions.
private struct MeasuredPattern {
    var centre: ImagePoint
    /// Pixels a module along the symbol's rows.
    let across: Double
    /// The same along its columns.
    let down: Double

    var area: Double { across * down }

    init(_ pattern: FinderPattern, _ axes: (ImagePoint, ImagePoint), _ image: GreyImage) {
        let first = extent(of: pattern, along: axes.0, image)
        let second = extent(of: pattern, along: axes.1, image)
        centre = pattern.centre + axes.0 * first.shift + axes.1 * second.shift
        (across, down) = (first.module, second.module)
    }

    /// The mean of the light ring less that of the dark around it and within, from the middles of their sides.
    func contrast(_ image: GreyImage, _ axes: (ImagePoint, ImagePoint)) -> Double {
        var rings = [0.0, 0, 0]
        for step in [axes.0 * across, axes.0 * -across, axes.1 * down, axes.1 * -down] {
            for ring in 0..<3 {
                let point = centre + step * Double(ring + 1)
                rings[ring] += image.sample(point.x, point.y) / 4
            }
        }
        return rings[1] - max(rings[0], rings[2])
    }
}

/// The module along a direction, and how far the middle lies from where it was believed to be.
private func extent(
    of pattern: FinderPattern,
    along axis: ImagePoint,
    _ image: GreyImage
) -> (module: Double, shift: Double) {
    let forth = radius(of: pattern, along: axis, image)
    let back = radius(of: pattern, along: axis * -1, image)
    switch (forth, back) {
    case (let forth?, let back?): return ((forth + back) / 7, (forth - back) / 2)
    case (let one?, nil), (nil, let one?): return (one / 3.5, 0)
    case (nil, nil): return (pattern.module, 0)
    }
}

/// From the middle of a finder pattern to its outer edge, where dark becomes light for the second time.
private func radius(of pattern: FinderPattern, along axis: ImagePoint, _ image: GreyImage) -> Double? {
    // Half a pixel, or where modules are large a sixteenth of one: the edge is found between two samples.
    let width = max(0.5, pattern.module / 16)
    let reach = Int(6 * pattern.module / width)
    var samples: [Double] = []
    samples.reserveCapacity(reach)
    for step in 0..<reach {
        let point = pattern.centre + axis * (Double(step) * width)
        samples.append(image.sample(point.x, point.y))
    }
    guard let lowest = samples.min(), let highest = samples.max() else { return nil }
    let middle = (lowest + highest) / 2
    var crossings = 0
    for step in 1..<max(1, reach) where (samples[step] < middle) != (samples[step - 1] < middle) {
        crossings += 1
        guard crossings == 3 else { continue }
        let rest = (samples[step] - middle) / (samples[step] - samples[step - 1])
        let radius = (Double(step) - rest) * width
        // Half of it to twice, or it is something else.
        return radius > 1.75 * pattern.module && radius < 7 * pattern.module ? radius : nil
    }
    return nil
}

/// By Newton's method, of what lies between an eighth and eight, as views of labels do.
private func cubeRoot(_ value: Double) -> Double {
    guard value > 0.125 else { return 0.5 }
    guard value < 8 else { return 2 }
    var root = 1.0
    for _ in 0..<6 { root -= (root - value / (root * root)) / 3 }
    return root
}

extension SymbolFrame {
    /// The versions that the symbol may have, the likeliest first.
    func versions(in image: GreyImage) -> [QRVersion] {
        guard modules < 190 else { return [] }
        let estimate = min(40, max(1, Int((modules - 17) / 4 + 0.5)))
        var numbers: [Int] = []
        if estimate >= 6, let stated = statedVersion(in: image, modules: 17 + 4 * estimate) {
            numbers.append(stated.number)
        }
        for number in [estimate, estimate - 1, estimate + 1] where !numbers.contains(number) { numbers.append(number) }
        return numbers.compactMap { QRVersion($0) }
    }

    /// The version information beside the upper right or the lower left finder pattern, which is read from so near that the size need not be
    /// known well.
    private func statedVersion(in image: GreyImage, modules: Int) -> QRVersion? {
        for isRight in [true, false] {
            var values: [Double] = []
            for bit in 0..<18 {
                let along = Double(modules - 11 + bit % 3) + 0.5
                let across = Double(bit / 3) + 0.5
                let point =
                    isRight ? point(along, across, modules: modules) : point(across, along, modules: modules)
                values.append(image.sample(point.x, point.y))
            }
            let middle = ((values.min() ?? 0) + (values.max() ?? 0)) / 2
            var word = 0
            for bit in 0..<18 where values[bit] < middle { word |= 1 << bit }
            if let version = Information.version(word) { return version }
        }
        return nil
    }
}
