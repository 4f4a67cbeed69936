/// Three finder patterns that may belong to one symbol, in its own order.
struct FinderTriple {
    let upperLeft, upperRight, lowerLeft: FinderPattern
    /// Indices among the patterns.
    let members: (Int, Int, Int)
    /// The less, the more likely: how far from a right angle with equal legs, and how long they are.
    let strangeness: Double

    /// So many are tried.
    private static let most = 256

    /// The likely ones, the likeliest first.
    static func likely(among patterns: [FinderPattern]) -> [FinderTriple] {
        var triples: [FinderTriple] = []
        for first in patterns.indices {
            for second in patterns.indices where second > first {
                guard isSimilar(patterns[first], patterns[second]) else { continue }
                for third in patterns.indices where third > second {
                    guard let triple = FinderTriple(patterns, first, second, third) else { continue }
                    var index = triples.count
                    while index > 0, triples[index - 1].strangeness > triple.strangeness { index -= 1 }
                    guard index < most else { continue }
                    if triples.count == most { triples.removeLast() }
                    triples.insert(triple, at: index)
                }
            }
        }
        return triples
    }

    private static func isSimilar(_ left: FinderPattern, _ right: FinderPattern) -> Bool {
        left.module < 2 * right.module && right.module < 2 * left.module
    }

    private init?(_ patterns: [FinderPattern], _ first: Int, _ second: Int, _ third: Int) {
        guard FinderTriple.isSimilar(patterns[first], patterns[third]),
            FinderTriple.isSimilar(patterns[second], patterns[third])
        else { return nil }
        // The upper left one lies opposite to the longest side.
        let (a, b, c) = (patterns[first].centre, patterns[second].centre, patterns[third].centre)
        let (ab, bc, ca) = ((a - b).length, (b - c).length, (c - a).length)
        var (corner, right, left) = (first, second, third)
        if ab > bc, ab > ca {
            (corner, right, left) = (third, first, second)
        } else if ca > bc {
            (corner, right, left) = (second, third, first)
        }
        var across = patterns[right].centre - patterns[corner].centre
        var down = patterns[left].centre - patterns[corner].centre
        if across.cross(down) < 0 {
            (right, left) = (left, right)
            (across, down) = (down, across)
        }
        let (width, height) = (across.length, down.length)
        let cosine = abs(across.dot(down)) / (width * height)
        let inequality = abs(width - height) / max(width, height)
        let module = (patterns[corner].module + patterns[right].module + patterns[left].module) / 3
        let modules = (width + height) / 2 / module
        // Legs are 14 to 170 modules, by a module that is up to 1.4 times too large; tilted by up to 60 degrees.
        guard cosine < 0.6, inequality < 0.5, modules > 8, modules < 220 else { return nil }
        (upperLeft, upperRight, lowerLeft) = (patterns[corner], patterns[right], patterns[left])
        members = (corner, right, left)
        // Patterns of neighbouring labels make good triangles too, but larger ones.
        strangeness = cosine + inequality + modules / 100
    }
}
