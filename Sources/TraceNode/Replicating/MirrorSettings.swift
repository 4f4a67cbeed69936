public import TraceLedger
public import TraceProof

/// One ledger that this node mirrors, as it is configured.
public struct MirrorSettings: Hashable, Sendable {
    /// The ledger's key; its name is the origin. Where the ledger handed over to another key, the mirror follows.
    public var key: VerifierKey
    /// Where the ledger is: its own URL, whose checkpoint decides, then others that have the same files.
    public var urls: [String]
    /// How much of each entry is checked before it is taken over.
    public var depth: CheckDepth
    /// How often the ledger is asked for a newer checkpoint.
    public var interval: Duration
    /// The directory of the copy.
    public var directory: String

    /// A mirror with these settings.
    public init(key: VerifierKey, urls: [String], depth: CheckDepth, interval: Duration, directory: String) {
        (self.key, self.urls, self.depth) = (key, urls, depth)
        (self.interval, self.directory) = (interval, directory)
    }

    /// The ledger's origin.
    public var origin: String { key.name }
}

/// Why a set of mirrors cannot be run. Nothing was changed.
public struct MirrorSettingsError: Error, CustomStringConvertible, Sendable {
    /// What is wrong, and the remedy.
    public let description: String

    /// Refuses a set in which two would be in each other's way, or one has nowhere to copy from.
    static func check(_ mirrors: [MirrorSettings], _ source: (String) throws -> any LedgerSource) throws {
        var (origins, directories): (Set<String>, Set<String>) = ([], [])
        for mirror in mirrors {
            guard origins.insert(mirror.origin).inserted else {
                throw MirrorSettingsError("\(mirror.origin) is to be mirrored twice: name all its URLs in one entry")
            }
            guard directories.insert(mirror.directory).inserted else {
                throw MirrorSettingsError(
                    "two mirrors are to be kept in \(mirror.directory): give each its own directory"
                )
            }
            guard !mirror.urls.isEmpty else {
                throw MirrorSettingsError("\(mirror.origin) has no URL to be mirrored from: name one")
            }
            guard mirror.interval > .zero else {
                throw MirrorSettingsError("\(mirror.origin): the interval must be more than nothing")
            }
            for url in mirror.urls { _ = try source(url) }
        }
    }

    private init(_ description: String) { self.description = description }
}
