internal import Logging
internal import Synchronization
internal import TraceLedger

/// Has a ledger log the root of its map of subjects a while behind an activation, so that proofs of completeness know of it:
/// the ordinary cadence is made for ledgers, not for whoever asks about one pack.
final class MapRootDesk: Sendable {
    private let scheduled = Mutex<Set<String>>([])

    /// A root of a ledger of so many entries costs the work of writing its map: the wait grows with it.
    static func pause(_ seconds: Double, entries: UInt64) -> Duration {
        .seconds(max(seconds, Double(entries) / 2000))
    }

    /// An activation was recorded.
    func ring(_ hosted: HostedLedger, _ ledger: Ledger) {
        let (path, seconds) = (hosted.settings.path, hosted.settings.mapRootSeconds)
        guard seconds > 0, scheduled.withLock({ $0.insert(path).inserted }) else { return }
        Task { [weak ledger] in
            let size = await ledger?.size ?? 0
            try? await Task.sleep(for: MapRootDesk.pause(seconds, entries: size))
            self.scheduled.withLock { _ = $0.remove(path) }
            // Where it fails the next activation, or the cadence, has it logged.
            _ = try? await ledger?.logMapRoot()
        }
    }
}
