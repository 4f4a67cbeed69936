import Foundation
import Synchronization

/// A bar on a terminal for whatever takes longer than a second; nothing where standard error is not a terminal.
final class ProgressBar: Sendable {
    private struct Shown {
        var last = ContinuousClock.now
        var isThere = false
    }

    private let what: String
    private let start = ContinuousClock.now
    private let shown = Mutex(Shown())

    init(_ what: String) { self.what = what }

    /// So much of `total` is done.
    func update(_ done: UInt64, of total: UInt64) {
        let now = ContinuousClock.now
        guard Console.errorIsTerminal, total > 0, now - start > .seconds(1) else { return }
        shown.withLock { shown in
            guard now - shown.last > .milliseconds(100) else { return }
            shown = Shown(last: now, isThere: true)
            let filled = Int(Double(done) / Double(total) * 30)
            let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 30 - filled)
            write("\r\(what) [\(bar)] \(done) of \(total)")
        }
    }

    /// Removes the bar.
    func finish() {
        shown.withLock { shown in
            if shown.isThere { write("\r\u{1B}[K") }
            shown.isThere = false
        }
    }

    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
