import CSodium
import Foundation
import TestSupport
import Testing
import TraceProof

/// libsodium's verdicts, as `TraceSigning` gives them to users.
struct NoteTestChecker: SignatureChecker {
    func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool {
        unsafe crypto_sign_verify_detached(signature.bytes, message, UInt64(message.count), key.bytes) == 0
    }

    func isValidPoint(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.count == 32 && crypto_core_ed25519_is_valid_point(bytes) == 1
    }
}

/// The key whose seed is 32 times one byte.
struct NoteTestSigner: Signer {
    let publicKey: PublicKey
    private let secretKey: [UInt8]

    init(seed: UInt8) throws {
        var publicBytes = [UInt8](repeating: 0, count: 32)
        var secretBytes = [UInt8](repeating: 0, count: 64)
        let seed = [UInt8](repeating: seed, count: 32)
        try #require(unsafe crypto_sign_seed_keypair(&publicBytes, &secretBytes, seed) == 0)
        publicKey = try #require(PublicKey(publicBytes))
        secretKey = secretBytes
    }

    func signature(for message: [UInt8]) async throws -> Signature { try sign(message) }

    func sign(_ message: [UInt8]) throws -> Signature {
        var bytes = [UInt8](repeating: 0, count: 64)
        try #require(unsafe crypto_sign_detached(&bytes, nil, message, UInt64(message.count), secretKey) == 0)
        return try #require(Signature(bytes))
    }

    func cosign(_ noteText: [UInt8], name: String, time: UInt64) throws -> NoteSignature {
        let signature = try sign(Cosignature.message(time: time, noteText: noteText))
        return try NoteSignature(
            name: name,
            keyID: VerifierKey(name: name, type: .cosignature, publicKey: publicKey).keyID,
            bytes: Cosignature(time: time, signature: signature).bytes
        )
    }
}

/// A small made-up world with fixed keys: a log with two entries and three witnesses.
struct NoteWorld {
    static let origin = "ledger.example/factory"
    static let entries = [Array("first".utf8), Array("second".utf8)]

    let log: NoteTestSigner
    let witnesses: [NoteTestSigner]
    let logKey: VerifierKey
    let witnessKeys: [VerifierKey]
    let checkpoint: Checkpoint

    init() throws {
        log = try NoteTestSigner(seed: 1)
        witnesses = try (2...4).map { try NoteTestSigner(seed: $0) }
        logKey = try VerifierKey(name: NoteWorld.origin, type: .ed25519, publicKey: log.publicKey)
        witnessKeys = try witnesses.enumerated().map { place, signer in
            try VerifierKey(name: NoteWorld.witnessName(place), type: .cosignature, publicKey: signer.publicKey)
        }
        let leaves = NoteWorld.entries.map { TreeHash.leaf($0) }
        checkpoint = try Checkpoint(
            origin: NoteWorld.origin,
            head: TreeHead(size: 2, root: TreeHash.node(leaves[0], leaves[1]))
        )
    }

    static func witnessName(_ place: Int) -> String { "witness\(place + 1).example" }

    /// The checkpoint, signed by the log and cosigned by the witnesses at these times.
    func signed(at times: [UInt64?] = [1_700_000_100, 1_700_000_300, 1_700_000_200]) throws -> SignedCheckpoint {
        let text = checkpoint.noteText
        var lines = [
            try NoteSignature(name: NoteWorld.origin, keyID: logKey.keyID, bytes: log.sign(text).bytes)
        ]
        for (place, time) in times.enumerated() {
            guard let time else { continue }
            lines.append(try witnesses[place].cosign(text, name: NoteWorld.witnessName(place), time: time))
        }
        return try SignedCheckpoint(note: SignedNote(text: text, signatures: lines))
    }

    /// Two of three witnesses.
    func policyText(quorum: String = "most") -> String {
        """
        # Two of our three partners must have seen it.
        log \(logKey.text) https://ledger.example/factory
        witness one \(witnessKeys[0].text)
        witness two \(witnessKeys[1].text)\thttps://witness2.example/
        witness three \(witnessKeys[2].text)
        group most 2 one two three
        quorum \(quorum)

        """
    }
}

/// Runs `body` and asks that it refuses with this line (`nil`: the whole) and a reason that has these words.
func expectRefusal(
    line: Int?,
    _ words: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
) {
    do {
        try body()
        Issue.record("accepted; should be refused: \(words)", sourceLocation: sourceLocation)
    } catch let error as FormatError {
        #expect(error.place == (line.map { .line($0) } ?? .whole), "\(error)", sourceLocation: sourceLocation)
        #expect(error.reason.contains(words), "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("not a FormatError: \(error)", sourceLocation: sourceLocation)
    }
}

/// One to three random edits: bits flipped, bytes put in, taken out, repeated, cut off.
func mutate(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes.insert(Array("\n +0=A—\t#\r".utf8).randomElement(using: &generator) ?? 0, at: place)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
        case 4: bytes.removeSubrange(place..<min(place + 40, bytes.count))
        default: bytes[place] = Array("\n +019=Az—".utf8).randomElement(using: &generator) ?? 0
        }
    }
    return bytes
}

/// A file of Tests/Goldens/notes; `TRACE_WRITE_GOLDENS=1 swift test` writes it anew.
func noteGolden(_ name: String, made: [UInt8]) throws -> [UInt8] {
    let url = Vectors.packageRoot.appending(path: "Tests/Goldens/notes/\(name)")
    if ProcessInfo.processInfo.environment["TRACE_WRITE_GOLDENS"] != nil { try Data(made).write(to: url) }
    return [UInt8](try Data(contentsOf: url))
}
