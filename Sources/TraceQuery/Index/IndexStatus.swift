internal import TraceProof

/// How far an index has come, and where it stands to the ledger.
public struct IndexStatus: Hashable, Sendable {
    /// Entries from 0 up to here are in the index: whatever it answers is complete as of this size.
    public let size: UInt64
    /// The size of the published tree that it is derived from; larger than ``size`` while it catches up.
    public let publishedSize: UInt64
    /// Entries that say that they are events and cannot be read by this version: they are in no answer.
    public let unreadable: UInt64
    /// Why the index was made anew by this ``EventIndex/update()``; `nil` where it was not.
    public let rebuilt: String?

    init(_ origin: IndexOrigin, rebuilt: String? = nil) {
        size = origin.next
        publishedSize = origin.head.size
        unreadable = origin.unreadable
        self.rebuilt = rebuilt
    }
}
