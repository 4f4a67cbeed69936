extension Ledger {
    /// When a ledger logs the root of its map of subjects by itself: after so many entries, or after so many seconds where
    /// there was a root before; in a large ledger the distance is at least a sixteenth of its size.
    public struct MapRootCadence: Hashable, Sendable {
        /// The least number of entries between two roots.
        public var entries: UInt64
        /// The most seconds between two roots, where anything was appended.
        public var seconds: UInt64

        /// A root every `entries` or every `seconds`.
        public init(entries: UInt64 = 4096, seconds: UInt64 = 3600) {
            (self.entries, self.seconds) = (entries, seconds)
        }
    }

    /// Logs the root of the map of subjects over all that is committed, so that proofs of completeness reach up to here
    /// (Docs/Trust.md, "Are these all").
    ///
    /// - Returns: the entry that holds it, published; `nil` where nothing was appended since the last root.
    @discardableResult
    public func logMapRoot() async throws -> Appended? { try await mapKeeper.log(in: self) }

    /// Logs a root where one is due.
    func logMapRootIfDue(_ size: UInt64) async {
        // What went wrong closed the writer, or is told to whoever asks for the next publication.
        if await mapKeeper.isDue(size) { _ = try? await mapKeeper.log(in: self) }
    }

    /// Lets a root be logged behind a publication, where one is due.
    func scheduleMapRoot(_ size: UInt64) {
        guard let cadence = parts.configuration.mapRoots, size >= cadence.entries, parts.mapCadence.schedule(now: true)
        else { return }
        Task { [weak self, cadence = parts.mapCadence] in
            await self?.logMapRootIfDue(size)
            cadence.done(now: true)
        }
    }
}
