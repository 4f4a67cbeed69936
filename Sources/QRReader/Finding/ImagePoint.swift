/// A point of a picture: pixels from its left and upper edge.
public struct ImagePoint: Equatable, Sendable {
    /// From the left edge.
    public let x: Double
    /// From the upper edge.
    public let y: Double

    /// A point.
    public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }

    static func + (left: ImagePoint, right: ImagePoint) -> ImagePoint {
        ImagePoint(x: left.x + right.x, y: left.y + right.y)
    }

    static func - (left: ImagePoint, right: ImagePoint) -> ImagePoint {
        ImagePoint(x: left.x - right.x, y: left.y - right.y)
    }

    static func * (point: ImagePoint, factor: Double) -> ImagePoint {
        ImagePoint(x: point.x * factor, y: point.y * factor)
    }

    func dot(_ other: ImagePoint) -> Double { x * other.x + y * other.y }

    /// Positive where `other` lies clockwise of this, as one sees it: y counts downwards.
    func cross(_ other: ImagePoint) -> Double { x * other.y - y * other.x }

    var length: Double { dot(self).squareRoot() }
}

/// How the unit square, or what lies around it, is seen in the picture.
///
/// In homogeneous coordinates such a view is linear: Q(u, v) = P0 + u (w1 P1 - P0) + v (w2 P2 - P0), where P0, P1 and P2 are the images of (0, 0),
/// (1, 0) and (0, 1) with weights 1, w1 and w2: one over the distance from the eye, up to a factor.
struct Perspective {
    private let origin, across, down: ImagePoint
    private let acrossWeight, downWeight: Double

    /// The view with these weights.
    init(_ p0: ImagePoint, _ p1: ImagePoint, _ p2: ImagePoint, weights w1: Double, _ w2: Double) {
        origin = p0
        across = p1 * w1 - p0
        down = p2 * w2 - p0
        (acrossWeight, downWeight) = (w1 - 1, w2 - 1)
    }

    /// The view in which (t, t) is at `p3` too; `nil` where the points make no such view.
    init?(_ p0: ImagePoint, _ p1: ImagePoint, _ p2: ImagePoint, _ p3: ImagePoint, at t: Double = 1) {
        // Q(t, t) is a multiple of (p3, 1): w1 t (p1 - p3) + w2 t (p2 - p3) = (1 - 2t) (p3 - p0).
        let (first, second) = (p1 - p3, p2 - p3)
        let determinant = first.cross(second) * t
        let right = (p3 - p0) * (1 - 2 * t)
        let (w1, w2) = (right.cross(second) / determinant, first.cross(right) / determinant)
        // Weights beyond these are no picture of a label; what is no number fails here too.
        guard w1 > 0.2, w1 < 5, w2 > 0.2, w2 < 5, w1 + w2 > 1.1 else { return nil }
        self.init(p0, p1, p2, weights: w1, w2)
    }

    /// Where (u, v) is seen.
    func callAsFunction(_ u: Double, _ v: Double) -> ImagePoint {
        let weight = max(0.01, 1 + u * acrossWeight + v * downWeight)
        return (origin + across * u + down * v) * (1 / weight)
    }
}
