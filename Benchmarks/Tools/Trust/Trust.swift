import Foundation
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// Prints what trust costs: a registry's pack, verdicts under it, the map of subjects.
///
/// usage: swift run --package-path Benchmarks -c release Trust [PARTIES]
@main
struct Trust {
    static func main() async throws {
        let parties = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1000
        try await Packs(parties: parties).print()
        try Maps.print()
    }

    /// The median time of 7 runs, in seconds.
    static func median(_ body: () throws -> Void) rethrows -> Double {
        var times: [Double] = []
        for _ in 0..<7 {
            let start = ContinuousClock.now
            try body()
            times.append((ContinuousClock.now - start) / .seconds(1))
        }
        return times.sorted()[3]
    }

    static func text(_ value: Double, _ digits: Int = 1) -> String { String(format: "%.\(digits)f", value) }
}

/// A registry of many parties, and verdicts under it.
private struct Packs {
    private static let origin = "registry.example/cn"
    private static let checker = SodiumSignatureChecker()

    let parties: Int
    let pack: RegistryPack
    let ledgerKey = SigningKey.generate()
    let authority = SigningKey.generate()
    let enterprise = SigningKey.generate()
    let witness = SigningKey.generate()

    init(parties: Int) async throws {
        self.parties = parties
        let genesis = Genesis(
            origin: Packs.origin,
            ledgerKey: ledgerKey.publicKey,
            created: 1,
            nonce: [UInt8](repeating: 1, count: Genesis.nonceLength)
        )
        var entries = [
            try await Statement.sign(
                kind: .genesis,
                payload: genesis?.encoded ?? [],
                issuer: Packs.origin,
                subject: Packs.origin,
                issuedAt: 1,
                chain: Genesis.link(origin: Packs.origin),
                with: ledgerKey
            )
        ]
        var link = ChainLink(sequence: 0, previous: entries[0].leafHash)
        for number in 0...parties {
            let key = number == 0 ? authority : number == 1 ? enterprise : SigningKey.generate()
            let party = number == 0 ? "gov:authority" : "reg:\(number)"
            let grant = try await KeyGrant.signed(
                registry: Packs.origin,
                party: party,
                from: 1,
                use: .events,
                by: key
            )
            let data = try PartyData(
                names: [
                    .init(language: "zh", text: "第\(number)号乳业有限公司"),
                    .init(language: "en", text: "Dairy No. \(number) Ltd"),
                ],
                prefixes: ["69\(String(format: "%07d", number))"],
                roles: [PartyData.Role(rawValue: 1)]
            )
            let statement = try await Statement.sign(
                kind: .enrolment,
                payload: try Enrolment(party: party, .enrol(data, [grant])).encoded,
                issuer: "gov:authority",
                subject: party,
                issuedAt: 2,
                chain: link,
                with: authority
            )
            link = ChainLink(sequence: link.sequence + 1, previous: statement.leafHash)
            entries.append(statement)
        }
        pack = try RegistryPack(
            checkpoint: try await Packs.checkpoint(Packs.origin, entries.map(\.leafHash), ledgerKey, witness),
            entries: entries.map(\.encoded)
        )
    }

    private static func checkpoint(
        _ origin: String,
        _ leaves: [Digest],
        _ key: SigningKey,
        _ witness: SigningKey
    ) async throws -> SignedCheckpoint {
        let head = MerkleTree(leaves: leaves).head
        let signed = try await SignedCheckpoint.sign(try Checkpoint(origin: origin, head: head), signer: key)
        return try signed.adding([
            try await Cosignature.sign(signed.note.text, name: "witness.example", time: 10, signer: witness)
        ])
    }

    /// What a verifier pins.
    private func policy(_ ledger: SigningKey) throws -> TrustPolicy {
        var policy = TrustPolicy()
        try policy.addLog(key: try VerifierKey(name: Packs.origin, type: .ed25519, publicKey: ledgerKey.publicKey))
        try policy.addLog(key: try VerifierKey(name: "ledger.example", type: .ed25519, publicKey: ledger.publicKey))
        let name = try TrustPolicy.Token("w")
        try policy.addWitness(
            name,
            key: try VerifierKey(name: "witness.example", type: .cosignature, publicKey: witness.publicKey)
        )
        try policy.setQuorum(name)
        return policy
    }

