public import TraceProof

/// How deep a check goes (goals.md, Signatures): the same three words everywhere.
public enum CheckDepth: String, Sendable, CaseIterable {
    /// Hashes only, up to the signed root.
    case tree
    /// And every chain link, with one signature per signing key at the end of its chain.
    case chains
    /// And each entry's own signature.
    case statements
}

/// What a check of a whole ledger found.
public struct FsckReport: Sendable {
    /// Something that is wrong: in which file, at which entry, and why.
    public struct Finding: Sendable, Equatable {
        /// The path below the ledger.
        public let file: String
        /// The entry, where one is concerned.
        public let index: UInt64?
        /// What is wrong.
        public let reason: String
    }

    /// More findings than this are counted and not kept: a ledger of another key would fill the memory.
    public static let maximumFindings = 1000

    /// The size of the published tree.
    public internal(set) var size: UInt64 = 0
    /// The root that the ledger signed; `nil` where there is no readable checkpoint.
    public internal(set) var root: Digest?
    /// How deep it went.
    public let depth: CheckDepth
    /// What is wrong, in the order it was met; at most ``maximumFindings``.
    public private(set) var findings: [Finding] = []
    /// How many findings there were in all.
    public private(set) var findingCount = 0

    /// The files that findings name, and kept checkpoints of which only the root signature stands, all of them up to ``maximumFiles``: what a repair goes by.
    private(set) var files: Set<String> = []
    /// The most files that are remembered.
    static let maximumFiles = 100_000

    static let otherPartial = "the partial file of a published size is not what the entries give"

    /// Whether nothing is wrong.
    public var isSound: Bool { findingCount == 0 }

    /// Told of each finding at once.
    private let found: (@Sendable (Finding) -> Void)?

    init(depth: CheckDepth, found: (@Sendable (Finding) -> Void)? = nil) {
        self.depth = depth
        self.found = found
    }

    /// A kept checkpoint that is not there, while its root signature is. A writer that thinned its checkpoints and was cut off
    /// leaves that, so it is nothing wrong; a repair brings it back where somebody has it.
    mutating func noteThinned(_ file: String) {
        if files.count < FsckReport.maximumFiles { files.insert(file) }
    }

    mutating func note(_ file: String, _ index: UInt64? = nil, _ reason: String) {
        findingCount += 1
        if files.count < FsckReport.maximumFiles { files.insert(file) }
        let finding = Finding(file: file, index: index, reason: reason)
        found?(finding)
        if findings.count < FsckReport.maximumFindings { findings.append(finding) }
    }
}
