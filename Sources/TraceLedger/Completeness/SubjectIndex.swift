internal import TraceProof
internal import TraceStatements
public import TraceVerification

/// The map of a ledger's subjects as of the last root that the ledger logged, kept in memory with the places of each, so that
/// a proof of completeness does not read the whole ledger as ``LedgerReader/subjectProof(of:at:progress:)`` does.
///
/// ```swift
/// let index = SubjectIndex(limit: 1_000_000)
/// let proof = try await index.proof(of: "(01)09506000134352(21)K7Q2M9", in: reader)
/// ```
/// It follows the published checkpoint: every entry is read once, and what the ledger logged of itself is computed again
/// before anything is handed on. Some 200 bytes a subject; nothing of it is on disk, so the first question after a start is
/// answered when the ledger was read (``SubjectIndexError/catchingUp(size:of:)`` until then).
public actor SubjectIndex {
    /// Where the entries about subjects stand, by the first word of a subject's key: whoever is found there by chance is left
    /// out when its entry is read.
    private struct Places {
        /// Most have one.
        var first: [UInt64: UInt64] = [:]
        /// The others, no more than anybody is shown.
        var later: [UInt64: [UInt64]] = [:]

        mutating func append(_ index: UInt64, _ word: UInt64) {
            if first[word] == nil {
                first[word] = index
            } else if later[word, default: []].count < SubjectIndex.maximumEntries {
                later[word, default: []].append(index)
            }
        }

        func indices(_ word: UInt64) -> [UInt64] { first[word].map { [$0] + (later[word] ?? []) } ?? [] }
    }

    /// The last logged root, and where it stands.
    private typealias Root = (index: UInt64, statement: Statement, root: MapRoot)

    /// The most subjects that are kept in memory.
    public nonisolated let limit: Int

    private var map = SubjectMap()
    private var places = Places()
    private var last: Root?
    /// Roots were looked for below this entry.
    private var searched: UInt64 = 0
    private var running: Task<Void, any Error>?
    /// Why the last reading failed, at which size: it is not tried again before there is more to read.
    private var failure: (error: any Error, size: UInt64)?
    private let executor = QueueExecutor("traceledger.subjects")

    /// A thread of its own: reading a ledger must not keep others from theirs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// An index of nothing yet, for a ledger of at most `limit` subjects.
    public init(limit: Int) { self.limit = limit }

    /// So many entries are read while somebody waits; more are read behind their back.
    private static let patience: UInt64 = 8192
    /// The most entries of one proof.
    public static let maximumEntries = 256

    /// The proof that these entries are about `subject` and no others, up to where the last logged map root says so.
    ///
    /// - Parameter subject: as in the map: a canonical element string, or the URI of what is not GS1.
    /// - Throws: ``SubjectIndexError``; ``LedgerError/notFound(_:)`` where no root was logged;
    ///   ``LedgerError/untrusted(path:reason:)`` where the logged root is not that of the entries.
    public func proof(of subject: String, in reader: LedgerReader) async throws -> SubjectProof {
        let checkpoint = try await reader.checkpoint()
        let head = checkpoint.checkpoint.head
        try await update(to: head, in: reader)
        guard let last, last.index < head.size else { throw reader.noMapRoot(head) }
        let indices = places.indices(SubjectMap.key(of: subject).firstWord)
        guard indices.count <= SubjectIndex.maximumEntries else {
            throw SubjectIndexError.tooManyEntries(subject)
        }
        let proof = map.proof(of: subject)
        var found: [SubjectProof.Entry] = []
        for index in indices {
            let statement = try? Statement(decoding: try await reader.entry(index, in: head).bytes)
            guard let statement, SubjectMap.subjects(of: statement).contains(where: { $0.hasSameUTF8(as: subject) })
            else { continue }
            found.append(SubjectProof.Entry(index: index, statement: statement))
        }
        return try await reader.subjectProof(
            subject,
            checkpoint,
            entries: found,
            mapRoot: SubjectProof.Entry(index: last.index, statement: last.statement),
            proof
        )
    }

    // MARK: Following

    private func update(to head: TreeHead, in reader: LedgerReader) async throws {
        // Little work is waited for; whoever comes while much is done hears how far it is.
        if let running {
            if isFar(head) { throw SubjectIndexError.catchingUp(size: map.size, of: head.size) }
            try await running.value
        }
        if let failure, head.size <= failure.size { throw failure.error }
        if case SubjectIndexError.tooManySubjects(let limit)? = failure?.error {
            throw SubjectIndexError.tooManySubjects(limit)
        }
        guard head.size > searched, running == nil else { return }
        let task = Task { try await self.follow(head, in: reader) }
        running = task
        if isFar(head) { throw SubjectIndexError.catchingUp(size: map.size, of: head.size) }
        try await task.value
    }

    private func isFar(_ head: TreeHead) -> Bool { head.size - min(head.size, searched) > SubjectIndex.patience }

    private func follow(_ head: TreeHead, in reader: LedgerReader) async throws {
        defer { running = nil }
        guard let found = try await reader.lastMapRoot(in: searched..<head.size, of: head) else {
            searched = head.size
            return
        }
        var (map, places) = (map, places)
        (self.map, self.places) = (SubjectMap(), Places())  // One copy of them at a time.
        do {
            let limit = limit
            try await reader.forEachEntry(in: map.size..<max(map.size, found.2.size), of: head) { index, bytes in
                let subjects = (try? Statement(decoding: bytes)).map(SubjectMap.subjects) ?? []
                map.append(subjects)
                for subject in subjects {
                    places.append(index, SubjectMap.key(of: subject).firstWord)
                }
                guard places.first.count <= limit else { throw SubjectIndexError.tooManySubjects(limit) }
            }
            guard map.root() == found.2 else {
                throw LedgerError.untrusted(
                    path: "\(reader.source.name), entry \(found.0)",
                    reason: "the map root is not that of the entries before index \(found.2.size)"
                )
            }
        } catch {
            // What was read so far is as of no root: the next one begins anew.
            (last, searched, failure) = (nil, 0, error is CancellationError ? nil : (error, head.size))
            throw error
        }
        (self.map, self.places, last, searched, failure) = (map, places, found, head.size, nil)
    }
}

/// Why an index of subjects has no answer.
public enum SubjectIndexError: Error, Sendable {
    /// The ledger is being read: so many entries of so many.
    case catchingUp(size: UInt64, of: UInt64)
    /// The ledger has more subjects than may be kept in memory.
    case tooManySubjects(Int)
    /// More entries are about the subject than go into one proof.
    case tooManyEntries(String)
}

extension SubjectIndexError: CustomStringConvertible {
    /// What is wrong, and the remedy.
    public var description: String {
        switch self {
        case .catchingUp(_, let size): "the ledger's \(size) entries are being read: ask again"
        case .tooManySubjects(let limit):
            "the ledger has more than the \(limit) subjects that are kept in memory: raise `limits.subjects`, or make the "
                + "proof with `traceledger prove --subject`"
        case .tooManyEntries(let subject):
            "more than \(SubjectIndex.maximumEntries) entries are about \(subject): make the proof with `traceledger prove --subject`"
        }
    }
}
