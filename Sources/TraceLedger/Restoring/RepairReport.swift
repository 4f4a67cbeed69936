/// What a repair put back and what it could not.
public struct RepairReport: Sendable {
    /// A file that holds the right bytes again.
    public struct Restored: Sendable, Equatable {
        /// The path below the ledger.
        public let file: String
        /// Where its bytes come from: the name of a source, or of the directory itself where they follow from other files.
        public let source: String
    }

    /// A file that is still wrong, and why.
    public struct Failed: Sendable, Equatable {
        /// The path below the ledger.
        public let file: String
        /// Why, and what would help.
        public let reason: String
    }

    /// More files than this are counted and not listed.
    public static let maximumFiles = 1000

    /// The files that were restored, in the order of their restoration; at most ``maximumFiles``.
    public private(set) var restored: [Restored] = []
    /// How many files were restored in all.
    public private(set) var restoredCount = 0
    /// The files that could not be restored; at most ``maximumFiles``.
    public private(set) var failed: [Failed] = []
    /// How many could not be restored in all.
    public private(set) var failedCount = 0
    /// The size from which and to which the directory was brought up, where a source was ahead of it.
    public internal(set) var broughtUp: (from: UInt64, to: UInt64)?
    /// Where a journal that the restored state superseded is kept.
    public internal(set) var setAside: String?

    mutating func noteRestored(_ file: String, from source: String) {
        restoredCount += 1
        if restored.count < RepairReport.maximumFiles { restored.append(Restored(file: file, source: source)) }
    }

    /// What failed is tried again.
    mutating func forgetFailures() { (failed, failedCount) = ([], 0) }

    mutating func noteFailed(_ file: String, _ reason: String) {
        failedCount += 1
        if failed.count < RepairReport.maximumFiles { failed.append(Failed(file: file, reason: reason)) }
    }
}
