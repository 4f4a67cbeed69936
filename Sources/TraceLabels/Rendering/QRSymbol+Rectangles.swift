/// Dark modules that lie together, in modules from the symbol's upper left corner.
struct ModuleRectangle: Equatable {
    let x, y, width: Int
    var height: Int
}

extension QRSymbol {
    /// The dark modules as few rectangles that do not overlap: each run of a row, continued downwards while the next row has the same run.
    /// Nothing is drawn twice and no seams lie between equal rows, which printers show as hairlines.
    var rectangles: [ModuleRectangle] {
        var finished: [ModuleRectangle] = []
        var open: [ModuleRectangle] = []
        for y in 0..<modules {
            var row: [ModuleRectangle] = []
            for run in runs(ofRow: y) {
                if let index = open.firstIndex(where: { $0.x == run.lowerBound && $0.width == run.count }) {
                    var rectangle = open.remove(at: index)
                    rectangle.height += 1
                    row.append(rectangle)
                } else {
                    row.append(ModuleRectangle(x: run.lowerBound, y: y, width: run.count, height: 1))
                }
            }
            finished += open
            open = row
        }
        return finished + open
    }

    private func runs(ofRow y: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        // One module behind the row ends the last run: outside of the symbol everything is light.
        for x in 0...modules {
            if self[x, y] {
                start = start ?? x
            } else if let begin = start {
                runs.append(begin..<x)
                start = nil
            }
        }
        return runs
    }
}
