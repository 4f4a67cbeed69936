internal import TraceProof
internal import TraceStatements

/// Computes the map of subjects again from the entries and compares the roots that the ledger logged (kind 65006).
///
/// The ledger's own bytes decide it, so a wrong root is a finding for `fsck` and stops a mirror. The map is in memory, some
/// 150 bytes a subject, and only for a ledger that logs roots.
struct MapCheck: Sendable {
    /// A logged root that does not hold.
    struct Wrong: Sendable {
        let index: UInt64
        let reason: String
        let entry: [UInt8]
    }

    private var map = SubjectMap()
    private let origin: String

    /// Before the first entry of the ledger with this origin.
    init(origin: String) { self.origin = origin }

    /// The kind, where the header of every statement of ours has it: behind the algorithm, as `3: 65006`.
    private static let kind: [UInt8] = [0x03, 0x19, 0xFD, 0xEE]

    /// Whether an entry may be a map root: looked at before it is read, since hardly any is.
    static func mayBeRoot(_ entry: ArraySlice<UInt8>) -> Bool {
        // Tag, array, the head of the protected header (2 or 3 bytes), its map, and the algorithm.
        for offset in [7, 8] where entry.count > offset + kind.count {
            let start = entry.startIndex + offset
            if entry[start] == kind[0], entry[start..<start + kind.count].elementsEqual(kind) { return true }
        }
        return false
    }

    /// Checks the entries at `indices`, which may be roots and ascend; entries are read from where the map stands.
    ///
    /// - Returns: those that do not hold.
    mutating func check(_ indices: [UInt64], in reader: LedgerReader, of head: TreeHead) async throws -> [Wrong] {
        var wrong: [Wrong] = []
        for index in indices {
            let bytes = try await reader.entry(index, in: head).bytes
            guard let statement = try? Statement(decoding: bytes), statement.header.kind == .mapRoot else { continue }
            guard let logged = MapRoot(of: statement, origin: origin), logged.size <= index else {
                wrong.append(
                    Wrong(index: index, reason: "not a map root of \(origin) over entries before it", entry: bytes)
                )
                continue
            }
            guard logged.size >= map.size else {
                let reason = "the map root is as of size \(logged.size), and one before it as of \(map.size)"
                wrong.append(Wrong(index: index, reason: reason, entry: bytes))
                continue
            }
            try await advance(to: logged.size, in: reader, of: head)
            let computed = map.root()
            if computed != logged {
                let reason =
                    "the map root is \(logged.root) over \(logged.subjects) subjects, and the entries before index "
                    + "\(logged.size) give \(computed.root) over \(computed.subjects)"
                wrong.append(Wrong(index: index, reason: reason, entry: bytes))
            }
        }
        return wrong
    }

    private mutating func advance(to size: UInt64, in reader: LedgerReader, of head: TreeHead) async throws {
        var map = map
        if size > map.size {
            self.map = SubjectMap()  // One copy of it at a time.
            try await reader.forEachEntry(in: map.size..<size, of: head) { _, entry in map.append(entry) }
        }
        self.map = map
    }
}
