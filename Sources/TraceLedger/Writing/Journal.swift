internal import TraceProof

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The commit path: entries are acknowledged when they stand here, and leave when they are durable in tiles.
///
/// `state/journal/` holds segments (``JournalSegment``) named by the index of their first entry, and spare files for the next
/// ones. A writer begins with a segment of its own, made at its first commit, and never writes into one that an earlier
/// writer left: whatever a crash tore stays behind, and is removed with its segment when everything in it is published.
///
/// What cannot be told: the last group of all, whole and acknowledged, and damaged later, looks like a torn one. Up to the
/// last signed checkpoint the ledger notices, since entries are missing; beyond it, that is for at most the entries of one
/// group that were committed and never published, only `state/journal.cut` is left to tell.
struct Journal: ~Copyable, Sendable {
    /// So many files that were released are kept for the next segments.
    private static let maximumSpares = 4
    private static let spare = ".spare"
    /// The most bytes that a segment may have when it is read: what bounds the allocation.
    private static let maximumLength = 1 << 32

    private let directory: String
    private let system: any FileSystem
    private var segment: JournalSegment?
    private var capacity: Int
    private let maximumCapacity: Int
    /// The segments that stand, oldest first, with the index behind their last entry once another one follows.
    private var standing: [(path: String, end: UInt64)]
    private var spares: [String]
    private let nonce: @Sendable () -> UInt64
    private var buffer: [UInt8] = []
    /// The index that the next entry gets.
    private(set) var next: UInt64

    /// The journal in `directory` behind what was read there.
    init(
        _ directory: String,
        contents: Contents,
        limits: Ledger.Limits,
        nonce: @escaping @Sendable () -> UInt64,
        on system: any FileSystem
    ) {
        (self.directory, self.nonce, self.system) = (directory, nonce, system)
        (capacity, maximumCapacity) = (limits.firstSegment, limits.longestSegment)
        (standing, spares) = (contents.segments, contents.spares)
        next = contents.next
    }

    /// Commits `entries` as one group: when this returns they survive a power cut, with the indices from ``next`` on.
    mutating func commit(_ entries: [[UInt8]], leaves: [Digest]) throws(FileError) {
        let length = JournalGroup.length(of: entries)
        if segment?.fits(length) != true { try begin(length) }
        try segment?.commit(entries, leaves: leaves, first: next, buffer: &buffer)
        next += UInt64(entries.count)
    }

    /// Begins the next segment, long enough for a group of `length` bytes.
    private mutating func begin(_ length: Int) throws(FileError) {
        let path = "\(directory)/\(next)"
        if let last = standing.indices.last { standing[last].end = next }
        let spare = length + JournalSegment.headerLength <= capacity ? spares.popLast() : nil
        segment = try JournalSegment.create(
            path,
            base: next,
            epoch: nonce(),
            capacity: max(capacity, length + JournalSegment.headerLength),
            spare: spare,
            on: system
        )
        capacity = min(capacity * 4, maximumCapacity)
        // One of an earlier writer in which nothing stood whole: this one took its place.
        standing.removeAll { $0.path == path }
        standing.append((path, .max))
    }

    /// Lets go of the segments in which everything is published. Durability of a removal is never relied on: what comes
    /// back is read, found to be published, and removed again.
    mutating func release(upTo size: UInt64) throws(FileError) {
        while let oldest = standing.first, oldest.end <= size {
            if spares.count < Journal.maximumSpares, segment != nil {
                let spare = oldest.path + Journal.spare
                try DurableFiles.rename(oldest.path, to: spare, on: system)
                spares.append(spare)
            } else {
                try DurableFiles.remove(oldest.path, on: system)
            }
            standing.removeFirst()
        }
    }

    /// Removes what is published, the current segment too: a ledger at rest has an empty journal.
    mutating func close(published size: UInt64) throws(FileError) {
        if let last = standing.indices.last { standing[last].end = next }
        segment = nil
        try release(upTo: size)
        for spare in spares { try DurableFiles.remove(spare, on: system) }
        spares = []
    }
}

extension Journal {
    /// What stood in a journal when it was read.
    struct Contents: Sendable {
        /// The entries behind the published ones, in groups as they were committed.
        var groups: [(first: UInt64, entries: [[UInt8]], leaves: [Digest])] = []
        /// The index of the first entry in the oldest segment, published or not; ``next`` where there is none.
        var base: UInt64
        /// The index behind the last entry.
        var next: UInt64
        /// The segments, oldest first, with the index behind their last entry.
        var segments: [(path: String, end: UInt64)] = []
        /// The segments that hold more than what is published, with the lengths of what is whole in them.
        var unpublished: [(path: String, length: Int)] = []
        /// Files that were released and not used again.
        var spares: [String] = []
        /// What a crash tore, if anything.
        var torn: [UInt8]?
    }

    /// Reads the journal behind `size` published entries and changes nothing.
    ///
    /// What is read may be in memory only (``Contents/makeDurable(on:)``).
    static func read(_ directory: String, published size: UInt64, on system: any FileSystem) throws(FileError)
        -> Contents
    {
        guard DurableFiles.exists(directory, on: system) else {
            throw FileError(
                "read",
                directory,
                detail: "the journal is missing: restore state/ from a backup or a mirror"
            )
        }
        let files = try DurableFiles.list(directory, on: system)
        let names = files.compactMap { UInt64($0) }.sorted()
        var contents = Contents(base: names.first ?? size, next: names.first ?? size)
        contents.spares = files.filter { $0.hasSuffix(spare) }.map { "\(directory)/\($0)" }
        for name in names {
            let path = "\(directory)/\(name)"
            guard let bytes = try DurableFiles.read(path, limit: maximumLength, on: system) else { continue }
            let segment = try JournalSegment.read(bytes, path, wanted: size)
            guard segment.base == name, name == contents.next || (name > contents.next && name <= size) else {
                throw FileError(
                    "read",
                    path,
                    detail: "it begins at entry \(segment.base), and entry \(contents.next) comes next: the segment "
                        + "between is missing; restore state/journal from a backup, or the ledger from a mirror"
                )
            }
            contents.next = segment.end
            contents.segments.append((path, segment.end))
            if segment.end > size { contents.unpublished.append((path, segment.length)) }
            contents.groups += segment.groups.map { ($0.first, $0.entries, $0.leaves) }
            contents.torn = segment.torn ?? contents.torn
        }
        guard contents.base <= size, contents.next >= size else {
            throw FileError(
                "read",
                directory,
                detail: "it holds entries \(contents.base) to \(contents.next), and \(size) are published: "
                    + "restore state/ from a backup, or the ledger from a mirror"
            )
        }
        return contents
    }
}

extension Journal.Contents {
    /// Makes what is not published yet durable, before anything is signed on top of it: where an fdatasync failed, or the
    /// process was killed in front of it, the page cache may show groups that are not on the device, and after a failure the
    /// pages count as clean. So the same bytes are written once more to where they are.
    func makeDurable(on system: any FileSystem) throws(FileError) {
        for (path, length) in unpublished {
            guard let file = try Descriptor.open(path, O_RDWR, on: system) else { continue }
            try file.write(try file.read(length, at: 0))
            try file.synchronizeData()
        }
    }
}
