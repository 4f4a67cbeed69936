/// What bounds the work of an index. Tests make it small, so that a small ledger meets every limit.
package struct IndexLimits: Hashable, Sendable {
    /// The most entries and the most names of objects of one transaction, so that no ledger makes one large.
    package var batchEntries: UInt64 = 8192
    package var batchNames = 65_536
    /// The most events that an index of the file leads to which are fetched and sorted, in a large ledger.
    package var candidates = 20_000
    /// How many events one page goes through, and how many of them at a time.
    package var scanned = 131_072
    package var stretch = 8192
    /// The most bytes of entries a page; one event always fits.
    package var pageBytes: Int64 = 4 << 20

    package init() {}
}
