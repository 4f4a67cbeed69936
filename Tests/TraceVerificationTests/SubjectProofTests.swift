import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// These entries and no others: the proof, and what an operator who hides one would have to show.
///
/// All notes of ``World`` are about one product; the map root over its eight entries is entry 8.
@Suite struct SubjectProofTests {
    private static let subject = "(01)09521101000007"

    /// A ledger whose operator logged a root, honest or not.
    private struct Logged {
        let world: World
        var tree: MerkleTree
        let root: Statement
        var map: SubjectMap

        init(_ world: World, hiding hidden: Set<UInt64> = [], size: UInt64 = 8, by key: SigningKey? = nil) async throws
        {
            self.world = world
            map = SubjectMap()
            for (index, statement) in world.statements.enumerated() where UInt64(index) < size {
                map.append(hidden.contains(UInt64(index)) ? [] : SubjectMap.subjects(of: statement))
            }
            root = try await Statement.sign(
                kind: .mapRoot,
                payload: map.root().encoded,
                issuer: World.origin,
                subject: World.origin,
                issuedAt: 1_767_225_650,
                chain: ChainLink(sequence: 1, previous: world.statements[0].leafHash),
                with: key ?? world.ledgerKey
            )
            tree = world.tree
            tree.append(root.leafHash)
        }

        /// The proof that says these entries are about `subject` and no others.
        mutating func proof(_ indices: [UInt64], of subject: String = SubjectProofTests.subject) async throws
            -> SubjectProof
        {
            let checkpoint = try await world.cosigned(
                try await SignedCheckpoint.sign(
                    try Checkpoint(origin: World.origin, head: tree.head),
                    signer: world.ledgerKey
                ),
                by: [0, 1]
            )
            return SubjectProof(
                subject: subject,
                checkpoint: checkpoint,
                entries: indices.map { .init(index: $0, statement: world.statements[Int($0)]) },
                mapRoot: .init(index: 8, statement: root),
                proof: map.proof(of: subject),
                inclusion: try InclusionMultiproof.make(indices: indices + [8], treeSize: 9, from: tree).hashes
            )
        }
    }

    private func verdict(_ proof: SubjectProof, _ world: World) throws -> Verdict {
        let decoded = try SubjectProof(decoding: proof.encoded)
        #expect(decoded == proof)
        return try world.anchors("all").verifier().verify(.subjectProof(decoded)).verdict
    }

