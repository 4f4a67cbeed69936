internal import Synchronization
internal import TraceProof
internal import TraceStatements

/// Which entry has a leaf hash or a content: the part of the index that is on disk, in runs of which a few large ones stand
/// for the old entries and some small ones for the newer. Derived: whatever is missing or wrong is made again.
///
/// Newer entries than the runs cover are in the sequencer's own table.
final class EntryIndex: Sendable {
    /// The runs at one moment.
    typealias Snapshot = [IndexRun]

    /// So many runs of about a size become one.
    private static let fanIn = 4

    let directory: String
    private let folders: DurableFolders
    private let system: any FileSystem
    let entries: EntryFiles
    private let runs: Mutex<[IndexRun]>

    /// Opens the index in `directory`, which is made when it is needed, for a ledger of `size` entries.
    init(_ directory: String, size: UInt64, entries: EntryFiles, in folders: DurableFolders) throws(FileError) {
        let system = folders.system
        (self.directory, self.folders, self.system, self.entries) = (directory, folders, system, entries)
        var found: [IndexRun] = []
        for name in try DurableFiles.list(directory, on: system) where !name.hasSuffix(DurableFiles.temporary) {
            if let run = try IndexRun("\(directory)/\(name)", on: system) { found.append(run) }
        }
        // Where a crash left a merged run beside its parts, the longest one that begins somewhere is taken.
        found.sort { ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound) }
        var chain: [IndexRun] = []
        for run in found where run.range.lowerBound == chain.last?.range.upperBound ?? 0 { chain.append(run) }
        if chain.last.map({ $0.range.upperBound > size }) ?? false { chain = [] }
        for run in found where !chain.contains(where: { $0.range == run.range }) {
            try DurableFiles.remove(run.path, on: system)
        }
        runs = Mutex(chain)
    }

    func snapshot() -> Snapshot { runs.withLock { $0 } }

    /// How many entries the runs cover.
    var covered: UInt64 { runs.withLock { $0.last?.range.upperBound ?? 0 } }

    /// Puts into a candidate what the runs say of it.
    func look(for candidate: inout Candidate, in runs: Snapshot) throws(FileError) {
        candidate.indexed = runs.last?.range.upperBound ?? 0
        for run in runs where candidate.standingLeaf == nil {
            candidate.standingLeaf = try find(candidate.leaf, in: run) { $0.leaf == candidate.leaf }?.standing
        }
        guard let content = candidate.content else { return }
        for run in runs where candidate.standingContent == nil {
            candidate.standingContent = try find(content, in: run) { $0.content == content }?.standing
        }
    }

    /// The first entry with this content.
    func standing(content: Digest) throws(FileError) -> Standing? {
        for run in snapshot() {
            if let found = try find(content, in: run, where: { $0.content == content }) { return found.standing }
        }
        return nil
    }

    /// The first activation of the item with this digest.
    func firstOpening(_ item: Digest) throws(FileError) -> UInt64? {
        for run in snapshot() {
            if let found = try find(item, in: run, where: { $0.opening == item }) { return found.standing.index }
        }
        return nil
    }

    /// The entry with this leaf hash.
    func entry(leaf: Digest, in runs: Snapshot) throws(FileError) -> EntryFiles.Entry? {
        for run in runs {
            if let found = try find(leaf, in: run, where: { $0.leaf == leaf }) { return found.entry }
        }
        return nil
    }

    private func find(
        _ digest: Digest,
        in run: IndexRun,
        where matches: (EntryFiles.Entry) -> Bool
    ) throws(FileError) -> (standing: Standing, entry: EntryFiles.Entry)? {
        for index in run.indices(of: digest.firstWord) {
            guard run.range.contains(index) else {
                throw FileError("read", run.path, detail: "damaged: remove it, and it is made again from the entries")
            }
            let entry = try entries.required(index)
            if matches(entry) { return (Standing(index: index, leafHash: entry.leaf), entry) }
        }
        return nil
    }

    /// Writes the records of the entries behind the runs as a run, and merges runs where there are too many of a size.
    func add(_ records: [IndexRecord], upTo end: UInt64) throws(FileError) {
        let first = covered
        guard end > first else { return }
        try folders.make(directory, mode: 0o700)
        var writer = try IndexRunWriter(first..<end, count: records.count, in: directory, on: system)
        for record in records.sorted() { try writer.append(record) }
        guard let run = try writer.finish() else { return }
        runs.withLock { $0.append(run) }
        while try mergeOnce() {}
    }

    /// Merges the last runs, if the last few are of about one size.
    private func mergeOnce() throws(FileError) -> Bool {
        let last = Array(snapshot().suffix(EntryIndex.fanIn))
        guard last.count == EntryIndex.fanIn, last[0].recordCount <= EntryIndex.fanIn * last[3].recordCount,
            let merged = try merge(last)
        else { return false }
        runs.withLock { $0.replaceSubrange(($0.count - last.count)..., with: [merged]) }
        for part in last { try DurableFiles.remove(part.path, on: system) }
        return true
    }

    private func merge(_ parts: [IndexRun]) throws(FileError) -> IndexRun? {
        guard let first = parts.first?.range.lowerBound, let end = parts.last?.range.upperBound else { return nil }
        let count = parts.reduce(0) { $0 + $1.recordCount }
        var writer = try IndexRunWriter(first..<end, count: count, in: directory, on: system)
        var positions = [Int](repeating: 0, count: parts.count)
        while true {
            var least: (part: Int, record: IndexRecord)?
            for (part, run) in parts.enumerated() where positions[part] < run.recordCount {
                let record = run.record(positions[part])
                if least.map({ record < $0.record }) ?? true { least = (part, record) }
            }
            guard let least else { return try writer.finish() }
            positions[least.part] += 1
            try writer.append(least.record)
        }
    }
}
