internal import TraceProof

/// Where things are in a ledger directory (formats.md section 4). Everything but `state/` and `private/` is what any
/// static file server may serve.
enum Layout {
    static let information = "ledger.json"
    static let checkpoint = "checkpoint"
    static let rootSignature = "checkpoint.cose"
    static let state = "state"
    static let lock = "state/lock"
    /// The folder of the journal's segments.
    static let journal = "state/journal"
    /// What a crash tore off the journal's end.
    static let tornJournal = "state/journal.cut"
    /// The folder of the index by leaf hash and content, derived.
    static let index = "state/index"
    /// The signers' chains as of some entry, derived.
    static let chains = "state/chains"
    /// The last checkpoint that was signed: never rolled back, and ahead of the public one only within a publication.
    static let signedCheckpoint = "state/checkpoint"
    /// Where the ledger's key file is, so that later commands need not be told.
    static let keyPath = "state/ledger-key"
    /// A rotation of the ledger's key that is under way (``RotationPlan``).
    static let rotation = "state/rotation"
    /// The map of subjects as of the last root that was logged, derived.
    static let map = "state/map"
    /// Which root that was (``MapKeeper``).
    static let mapRoot = "state/map-root"
    /// The registry that decides who may append, and the policy it was verified under (``RegistryAdmission``).
    static let registryPack = "state/registry.pack"
    static let registryPolicy = "state/registry.policy"
    /// Whom to ask before the ledger is opened for writing (``PeerList``).
    static let peers = "state/peers"
    /// Where the directory was when it was last known to be the newest (``DirectoryPlace``).
    static let place = "state/place"
    /// How far the scrub has come (``Scrubber``).
    static let scrub = "state/scrub"
    static let disclosures = "private"
    static let keptCheckpoints = "checkpoints"

    static func keptCheckpoint(_ size: UInt64) -> String { "checkpoints/\(size)" }
    static func keptRootSignature(_ size: UInt64) -> String { "checkpoints/\(size).cose" }
}

/// What bounds a file that is read whole.
enum FileLimit {
    /// A checkpoint with its cosignatures.
    static let checkpoint = SignedNote.maximumByteCount
    /// A COSE root signature.
    static let rootSignature = 4096
    /// A full tile: 256 hashes.
    static let tile = 8192
    /// A full entry bundle of the longest entries.
    static let bundle = 256 * (2 + 65_535)
    /// `ledger.json`.
    static let information = 1 << 20
}
