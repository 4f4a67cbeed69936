import Foundation
import TestSupport
import Testing
import TraceProof

/// Notes, keys and checkpoints that others made: sunlight's test trees and torchwood's litewitness transcripts.
@Suite(.enabled(if: Vectors.present, "\(Vectors.absentMessage)"))
struct NoteVectorTests {
    let checker = NoteTestChecker()

    /// The keys in sunlight's descriptions of its witness and its mirror.
    private func sunlightKeys() throws -> [VerifierKey] {
        struct Description: Decodable { let verifier_keys: [String] }
        return try Vectors.files(below: "sunlight-skylight", ending: ".v0.json").flatMap { path in
            try JSONDecoder().decode(Description.self, from: Data(Vectors.bytes(path))).verifier_keys
                .map { try VerifierKey(text: $0) }
        }
    }

    @Test func sunlightKeysAreCosigners() throws {
        let keys = try sunlightKeys()
        #expect(keys.count >= 2)
        #expect(keys.allSatisfy { $0.type == .cosignature && $0.publicKey != nil })
    }

    @Test func sunlightCheckpointsAreReadAndTheirCosignaturesVerify() throws {
        let keys = try sunlightKeys()
        let paths = Vectors.files(below: "sunlight-skylight", ending: "checkpoint")
        #expect(paths.count >= 2)
        for path in paths {
            let bytes = try Vectors.bytes(path)
            let signed = try SignedCheckpoint(bytes: bytes)
            #expect(signed.bytes == bytes)
            #expect(signed.checkpoint.head.size == 300)
            let claimed = keys.filter { key in
                signed.note.signatures.contains { $0.name == key.name && $0.keyID == key.keyID }
            }
            #expect(try signed.cosignatures(by: keys, checker: checker).map(\.key) == claimed, "\(path)")
            // Witness and mirror directories are named by the hash of the origin.
            let folder = path.split(separator: "/").dropLast().last.map(String.init) ?? ""
            if folder.utf8.count == 64 {
                #expect(SHA256.hash(Array(signed.checkpoint.origin.utf8)).description == folder)
            }
        }
    }

    /// The checkpoints in a transcript's add-checkpoint requests, each with the answer's status.
    private func requests(_ path: String) throws -> [(note: [UInt8], status: String)] {
        let text = String(decoding: try Vectors.bytes(path), as: UTF8.self)
        return text.components(separatedBy: "\nPOST ").dropFirst().compactMap { request in
            let parts = request.components(separatedBy: "```\n")
            guard parts.count == 3, let blank = parts[1].range(of: "\n\n") else { return nil }
            return (Array(parts[1][blank.upperBound...].utf8), String(parts[2].prefix(8)))
        }
    }

    @Test func litewitnessRequestsVerifyWithTheLogsKey() throws {
        let keyHex = "ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"
        let publicKey = try #require(Hex.decode(keyHex).flatMap { PublicKey($0) })
        let origin = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
        let key = try VerifierKey(name: origin, type: .ed25519, publicKey: publicKey)
        var verified = 0
        for path in Vectors.files(below: "torchwood-witness", ending: ".txt") where !path.hasSuffix("sumdb.txt") {
            let text = String(decoding: try Vectors.bytes(path), as: UTF8.self)
            guard text.contains(keyHex) else { continue }
            for request in try requests(path) {
                guard request.status != "HTTP 403" else {
                    // Another log's checkpoint, and a signature that is wrong and not even canonical base64.
                    #expect(throws: FormatError.self) {
                        _ = try SignedCheckpoint(bytes: request.note).note.verify(keys: [key], checker: checker)
                    }
                    continue
                }
                let signed = try SignedCheckpoint(bytes: request.note)
                #expect(signed.bytes == request.note)
                #expect(try signed.note.verify(keys: [key], checker: checker).map(\.key) == [key])
                verified += 1
            }
        }
        #expect(verified >= 8)
    }

    @Test func theGoSumDatabaseVerifies() throws {
        let key = try VerifierKey(text: "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
        let requests = try requests("torchwood-witness/sumdb.txt")
        #expect(requests.count >= 1)
        for request in requests {
            let signed = try SignedCheckpoint(bytes: request.note)
            #expect(signed.checkpoint.origin == "go.sum database tree")
            #expect(signed.checkpoint.head.size == 35_225_469)
            #expect(try signed.note.verify(keys: [key], checker: checker).count == 1)
        }
    }
}
