public import TraceProof
internal import TraceStatements
public import TraceVerification

extension LedgerReader {
    /// The proof that these entries are about `subject` and no others, up to where the ledger's last logged map root says so.
    ///
    /// Reads every entry, and computes the map again: what the ledger says of itself is checked before it is handed on.
    /// - Parameter subject: as in the map: a canonical element string, or the URI of what is not GS1.
    /// - Throws: ``LedgerError/notFound(_:)`` where no root was logged below the checkpoint; ``LedgerError/untrusted(path:reason:)``
    ///   where the logged root is not that of the entries.
    public func subjectProof(
        of subject: String,
        at checkpoint: SignedCheckpoint,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) async throws -> SubjectProof {
        let head = checkpoint.checkpoint.head
        guard let (index, statement, logged) = try await lastMapRoot(in: 0..<head.size, of: head) else {
            throw noMapRoot(head)
        }
        var map = SubjectMap()
        var found: [SubjectProof.Entry] = []
        try await forEachEntry(in: 0..<logged.size, of: head) { index, bytes in
            let statement = try? Statement(decoding: bytes)
            let subjects = statement.map(SubjectMap.subjects) ?? []
            map.append(subjects)
            if let statement, subjects.contains(where: { $0.hasSameUTF8(as: subject) }) {
                found.append(SubjectProof.Entry(index: index, statement: statement))
            }
            progress(index + 1, logged.size)
        }
        guard map.root() == logged else {
            throw LedgerError.untrusted(
                path: "\(source.name), entry \(index)",
                reason: "the map root is not that of the entries before index \(logged.size)"
            )
        }
        return try await subjectProof(
            subject,
            checkpoint,
            entries: found,
            mapRoot: SubjectProof.Entry(index: index, statement: statement),
            map.proof(of: subject)
        )
    }

    /// The proof of these parts, with what shows that the entries and the root are in the tree.
    func subjectProof(
        _ subject: String,
        _ checkpoint: SignedCheckpoint,
        entries: [SubjectProof.Entry],
        mapRoot: SubjectProof.Entry,
        _ proof: SparseMerkleProof
    ) async throws -> SubjectProof {
        let inclusion = try await multiproof(
            of: (entries + [mapRoot]).map { ($0.index, $0.statement.leafHash) },
            in: checkpoint.checkpoint.head
        )
        return SubjectProof(
            subject: subject,
            checkpoint: checkpoint,
            entries: entries,
            mapRoot: mapRoot,
            proof: proof,
            inclusion: inclusion.hashes
        )
    }

    /// Nothing shows yet that entries are all there are.
    func noMapRoot(_ head: TreeHead) -> LedgerError {
        .notFound(
            "\(source.name): no map root is logged below size \(head.size), so nothing shows that entries are all there "
                + "are; its operator logs one with `traceledger checkpoint DIR --map-root`"
        )
    }

    /// The last map root among these entries, looked for from the end.
    func lastMapRoot(in range: Range<UInt64>, of head: TreeHead) async throws -> (UInt64, Statement, MapRoot)? {
        var end = range.upperBound
        while end > range.lowerBound {
            let start = max(range.lowerBound, (end - 1) & ~255)
            var found: (UInt64, Statement, MapRoot)?
            try await forEachEntry(in: start..<end, of: head) { index, bytes in
                guard MapCheck.mayBeRoot(bytes[...]), let statement = try? Statement(decoding: bytes),
                    let root = MapRoot(of: statement, origin: key.name), root.size <= index
                else { return }
                found = (index, statement, root)
            }
            if let found { return found }
            end = start
        }
        return nil
    }
}
