import Foundation

/// A bar on a terminal for whatever takes longer than a second; nothing where standard error is not a terminal.
final class ProgressBar {
    private let what: String
    private let start = ContinuousClock.now
    private var lastShown = ContinuousClock.now
    private var isShown = false

    init(_ what: String) { self.what = what }

    /// So much of `total` is done.
    func update(_ done: UInt64, of total: UInt64) {
        let now = ContinuousClock.now
        guard Console.errorIsTerminal, total > 0, now - start > .seconds(1), now - lastShown > .milliseconds(100)
        else { return }
        lastShown = now
        isShown = true
        let filled = Int(Double(done) / Double(total) * 30)
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 30 - filled)
        show("\r\(what) [\(bar)] \(done) of \(total)")
    }

    /// Removes the bar.
    func finish() {
        if isShown { show("\r\u{1B}[K") }
        isShown = false
    }

    private func show(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
