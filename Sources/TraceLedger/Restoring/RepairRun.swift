internal import TraceProof

/// One run of ``LedgerRepair``: rounds of mending what the last check found and checking again, and the bringing up of a
/// directory that is behind.
struct RepairRun {
    let directory: String
    let keys: LedgerKeys
    let depth: CheckDepth
    let checker: any SignatureChecker
    /// Held to the end: no writer comes in between.
    let lock: DirectoryLock
    let copies: [LedgerCopy]
    let progress: @Sendable (UInt64, UInt64) -> Void
    /// What the last check found.
    var found: FsckReport
    private(set) var report = RepairReport()

    /// The checkpoint first, then what it lets the check see, then what the check did not remember of very many findings.
    private static let maximumRounds = 8

    init(
        directory: String,
        keys: LedgerKeys,
        depth: CheckDepth,
        checker: any SignatureChecker,
        lock: DirectoryLock,
        copies: [LedgerCopy],
        progress: @escaping @Sendable (UInt64, UInt64) -> Void,
        found: FsckReport
    ) {
        (self.directory, self.keys, self.depth, self.checker, self.lock) = (directory, keys, depth, checker, lock)
        (self.copies, self.progress, self.found) = (copies, progress, found)
    }

    private func held() async throws -> SignedCheckpoint? {
        try await HeldCheckpoint.find(directory, keys: keys, checker: checker)
    }

    private mutating func check() async {
        let source = DirectorySource(directory)
        found = await Fsck.run(source, keys: keys, depth: depth, checker: checker, progress: progress)
    }

    /// Mends and checks until nothing is wrong or nothing more can be done, at the size that the directory holds.
    mutating func mend() async throws {
        guard let held = try await held() else { return }
        for _ in 0..<RepairRun.maximumRounds {
            let standing = report.restoredCount
            report.forgetFailures()
            if !found.files.isEmpty { try await restoreFiles(held) }
            try restoreState(held)
            if report.restoredCount == standing { return }
            await check()
            if found.isSound { return }
        }
    }

    private mutating func restoreFiles(_ held: SignedCheckpoint) async throws {
        let own = await LedgerCopy(DirectorySource(directory), keys: keys, checker: checker)
        let repair = try await Repair(
            directory,
            to: held.checkpoint.head,
            copies: [own] + copies,
            keys: keys,
            checker: checker,
            report: report
        )
        guard var repair else {
            return report.noteFailed(
                Layout.checkpoint,
                "neither here nor in a source is the right edge of the tree of \(held.checkpoint.head.size) entries, so "
                    + "nothing can be proved to belong to it; name another source with --repair-from"
            )
        }
        try await repair.restore(found.files)
        report = repair.report
    }

    // MARK: The writer's state

    /// The writer's last signed checkpoint, where it is damaged or gone and the journal says that nothing else was signed.
    private mutating func restoreState(_ held: SignedCheckpoint) throws {
        let state = WriterState(directory: directory)
        guard state.isThere else { return }
        let isGone = !DurableFiles.exists("\(directory)/\(Layout.signedCheckpoint)")
        if isGone || found.files.contains(Layout.signedCheckpoint) {
            do throws(LedgerError) {
                try state.restore(to: held)
                report.noteRestored(Layout.signedCheckpoint, from: directory)
            } catch { report.noteFailed(Layout.signedCheckpoint, "the journal does not go with it: \(error)") }
        }
        for file in found.files where file.hasPrefix(Layout.journal) {
            report.noteFailed(
                file,
                "it may hold entries that were acknowledged and not published, which nobody else has: restore it from a "
                    + "backup, or move it away if there were none"
            )
        }
    }

    // MARK: Bringing up

    /// Brings the directory up to the highest head that a source shows; whether there was one.
    mutating func bringUp() async throws -> Bool {
        let own = try await held()?.checkpoint.head ?? .empty
        let ahead = copies.filter { isAhead($0, of: own) }.sorted { size($0) > size($1) }
        if ahead.isEmpty { return false }
        let others = copies.filter { !isAhead($0, of: own) }
        let mirror = Mirror(directory, keys: keys, depth: depth, checker: checker, lock: lock)
        let outcome = try await mirror.update(from: (ahead + others).map(\.source), progress: progress)
        if case .advanced(let from, let to) = outcome { report.broughtUp = (from, to.size) }
        report.setAside = await mirror.setAside
        await check()
        return true
    }

    private func size(_ copy: LedgerCopy) -> UInt64 { copy.checkpoint?.checkpoint.head.size ?? 0 }

    /// Whether a source shows what the directory does not hold: a larger tree, or another one, which the mirror names.
    private func isAhead(_ copy: LedgerCopy, of own: TreeHead) -> Bool {
        guard let head = copy.checkpoint?.checkpoint.head else { return false }
        return head.size > own.size || (head.size == own.size && head != own)
    }
}
