internal import TraceProof
internal import TraceStatements

/// Moves what the sequencer knows of recent entries into the index on disk, and the signers' chains with it, off the commit
/// path.
actor Indexer {
    private let parts: Ledger.Parts
    private let sequencer: Sequencer
    private let executor = QueueExecutor("traceledger.indexer")

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(_ parts: Ledger.Parts, sequencer: Sequencer) { (self.parts, self.sequencer) = (parts, sequencer) }

    /// Indexes what stands beyond the index, where that is at least `count` entries.
    func flush(atLeast count: UInt64) async {
        guard (try? parts.gate.enter()) != nil else { return }
        defer { parts.gate.leave() }
        guard let taken = await sequencer.takeRecent(atLeast: count) else { return }
        do {
            try parts.index.add(taken.records, upTo: taken.end)
            // After the run: chains may stand behind the index, and are then read on from the entries.
            let snapshot = ChainSnapshot(chains: taken.chains, end: taken.end)
            try parts.write(snapshot.encoded(), Layout.chains, mode: 0o600)
        } catch { _ = parts.gate.close(.file(error)) }
        await sequencer.forgetIndexed()
    }
}
