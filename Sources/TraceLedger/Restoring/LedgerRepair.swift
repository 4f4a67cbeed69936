public import TraceProof

/// Checks a ledger's directory, mends it out of mirrors and backups, and checks it again.
public enum LedgerRepair {
    /// What was found, what was done about it, and what is found now.
    public struct Result: Sendable {
        /// The check before.
        public let before: FsckReport
        /// What was put back.
        public let repair: RepairReport
        /// The check afterwards; the one before where there was nothing to do.
        public let after: FsckReport
    }

    /// Repairs the ledger in `directory`: files that a check names are restored where a source has bytes that lead to a
    /// root that the ledger signed, and a directory that is behind a source is brought up to the highest head that any of
    /// them shows, `state/` included, so that its owner can append again.
    ///
    /// - Throws: ``MirrorStop`` where a source shows a head that the directory's own does not lead to;
    ///   ``LedgerError`` where another writer holds the directory, or nothing can be proved.
    public static func run(
        _ directory: String,
        from sources: [any LedgerSource],
        key: VerifierKey,
        depth: CheckDepth,
        checker: any SignatureChecker,
        progress: @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) async throws -> Result {
        let lock = try DirectoryLock(directory)
        let own = DirectorySource(directory)
        let before = await Fsck.run(own, key: key, depth: depth, checker: checker, progress: progress)
        var copies: [LedgerCopy] = []
        for source in sources { copies.append(await LedgerCopy(source, key: key, checker: checker)) }
        let held = try await HeldCheckpoint.find(directory, key: key, checker: checker)
        var repair = RepairReport()
        var found = before
        // What is mended may let the next check see further: without a checkpoint it cannot even begin.
        for _ in 0..<maximumRounds {
            guard let held, !found.isSound else { break }
            let standing = repair.restoredCount
            repair.forgetFailures()
            try await mend(directory, held, found, copies, key, checker, &repair)
            if repair.restoredCount == standing { break }
            found = await Fsck.run(own, key: key, depth: depth, checker: checker, progress: progress)
        }
        let ahead = copies.filter { isAhead($0, of: held) }.sorted { size($0) > size($1) }
        if !ahead.isEmpty {
            let mirror = Mirror(directory, key: key, depth: depth, checker: checker, lock: lock)
            let others = copies.filter { !isAhead($0, of: held) }
            let outcome = try await mirror.update(from: (ahead + others).map(\.source), progress: progress)
            if case .advanced(let from, let to) = outcome { repair.broughtUp = (from, to.size) }
            repair.setAside = await mirror.setAside
        }
        if repair.broughtUp != nil {
            found = await Fsck.run(own, key: key, depth: depth, checker: checker, progress: progress)
        }
        withExtendedLifetime(lock) {}
        return Result(before: before, repair: repair, after: found)
    }

    /// The checkpoint, then what it lets the check see, then what the check did not remember of very many findings.
    private static let maximumRounds = 8

    private static func size(_ copy: LedgerCopy) -> UInt64 { copy.checkpoint?.checkpoint.head.size ?? 0 }

    /// Whether a source shows what the directory does not hold: a larger tree, or another one, which the mirror names.
    private static func isAhead(_ copy: LedgerCopy, of held: SignedCheckpoint?) -> Bool {
        guard let head = copy.checkpoint?.checkpoint.head else { return false }
        let own = held?.checkpoint.head ?? .empty
        return head.size > own.size || (head.size == own.size && head != own)
    }

    private static func mend(
        _ directory: String,
        _ held: SignedCheckpoint,
        _ found: FsckReport,
        _ copies: [LedgerCopy],
        _ key: VerifierKey,
        _ checker: any SignatureChecker,
        _ report: inout RepairReport
    ) async throws {
        let own = await LedgerCopy(DirectorySource(directory), key: key, checker: checker)
        var repair = try await Repair(
            directory,
            to: held.checkpoint.head,
            copies: [own] + copies,
            key: key,
            checker: checker
        )
        repair.report = report
        try await repair.restore(found.files)
        try restoreState(directory, held, found, &repair.report)
        report = repair.report
    }

    /// The writer's last signed checkpoint, where it is damaged and the journal says that nothing was signed beyond.
    private static func restoreState(
        _ directory: String,
        _ held: SignedCheckpoint,
        _ found: FsckReport,
        _ report: inout RepairReport
    ) throws {
        let size = held.checkpoint.head.size
        let journal = "\(directory)/\(Layout.journal)"
        if found.files.contains(Layout.signedCheckpoint) {
            do throws(FileError) {
                _ = try Journal.read(journal, published: size, on: POSIXFileSystem())
                // The journal replays to the entries that were signed, if any beyond these were: no second history can come
                // of it. Durable before the ledger is opened, which reads it first of all.
                try DurableFiles.write(held.bytes, to: "\(directory)/\(Layout.signedCheckpoint)", mode: 0o600)
                report.noteRestored(Layout.signedCheckpoint, from: directory)
            } catch { report.noteFailed(Layout.signedCheckpoint, "the journal does not go with it: \(error)") }
        }
        if found.files.contains(Layout.journal) {
            report.noteFailed(
                Layout.journal,
                "it may hold entries that were acknowledged and not published, which nobody else has: restore it from a "
                    + "backup, or move it away if there were none"
            )
        }
    }
}
