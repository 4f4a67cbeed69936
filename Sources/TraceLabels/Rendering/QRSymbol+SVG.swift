extension QRSymbol {
    /// The symbol as a picture without pixels: SVG 1.1, one path of dark modules on white, its size in millimetres.
    ///
    /// - Parameters:
    ///   - moduleWidth: X-dimension in millimetres.
    ///   - quietZone: Light modules on each side.
    public func svg(moduleWidth: Double = 0.396, quietZone: Int = 4) -> String {
        let quietZone = max(0, quietZone)
        let side = modules + 2 * quietZone
        let size = Decimals.text(size(moduleWidth: moduleWidth, quietZone: quietZone), places: 4)
        var path = ""
        for part in rectangles {
            path += "M\(part.x + quietZone) \(part.y + quietZone)h\(part.width)v\(part.height)h-\(part.width)z"
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(size)mm" height="\(size)mm" viewBox="0 0 \(side) \(side)" \
            shape-rendering="crispEdges"><path fill="#fff" d="M0 0h\(side)v\(side)h-\(side)z"/><path d="\(path)"/></svg>

            """
    }
}
