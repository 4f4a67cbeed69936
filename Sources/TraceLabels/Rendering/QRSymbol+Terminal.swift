/// In which colours a symbol is shown in a terminal.
public enum TerminalColours: Sendable {
    /// Black on white by escape sequences, whatever the terminal's own colours are.
    case set
    /// The terminal's own, which are light on dark: light modules are drawn.
    case lightOnDark
    /// The terminal's own, or a file that is read as one: dark modules are drawn.
    case darkOnLight
}

extension QRSymbol {
    /// The symbol in half blocks, two modules a character, with lines ended by LF. A terminal's characters are about twice as high as
    /// wide, so that modules come out square.
    public func terminal(_ colours: TerminalColours = .set, quietZone: Int = 4) -> String {
        let quietZone = max(0, quietZone)
        let range = -quietZone..<modules + quietZone
        // 256-colour black and white: the sixteen basic colours are the user's own, and white is often grey there.
        let (start, end) = colours == .set ? ("\u{1B}[38;5;16;48;5;231m", "\u{1B}[0m") : ("", "")
        let inverted = colours == .lightOnDark
        var text = ""
        for y in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
            text += start
            for x in range {
                // An odd symbol's last line has no lower half: what is drawn in light ends with it.
                let upper = self[x, y] != inverted
                let lower = y + 1 < range.upperBound ? self[x, y + 1] != inverted : false
                text += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ")
            }
            text += end + "\n"
        }
        return text
    }
}