    func print() async throws {
        let ledger = SigningKey.generate()
        var anchors = TrustAnchors(policy: try policy(ledger))
        let bytes = pack.encoded
        Swift.print("A registry of \(parties) parties with one key each:")
        Swift.print("- pack: \(bytes.count) bytes, \(bytes.count / parties) a party")
        let verifier = Verifier(anchors: anchors, checker: Packs.checker)
        let seconds = try Trust.median {
            guard verifier.registry(of: try RegistryPack(decoding: bytes)).registry != nil else {
                throw CancellationError()
            }
        }
        Swift.print(
            "- decoded and verified, 2 signatures a party: \(Trust.text(seconds * 1e6 / Double(parties))) us a party"
        )
        anchors.registry = verifier.registry(of: pack).registry

        let statement = try await Statement.sign(
            kind: .note,
            payload: [UInt8](repeating: 7, count: 120),
            issuer: "reg:1",
            subject: "(01)09506000134352",
            issuedAt: 5,
            chain: ChainLink(sequence: 9, previous: TreeHash.empty),
            with: enterprise
        )
        var leaves = (0..<100_000).map { TreeHash.leaf([UInt8($0 & 255), UInt8($0 >> 8 & 255), UInt8($0 >> 16)]) }
        leaves[777] = statement.leafHash
        let tree = MerkleTree(leaves: leaves)
        let proof = try TLogProof(
            extra: statement.encoded,
            index: 777,
            path: try InclusionProof.make(index: 777, treeSize: tree.size, from: tree).path,
            checkpoint: try await Packs.checkpoint("ledger.example", leaves, ledger, witness)
        ).bytes
        let warm = Verifier(anchors: anchors, checker: Packs.checker)
        let raw = try await rawSignatures()
        let verdict = try Trust.median {
            for _ in 0..<200 {
                guard warm.verify(try Evidence(decoding: proof)).verdict == .issuedAndLogged else {
                    throw CancellationError()
                }
            }
        }
        Swift.print(
            "- verdicts on tlog-proofs with a warm pack, 3 signatures each: \(Int(200 / verdict)) a second on one core, "
                + "\(Trust.text(verdict / raw, 2)) of libsodium's time for three signatures"
        )
    }

    /// The time of 600 signature checks alone.
    private func rawSignatures() async throws -> Double {
        let message = [UInt8](repeating: 3, count: 250)
        let signature = enterprise.signature(for: message)
        return Trust.median {
            for _ in 0..<600 { _ = Packs.checker.isValid(signature, for: message, by: enterprise.publicKey) }
        }
    }
}

/// The map of subjects.
private enum Maps {
    static func print() throws {
        Swift.print(
            "\nThe map of subjects, 3 new subjects and one of 100 standing ones an entry, a root every 4,096 entries or a 16th:\n"
        )
        Swift.print("| entries | subjects | us an entry | siblings of a proof | verified |")
        Swift.print("|---|---|---|---|---|")
        for count in [10_000, 100_000, 1_000_000] {
            var map = SubjectMap()
            var last = 0
            let start = ContinuousClock.now
            for index in 0..<count {
                map.append(["a\(index)", "b\(index)", "c\(index)", "lot\(index % 100)"])
                if index - last >= max(4096, last / 16) {
                    last = index
                    _ = map.root()
                }
            }
            let root = map.root()
            let each = (ContinuousClock.now - start) / .microseconds(1) / Double(count)
            let indices = stride(from: UInt64(7), to: UInt64(count), by: 100).map { $0 }
            let proof = map.proof(of: "lot7")
            let single = map.proof(of: "a77")
            let time = try Trust.median {
                for _ in 0..<1000 {
                    try single.verify(
                        key: SubjectMap.key(of: "a77"),
                        value: SubjectMap.value(of: [77]),
                        root: root.root
                    )
                }
            }
            try proof.verify(key: SubjectMap.key(of: "lot7"), value: SubjectMap.value(of: indices), root: root.root)
            Swift.print(
                "| \(count) | \(root.subjects) | \(Trust.text(each, 2)) | \(single.siblings.count) | \(Trust.text(time * 1e3)) us |"
            )
        }
    }
}
