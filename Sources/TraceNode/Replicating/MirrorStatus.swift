public import TraceLedger
public import TraceProof

/// How a mirror is doing, as of one instant.
public struct MirrorStatus: Sendable {
    /// What is configured.
    public let settings: MirrorSettings
    /// The head that the copy shows; `nil` where it holds nothing yet.
    public internal(set) var held: TreeHead?
    /// The size that the ledger showed last, under its signature.
    public internal(set) var shownSize: UInt64?
    /// How many entries of that are copied and proved by the update that is under way; `nil` while there is none.
    public internal(set) var copied: UInt64?
    /// When an update last ended well, in seconds since 1970.
    public internal(set) var lastSuccess: UInt64?
    /// When an update last began.
    public internal(set) var lastAttempt: UInt64?
    /// Why the last update failed, and the remedy; `nil` where it did not.
    public internal(set) var failure: String?
    /// How many updates failed since the last that did not.
    public internal(set) var failuresInARow = 0
    /// Why the mirror stopped for good; `nil` where it goes on.
    public internal(set) var alarm: MirrorAlarm?
    /// Bytes that were fetched since the node started, without headers, decompressed.
    public internal(set) var bytesFetched: UInt64 = 0

    init(_ settings: MirrorSettings) { self.settings = settings }

    /// The ledger's origin.
    public var origin: String { settings.origin }

    /// How many entries the copy is behind what the ledger showed last; `nil` where that is not known.
    public var lag: UInt64? {
        guard let shownSize else { return nil }
        let held = held?.size ?? 0
        return shownSize > held ? shownSize - held : 0
    }
}

/// A contradiction between what a ledger signed and what it showed later. Its mirror does not move any more, and goes on
/// serving what it had verified.
///
/// It stands as long as the evidence lies in `evidence/` of the mirror's directory, also when the node is started again: a
/// ledger that forked once is not believed because it stopped showing the fork. Whoever has settled it with the ledger's
/// owner moves the evidence elsewhere; the mirror then goes on with the next request to update, or a reload.
public struct MirrorAlarm: Hashable, Sendable {
    /// What kind of contradiction.
    public let kind: MirrorStop.Kind
    /// Which source, and what contradicts what.
    public let reason: String
    /// The directory with both checkpoints and what proves the contradiction.
    public let evidence: String
}

extension MirrorAlarm: CustomStringConvertible {
    /// What is wrong, and the remedy.
    public var description: String {
        "\(reason); the evidence is in \(evidence): settle it with the ledger's owner, show it to others who follow the "
            + "ledger, and move it elsewhere before this mirror is to go on"
    }
}
