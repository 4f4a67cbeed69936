internal import Foundation
internal import Synchronization
internal import TraceLedger
internal import TraceProof
internal import TraceReplication

/// The copies that this node keeps of others' ledgers: one ``Mirror`` each, whoever brings the entries, a pull or a push.
final class MirrorTable: Sendable {
    private struct Row {
        let settings: MirrorSettings
        let mirror: Mirror
        /// Takes pushes; `nil` where the node has no cosigner for mirrors.
        let pushed: PushedMirror?
    }

    private let cosigning: MirrorCosigning?
    private let checker: any SignatureChecker
    private let pending: DurableStore?
    private let rows = Mutex<[Row]>([])

    /// A table without a ledger.
    ///
    /// - Parameters:
    ///   - cosigning: the mirror's own key; without it nothing is cosigned and nothing can be pushed here.
    ///   - pending: where the pending checkpoints of pushes are kept.
    init(_ cosigning: MirrorCosigning?, pending: DurableStore?, checker: any SignatureChecker) {
        (self.cosigning, self.pending, self.checker) = (cosigning, pending, checker)
    }

    /// Keeps copies of these ledgers from now on; those that stay as they were are not disturbed.
    func replace(with mirrors: [MirrorSettings]) throws {
        let old = rows.withLock { $0 }
        let new = try mirrors.map { settings in
            try old.first { MirrorTable.isSameCopy($0.settings, settings) } ?? row(settings)
        }
        rows.withLock { $0 = new }
    }

    /// Where a copy is pulled from, and how often, changes nothing about the copy.
    private static func isSameCopy(_ one: MirrorSettings, _ other: MirrorSettings) -> Bool {
        one.directory == other.directory && one.key == other.key && one.depth == other.depth
    }

    private func row(_ settings: MirrorSettings) throws -> Row {
        // Its parent is made here; the copy's own folder is the mirror's.
        let parent = URL(filePath: settings.directory).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        let mirror = Mirror(
            settings.directory,
            key: settings.key,
            depth: settings.depth,
            checker: checker,
            cosigning: cosigning,
            takesPushes: cosigning != nil
        )
        var pushed: PushedMirror?
        if let cosigning, let pending {
            pushed = try PushedMirror(
                mirror,
                origin: settings.origin,
                cosigner: cosigning.key,
                store: pending,
                checker: checker
            )
        }
        return Row(settings: settings, mirror: mirror, pushed: pushed)
    }

    /// The copy of a ledger.
    func mirror(_ settings: MirrorSettings) -> Mirror {
        let found = rows.withLock { rows in rows.first { MirrorTable.isSameCopy($0.settings, settings) }?.mirror }
        // One that is not in the table any more is on its way out.
        return found
            ?? Mirror(
                settings.directory,
                key: settings.key,
                depth: settings.depth,
                checker: checker,
                cosigning: cosigning
            )
    }

    /// The endpoints of tlog-mirror; `nil` where nothing can be pushed here.
    ///
    /// A ledger whose evidence stands from an earlier run is not among them: it is not believed before that is settled. One
    /// that was stopped in this run answers for itself.
    func pushed() async -> PushedMirrors? {
        guard cosigning != nil else { return nil }
        var taken: [PushedMirror] = []
        for row in rows.withLock({ $0 }) {
            guard let pushed = row.pushed else { continue }
            let isStopped = await pushed.stop != nil
            let evidence = await StandingEvidence.find(in: row.settings.directory)
            if isStopped || evidence == nil { taken.append(pushed) }
        }
        return PushedMirrors(taken)
    }

    /// The directory of the copy whose origin has this hash.
    func directory(_ hash: Substring) -> String? {
        guard let wanted = OriginHash(hexadecimal: hash) else { return nil }
        return rows.withLock { rows in rows.first { OriginHash($0.settings.origin) == wanted }?.settings.directory }
    }

    /// The ledgers that are only pushed here, which nobody else tells about.
    var pushedOnly: [(settings: MirrorSettings, pushed: PushedMirror)] {
        rows.withLock { rows in
            rows.compactMap { row in row.settings.urls.isEmpty ? row.pushed.map { (row.settings, $0) } : nil }
        }
    }

    /// What stopped the ledgers that are only pushed here; of the others their pulls tell.
    func alarms() async -> [(origin: String, alarm: MirrorAlarm)] {
        var found: [(origin: String, alarm: MirrorAlarm)] = []
        for (settings, _) in pushedOnly {
            if let alarm = await StandingEvidence.find(in: settings.directory) {
                found.append((settings.origin, alarm))
            }
        }
        return found
    }
}
