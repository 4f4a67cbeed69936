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
        progress: @escaping @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) async throws -> Result {
        let lock = try DirectoryLock(directory)
        let own = DirectorySource(directory)
        let keys = await keys(of: [own] + sources, key, checker)
        let before = await Fsck.run(own, keys: keys, depth: depth, checker: checker, progress: progress)
        var copies: [LedgerCopy] = []
        for source in sources { copies.append(await LedgerCopy(source, keys: keys, checker: checker)) }
        var run = RepairRun(
            directory: directory,
            keys: keys,
            depth: depth,
            checker: checker,
            lock: lock,
            copies: copies,
            progress: progress,
            found: before
        )
        try await run.mend()
        // What was beyond repair at the old size may be mended at the new one.
        if try await run.bringUp() { try await run.mend() }
        return Result(before: before, repair: run.report, after: run.found)
    }

    /// What became of the ledger's key, by whoever of the sources can prove the most of it: the directory may be older than
    /// a rotation, or have lost what proves it.
    private static func keys(
        of sources: [any LedgerSource],
        _ key: VerifierKey,
        _ checker: any SignatureChecker
    ) async -> LedgerKeys {
        var best = LedgerKeys(current: key)
        for source in sources {
            let found = try? await LedgerReader(source, key: key, checker: checker).following().keys
            if let found, found.earlier.count > best.earlier.count { best = found }
        }
        return best
    }
}
