import Dispatch
import Foundation
import RawSodium
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// A ledger of a million entries, ten thousand of which, spread over it, are one signer's statements of about 250 bytes.
struct BundleWorld {
    private static let origin = "ledger.example"
    private static let size: UInt64 = 1_000_000
    private static let step: UInt64 = 97

    private let key = SigningKey.generate()
    private let tree: MerkleTree
    private let statements: [Statement]
    private let checkpoint: SignedCheckpoint
    private let anchors: TrustAnchors

    init() async throws {
        var statements: [Statement] = []
        var previous = TreeHash.empty
        for sequence in 0..<UInt64(10_000) {
            let statement = try await Statement.sign(
                kind: .event,
                payload: [UInt8](repeating: 0x5A, count: 62),
                issuer: "9521101000009",
                subject: "(01)09521101001013(10)QS260803A",
                issuedAt: 1_790_000_000 + sequence,
                chain: ChainLink(sequence: sequence, previous: previous),
                with: key
            )
            previous = statement.leafHash
            statements.append(statement)
        }
        self.statements = statements
        tree = MerkleTree(
            leaves: (0..<BundleWorld.size).map { index in
                let place = Int(index / BundleWorld.step)
                return index.isMultiple(of: BundleWorld.step) && place < statements.count
                    ? statements[place].leafHash : TreeHash.leaf(withUnsafeBytes(of: index) { [UInt8]($0) })
            }
        )
        let ledgerKey = SigningKey.generate()
        checkpoint = try await SignedCheckpoint.sign(
            Checkpoint(origin: BundleWorld.origin, head: tree.head),
            signer: ledgerKey
        )
        anchors = TrustAnchors(
            logKeys: [try VerifierKey(name: BundleWorld.origin, type: .ed25519, publicKey: ledgerKey.publicKey)],
            issuerKeys: [.init(issuer: nil, key: key.publicKey)]
        )
    }

    private func bundle(_ count: Int) throws -> EvidenceBundle {
        let places = (0..<count).map { $0 * (statements.count / count) }
        let indices = places.map { UInt64($0) * BundleWorld.step }
        let proof = try InclusionMultiproof.make(indices: indices, treeSize: BundleWorld.size, from: tree)
        let ledger = try EvidenceBundle.Ledger(
            checkpoint: checkpoint,
            entries: zip(indices, places).map { EvidenceBundle.Entry(index: $0, statement: statements[$1]) },
            hashes: proof.hashes
        )
        return try EvidenceBundle(policy: nil, registry: nil, ledgers: [ledger])
    }

    func row(_ count: Int) async throws -> String {
        let bundle = try bundle(count)
        let bytes = bundle.encoded
        let questions = Verifier(anchors: anchors, checker: SodiumSignatureChecker()).signatures(in: bundle)
        let raw = questions.map { (signature: $0.signature.bytes, message: $0.message, key: $0.key.bytes) }
        var (alone, ours, aloneOnAll, oursOnAll) = ([Double](), [Double](), [Double](), [Double]())
        for _ in 0..<7 {
            alone.append(time { for item in raw { check(item) } })
            ours.append(try time { try verify(bytes) })
            aloneOnAll.append(time { forEachPart(of: raw.count) { for place in $0 { check(raw[place]) } } })
            oursOnAll.append(try time { try verifyOnAll(bytes) })
        }
        let proof = bundle.ledgers[0].hashes.count * 34
        return "| \(count) | \(bytes.count / count) | \(proof / count) | \(text(ours)) | \(text(alone)) | "
            + "\(ratio(ours, alone)) | \(text(oursOnAll)) | \(ratio(oursOnAll, aloneOnAll)) |"
    }

    private func verify(_ bytes: [UInt8]) throws {
        let verifier = Verifier(anchors: anchors, checker: SodiumSignatureChecker())
        require(verifier.verify(try EvidenceBundle(decoding: bytes)))
    }

    /// As the program does it: all signatures first, on all cores, then one step after the other.
    private func verifyOnAll(_ bytes: [UInt8]) throws {
        let bundle = try EvidenceBundle(decoding: bytes)
        let sodium = SodiumSignatureChecker()
        let questions = Verifier(anchors: anchors, checker: sodium).signatures(in: bundle)
        let answers = Answers(count: questions.count)
        forEachPart(of: questions.count) { part in
            let found = part.map {
                sodium.admits(questions[$0].signature, for: questions[$0].message, by: questions[$0].key)
            }
            answers.set(found, from: part.lowerBound)
        }
        let known = Dictionary(zip(questions, answers.values)) { first, _ in first }
        require(Verifier(anchors: anchors, checker: Known(answers: known, checker: sodium)).verify(bundle))
    }

    private func require(_ result: BundleReport) {
        guard result.report.verdict == .issuedAndLogged else { fatalError("a good bundle is refused") }
    }
}

private struct Known: SignatureChecker {
    let answers: [SignatureQuestion: Bool]
    let checker: SodiumSignatureChecker

    func admits(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool {
        answers[SignatureQuestion(key: key, signature: signature, message: message)] ?? false
    }
    func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool {
        checker.isValid(signature, for: message, by: key)
    }
    func isValidPoint(_ bytes: [UInt8]) -> Bool { checker.isValidPoint(bytes) }
}

private final class Answers: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var values: [Bool]

    init(count: Int) { values = [Bool](repeating: false, count: count) }

    func set(_ found: [Bool], from start: Int) {
        lock.withLock { values.replaceSubrange(start..<start + found.count, with: found) }
    }
}

private func check(_ item: (signature: [UInt8], message: [UInt8], key: [UInt8])) {
    let result = crypto_sign_verify_detached(item.signature, item.message, UInt64(item.message.count), item.key)
    guard result == 0 else { fatalError("libsodium refuses a good signature") }
}

/// Calls `body` with the parts of `0 ..< count` on all cores.
private func forEachPart(of count: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let parts = min(count, 4 * ProcessInfo.processInfo.activeProcessorCount)
    DispatchQueue.concurrentPerform(iterations: parts) { part in
        body(part * count / parts..<(part + 1) * count / parts)
    }
}

private func time(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    let (seconds, attoseconds) = start.duration(to: .now).components
    return Double(seconds) + Double(attoseconds) / 1e18
}

private func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }

private func text(_ times: [Double]) -> String { String(format: "%.2f ms", median(times) * 1000) }

private func ratio(_ ours: [Double], _ theirs: [Double]) -> String {
    let ratios = zip(ours, theirs).map { $0 / $1 }
    return String(format: "%.2f", median(ratios))
}
