internal import EPCIS
internal import GRDB
internal import TraceLedger
internal import TraceProof

extension EventIndex {
    /// Brings the index up to the published checkpoint, and says how far it has come.
    ///
    /// Entries are read, proved under the checkpoint and indexed in batches of a transaction each, so that an update which is
    /// cut off anywhere goes on where it was. The index is made anew where the ledger does not continue what it is derived
    /// from, that is, where the ledger is another, was rolled back, or has another root at that size; where the file is torn;
    /// and where it is of another version. Calls that overlap follow one another.
    ///
    /// - Throws: `LedgerError` where the ledger cannot be read or does not prove its entries, ``IndexError`` where the file
    ///   cannot be written, `CancellationError` between two batches.
    @discardableResult
    public func update() async throws -> IndexStatus {
        try await turn {
            let reader = reader
            let head = try await reader.checkpoint().checkpoint.head
            guard head.size > 0 else { throw LedgerError.notFound("\(reader.source.name): there is no entry") }
            let genesis = try await reader.genesis()
            var rebuilt = defect
            if rebuilt == nil { rebuilt = try await disagreement(with: head, genesis, reader) }
            if rebuilt != nil { try makeAnew() }
            do {
                let origin = try await advance(to: head, genesis, reader)
                return IndexStatus(origin, rebuilt: rebuilt)
            } catch IndexError.damaged(_, let reason) where rebuilt == nil {
                // Torn where only writing looks.
                try makeAnew()
                return IndexStatus(try await advance(to: head, genesis, reader), rebuilt: reason)
            }
        }
    }

    /// How far the index has come, without a look at the ledger; `nil` for an empty one.
    public func status() async throws -> IndexStatus? {
        let origin = try await using { try await $0.read { try IndexOrigin.read($0) } }
        return origin.map { IndexStatus($0) }
    }

    /// Why what is indexed is not of the published ledger; nil where it is, or where there is nothing yet.
    private func disagreement(with head: TreeHead, _ genesis: Digest, _ reader: LedgerReader) async throws -> String? {
        let found: IndexOrigin?
        do { found = try await using { try await $0.read { try IndexOrigin.read($0) } } } catch IndexError.damaged(
            _,
            let reason
        ) { return reason }
        guard let found else { return nil }
        guard found.name.hasSameUTF8(as: reader.key.name), found.genesis == genesis else {
            return "it was derived from another ledger"
        }
        guard found.head.size <= head.size else {
            return "it was derived from \(found.head.size) entries, and the ledger has \(head.size)"
        }
        let other = "it was derived from a tree that the ledger does not continue"
        guard found.head.size < head.size else { return found.head.root == head.root ? nil : other }
        do { _ = try await reader.consistencyProof(from: found.head, to: head) } catch LedgerError.corrupt {
            return other
        }
        return nil
    }

    /// Indexes what is missing up to `head`.
    private func advance(to head: TreeHead, _ genesis: Digest, _ reader: LedgerReader) async throws -> IndexOrigin {
        let limits = limits
        return try await using { store in
            var origin = IndexOrigin(name: reader.key.name, genesis: genesis, head: head, next: 0, unreadable: 0)
            if let found = try await store.read({ try IndexOrigin.read($0) }) {
                (origin.next, origin.unreadable) = (found.next, found.unreadable)
                if found == origin, found.next == head.size { return found }
            }
            var batch = try await RowBatch.read(from: origin.next, of: head, reader, limits)
            repeat {
                try Task.checkCancellation()
                origin.next = batch.end
                origin.unreadable += batch.unreadable
                let (done, rows, end) = (origin, batch.rows, batch.end)
                // One core decodes the next batch while the other writes this one.
                async let ahead = RowBatch.read(from: end, of: head, reader, limits)
                try await store.write { db in
                    var writer = try RowWriter(db)
                    for row in rows { try writer.write(row) }
                    try writer.finish()
                    try done.write(db)
                }
                batch = try await ahead
            } while origin.next < head.size
            return origin
        }
    }
}

/// The rows of a stretch of entries: what one transaction takes in.
private struct RowBatch: Sendable {
    var rows: [EventRow] = []
    var unreadable: UInt64 = 0
    /// The first entry behind the stretch.
    var end: UInt64

    /// The rows of entries from `start` on, bundle by bundle, each proved to be in the tree.
    static func read(
        from start: UInt64,
        of head: TreeHead,
        _ reader: LedgerReader,
        _ limits: IndexLimits
    ) async throws -> RowBatch {
        var batch = RowBatch(end: start)
        var names = 0
        let last = min(head.size, start.addingReportingOverflow(limits.batchEntries).partialValue)
        while batch.end < last, names < limits.batchNames {
            let bundleEnd = min(last, ((batch.end >> 8) + 1) << 8)
            try await reader.forEachEntry(in: batch.end..<bundleEnd, of: head) { index, entry in
                guard names < limits.batchNames else { return }
                do {
                    if let row = try EventRow(index: index, entry: entry) {
                        names += row.objects.count
                        batch.rows.append(row)
                    }
                } catch { batch.unreadable += 1 }
                batch.end = index + 1
            }
        }
        return batch
    }
}
