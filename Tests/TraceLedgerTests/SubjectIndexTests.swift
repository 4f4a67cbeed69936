import Testing
import TraceLedger
import TraceProof
import TraceStatements
import TraceVerification

/// Proofs of completeness without reading the whole ledger each time: the same as those that do.
@Suite struct SubjectIndexTests {
    private static let subject = "(01)09521101000007"

    private func whole(_ world: LedgerWorld, of subject: String = subject) async throws -> SubjectProof {
        let reader = try world.reader()
        return try await reader.subjectProof(of: subject, at: try await reader.checkpoint())
    }

    @Test func itProvesWhatTheWholeLedgerProvesAsThatGrows() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        let index = SubjectIndex(limit: 100)
        for number in 0..<4 {
            _ = try await ledger.append(try await world.notes((0..<5).map { "\(number) \($0)" }, in: ledger))
            if number != 2 { try await ledger.logMapRoot() } else { _ = try await ledger.publish() }
            for subject in [Self.subject, "(01)09521101000014"] {
                let proof = try await index.proof(of: subject, in: try world.reader())
                #expect(try await whole(world, of: subject) == proof, "\(number): \(subject)")
            }
        }
        let proof = try await index.proof(of: Self.subject, in: try world.reader())
        #expect(proof.entries.count == 20)
        #expect(try SubjectProof(decoding: proof.encoded) == proof)
    }

    @Test func withoutARootThereIsNoProofAndWithOneLaterThereIs() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        _ = try await ledger.append(try await world.notes(["a"], in: ledger), until: .published)
        let index = SubjectIndex(limit: 100)
        await #expect(throws: LedgerError.self) { try await index.proof(of: Self.subject, in: try world.reader()) }
        try await ledger.logMapRoot()
        #expect(try await index.proof(of: Self.subject, in: try world.reader()).entries.count == 1)
    }

    @Test func aLedgerWithTooManySubjectsOrEntriesIsRefused() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        _ = try await ledger.append(try await world.notes((0..<300).map { "\($0)" }, in: ledger))
        try await ledger.logMapRoot()
        let small = SubjectIndex(limit: 0)
        for _ in 0..<2 {
            await #expect(throws: SubjectIndexError.self) {
                try await small.proof(of: Self.subject, in: try world.reader())
            }
        }
        let index = SubjectIndex(limit: 100)
        await #expect(throws: SubjectIndexError.self) {
            try await index.proof(of: Self.subject, in: try world.reader())
        }
        #expect(try await index.proof(of: "(01)09521101000014", in: try world.reader()).entries.isEmpty)
    }

    @Test func aRootThatTheEntriesDoNotGiveProvesNothing() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        _ = try await ledger.append(try await world.notes(["a", "b"], in: ledger))
        let statement = try await world.wrongMapRoot(in: ledger)
        _ = try await ledger.append([statement], until: .published)
        let index = SubjectIndex(limit: 100)
        for _ in 0..<2 {
            await #expect(throws: LedgerError.self) { try await index.proof(of: Self.subject, in: try world.reader()) }
        }
    }

    @Test func manyAskAtOnce() async throws {
        let world = try LedgerWorld()
        let ledger = try await world.create()
        let index = SubjectIndex(limit: 100)
        _ = try await ledger.append(try await world.notes((0..<40).map { "\($0)" }, in: ledger))
        try await ledger.logMapRoot()
        let reader = try world.reader()
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await index.proof(of: Self.subject, in: reader).entries.count } }
            var counts: Set<Int> = []
            for try await count in group { counts.insert(count) }
            return counts
        }
        #expect(counts == [40])
    }
}
