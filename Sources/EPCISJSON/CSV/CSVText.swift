/// Finds out whether bytes are CSV text in UTF-8 at all; the usual other things are named with their remedy.
package enum CSVText {
    /// The number of bytes before the text: 3 for a byte order mark, which Excel writes, else 0.
    package static func start(of bytes: [UInt8]) throws(Refusal) -> Int {
        let remedy = "in Excel save it as \"CSV UTF-8 (comma delimited)\""
        for (head, name) in others where bytes.starts(with: head) {
            throw Refusal(.file, "this is \(name), not CSV in UTF-8: \(remedy)")
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw Refusal(
                .cell(error.byteOffsets.lowerBound),
                "the file is not UTF-8 here\(guess(bytes)), or \(remedy)"
            )
        }
        if let null = bytes.firstIndex(of: 0) {
            throw Refusal(.cell(null), "there is a zero byte: the file is damaged or in UTF-16; \(remedy)")
        }
        return start
    }

    private static let others: [([UInt8], String)] = [
        ([0xFF, 0xFE], "text in UTF-16"), ([0xFE, 0xFF], "text in UTF-16"),
        ([0x50, 0x4B, 0x03, 0x04], "an Excel workbook (.xlsx) or another ZIP file"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook (.xls)"),
    ]

    /// What else the text may be, and the command that converts it.
    private static func guess(_ bytes: [UInt8]) -> String {
        let encoding = isGB18030(bytes) ? "GB18030" : "WINDOWS-1252"
        let name = isGB18030(bytes) ? ": it looks like GB18030 (GBK), which Chinese Excel writes" : ""
        return "\(name); convert it with `iconv -f \(encoding) -t UTF-8 IN.csv > OUT.csv`"
    }

    /// Whether every byte beyond ASCII belongs to a two- or four-byte character of GB18030, and most of these are of the
    /// common hanzi (lead B0 to F7, trail from A1), which Western text hardly ever gives.
    private static func isGB18030(_ bytes: [UInt8]) -> Bool {
        var (position, characters, hanzi) = (0, 0, 0)
        while position < bytes.count {
            let lead = bytes[position]
            position += 1
            guard lead >= 0x80 else { continue }
            guard lead > 0x80, lead < 0xFF, position < bytes.count else { return false }
            let trail = bytes[position]
            position += 1
            if (0x30...0x39).contains(trail) {
                guard position + 1 < bytes.count, (0x81...0xFE).contains(bytes[position]),
                    (0x30...0x39).contains(bytes[position + 1])
                else { return false }
                position += 2
            } else {
                guard trail >= 0x40, trail != 0x7F, trail != 0xFF else { return false }
            }
            characters += 1
            if (0xB0...0xF7).contains(lead), trail >= 0xA1 { hanzi += 1 }
        }
        return hanzi * 2 > characters
    }
}
