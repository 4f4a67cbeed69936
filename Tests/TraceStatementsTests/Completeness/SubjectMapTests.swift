import EPCIS
import EPCISJSON
import GS1
import TestSupport
import Testing
import TraceProof
import TraceSigning
import TraceStatements

/// The map from what entries are about to where they stand.
@Suite struct SubjectMapTests {
    private static func statement(_ event: String, subject: String = "(01)09506000134352") async throws -> Statement {
        let document = try EPCISDocument(json: Array(event.utf8))
        return try await Statement.sign(
            kind: .event,
            payload: try document.events[0].event.payload(),
            issuer: "9521101000009",
            subject: subject,
            issuedAt: 1_767_225_600,
            chain: ChainLink(sequence: 1, previous: TreeHash.empty),
            with: try SigningKey(seed: [UInt8](repeating: 1, count: SigningKey.seedByteCount))
        )
    }

    @Test func anEventIsAboutItsObjectsTheirClassesAndProducts() async throws {
        let statement = try await Self.statement(
            """
            {"type": "AggregationEvent", "eventTime": "2026-03-01T08:00:00Z", "eventTimeZoneOffset": "+00:00",
             "action": "ADD", "parentID": "urn:epc:id:sscc:9521101.1234567890",
             "childEPCs": ["urn:epc:id:sgtin:9506000.013435.7", "urn:epc:id:sgtin:9506000.013435.8"],
             "childQuantityList": [{"epcClass": "urn:epc:class:lgtin:9506000.013435.ABC", "quantity": 10}]}
            """
        )
        #expect(
            SubjectMap.subjects(of: statement) == [
                "(01)09506000134352", "(00)195211012345678902", "(01)09506000134352(21)7", "(01)09506000134352(21)8",
                "(01)09506000134352(10)ABC",
            ]
        )
    }

    @Test func aLotsInstanceIsAlsoItsLotAndItsProduct() {
        let names = SubjectMap.names(of: Identifier("(01)09506000134352(10)ABC(21)7"))
        #expect(names == ["(01)09506000134352(10)ABC(21)7", "(01)09506000134352(10)ABC", "(01)09506000134352"])
        #expect(SubjectMap.names(of: Identifier("urn:x:thing")) == ["urn:x:thing"])
    }

    /// Against a dictionary of lists.
    @Test func anyMapProvesWhatIsThereAndWhatIsNot() throws {
        forAll(40) { generator in
            var map = SubjectMap()
            var model: [String: [UInt64]] = [:]
            for index in 0..<UInt64.random(in: 0...60, using: &generator) {
                let subjects = (0..<12).filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }.map { "s\($0)" }
                map.append(subjects)
                for subject in subjects { model[subject, default: []].append(index) }
            }
            let root = map.root()
            try check(root.subjects == UInt64(model.count), "subjects")
            for subject in (0..<14).map({ "s\($0)" }) {
                let key = SubjectMap.key(of: subject)
                let list = model[subject] ?? []
                let proof = map.proof(of: subject)
                try proof.verify(key: key, value: SubjectMap.value(of: list), root: root.root)
                // One entry too few, one too many.
                for wrong in [Array(list.dropLast()), list + [1000]] where wrong != list {
                    let value = SubjectMap.value(of: wrong)
                    try check((try? proof.verify(key: key, value: value, root: root.root)) == nil, "\(wrong)")
                }
            }
            var kept = try SubjectMap(decoding: map.encoded)
            try check(kept.root() == root, "what is kept comes back")
        }
    }

    @Test func aMapRootComesBackAsItWas() throws {
        let root = MapRoot(size: 41, root: TreeHash.leaf([1]), subjects: 7)
        #expect(try MapRoot(decoding: root.encoded) == root)
        for length in 0..<root.encoded.count {
            #expect(throws: FormatError.self) { try MapRoot(decoding: Array(root.encoded[..<length])) }
        }
        #expect(throws: FormatError.self) {
            try MapRoot(decoding: MapRoot(size: .max, root: root.root, subjects: 0).encoded)
        }
    }
}
