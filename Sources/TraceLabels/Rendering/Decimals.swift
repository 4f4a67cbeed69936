/// Numbers as SVG and PDF write them: no exponent, no locale.
enum Decimals {
    /// `value` rounded to `places` digits behind the point, without zeros at the end.
    static func text(_ value: Double, places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
        // Nothing here is longer than a sheet; what is no number is drawn as 0.
        let limit = 1e15
        let scaled = value.isFinite ? Int((min(max(value * scale, -limit), limit)).rounded()) : 0
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        var fraction = padded.suffix(places)
        while fraction.last == "0" { fraction.removeLast() }
        let whole = padded.dropLast(places)
        return (scaled < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }
}