    @Test func theseEntriesAndNoOthers() async throws {
        let world = try await World()
        var logged = try await Logged(world)
        let proof = try await logged.proof(Array(1...7))
        let report = try world.anchors("all").verifier().verify(.subjectProof(proof))
        #expect(report.verdict == .issuedAndLogged, "\(report.text)")
        let completeness = report.steps.filter { $0.name == "completeness" }.map(\.detail)
        #expect(
            completeness == [
                "these 7 entries are, and no others, about \(Self.subject) among the entries before index 8"
            ]
        )
    }

    @Test func absenceIsProvedToo() async throws {
        let world = try await World()
        var logged = try await Logged(world)
        let absent = "(01)09521101000014"
        #expect(try verdict(try await logged.proof([], of: absent), world) == .issuedAndLogged)
        // Of what is there it is no proof, nor of what is not.
        #expect(try verdict(try await logged.proof([]), world) == .forged)
        #expect(try verdict(try await logged.proof([3], of: absent), world) == .forged)
    }

    @Test func anEntryThatIsLeftOutIsMissed() async throws {
        let world = try await World()
        var logged = try await Logged(world)
        for left in 1...7 as ClosedRange<UInt64> {
            let proof = try await logged.proof((1...7).filter { $0 != left })
            #expect(try verdict(proof, world) == .forged)
        }
    }

    /// An operator who hides an entry has to log a root that does not have it; whoever computes it again sees that.
    @Test func anOperatorWhoHidesAnEntrySignsIt() async throws {
        let world = try await World()
        var logged = try await Logged(world, hiding: [4])
        let proof = try await logged.proof([1, 2, 3, 5, 6, 7])
        let report = try world.anchors("all").verifier().verify(.subjectProof(proof))
        #expect(report.verdict == .issuedAndLogged)
        #expect(report.steps.contains { $0.name == "map" && $0.detail.contains("claims") })
        var honest = try await Logged(world)
        #expect(logged.map.root() != honest.map.root())
    }

    @Test func aMirrorThatComputedTheRootAgainIsNamed() async throws {
        let world = try await World()
        var logged = try await Logged(world)
        var anchors = try world.anchors("all")
        anchors.mirrorKeys = [try world.witnessKey(1)]
        let report = anchors.verifier().verify(.subjectProof(try await logged.proof(Array(1...7))))
        #expect(
            report.steps.contains { $0.name == "map" && $0.detail == "the root was computed again by witness1.example" }
        )
    }

    @Test func onlyTheLedgerSaysWhatItsMapIs() async throws {
        let world = try await World()
        var stranger = try await Logged(world, by: world.strangerKey)
        #expect(try verdict(try await stranger.proof(Array(1...7)), world) == .unknownKey)
        var enterprise = try await Logged(world, by: world.enterpriseKey)
        #expect(try verdict(try await enterprise.proof(Array(1...7)), world) == .unknownKey)
    }

    @Test func whatTheMapDoesNotReachIsSaid() async throws {
        let world = try await World()
        var logged = try await Logged(world, size: 5)
        let report = try world.anchors("all").verifier().verify(.subjectProof(try await logged.proof(Array(1...4))))
        #expect(report.verdict == .issuedAndLogged, "\(report.text)")
        #expect(report.unchecked.contains { $0.contains("before index 5") }, "\(report.text)")
        // An entry beyond it is not in the map.
        #expect(try verdict(try await logged.proof(Array(1...5)), world) == .forged)
    }

    @Test func noBitCanBeFlippedUnnoticed() async throws {
        let world = try await World()
        var logged = try await Logged(world)
        let bytes = try await logged.proof([1, 2, 3, 4, 5, 6, 7]).encoded
        let verifier = try world.anchors("all").verifier()
        for place in bytes.indices {
            var flipped = bytes
            flipped[place] ^= 1 << UInt8(place % 8)
            guard let proof = try? SubjectProof(decoding: flipped) else { continue }
            // A cosigner's name or key may become another's, whom nobody knows.
            #expect(verifier.verify(.subjectProof(proof)).verdict.exitCode != 0, "byte \(place)")
        }
        for length in 0..<bytes.count {
            #expect(throws: FormatError.self) { try SubjectProof(decoding: Array(bytes[..<length])) }
        }
    }

    /// A thief copies the key's last good entry into another ledger, behind an entry of his own.
    @Test func theLastGoodEntryInAnotherLedgerVouchesForNothing() async throws {
        let world = try await World()
        var registry = try await RegistryWorld(world: world)
        let last = world.statements[4]
        let end = try KeyEnd(
            key: world.enterpriseKey.publicKey,
            moment: 1,
            reason: .keyCompromise,
            lastGood: [.init(origin: "elsewhere.example", number: 3, hash: last.leafHash)]
        )
        try await registry.record(try Enrolment(party: RegistryWorld.dairy, .revoke(end)))
        var logged = try await Logged(world)
        let proof = try await logged.proof(Array(1...7))
        let report = try await registry.anchors(world).verifier().verify(.subjectProof(proof))
        #expect(report.verdict == .keyRevoked, "\(report.text)")
        #expect(report.steps.filter { $0.name == "validity" && $0.passed }.count == 1, "only the last good one itself")
    }

    @Test func onlyTheCanonicalSpellingIsAnswered() async throws {
        let world = try await World()
        var logged = try await Logged(world)
        for subject in ["https://id.gs1.org/01/09521101000009", "urn:epc:id:sgtin:9521101.000001.7"] {
            #expect(try verdict(try await logged.proof([], of: subject), world) == .forged, "\(subject)")
        }
    }
}
