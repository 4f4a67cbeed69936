extension Ledger {
    /// The sizes at which the writer does what it does now and then; tests make them small.
    struct Limits: Sendable {
        /// So many entries that the index on disk does not cover are moved into it.
        var unindexed: UInt64 = 1 << 16
        /// At rest fewer: opening a ledger reads what the index does not cover.
        var unindexedAtRest: UInt64 = 512
        /// The bytes of a writer's first journal segment and of its longest: a command appends a handful, a server never
        /// stops.
        var firstSegment = 1 << 16
        var longestSegment = 1 << 24
        /// A publication of more files than these waits for one sync of the file system.
        var filesOneByOne = DurableBatch.few
        /// So many bytes that wait for their publication let it begin at once; four times as many hold commits back.
        var unpublishedBytes = 16 << 20
    }
}
