import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import TraceLedger
import TraceNode
import TraceProof
import TraceSigning
import TraceStatements

/// Some ledgers in directories of their own, and a web server that shows them, truly or not.
final class LedgerHost: Sendable {
    /// Where fsync costs nothing, if there is such a place.
    static let folder =
        FileManager.default.isWritableFile(atPath: "/dev/shm")
        ? "/dev/shm" : FileManager.default.temporaryDirectory.path

    /// What is shown at a path below a ledger's URL; what is not said is the file.
    typealias Lie = @Sendable (_ path: String) async -> LoopbackServer.Reply?

    private struct Place {
        var directory: String
        var lie: Lie?
        var paths: [String] = []
    }

    let root = "\(folder)/ledgers-\(UUID())"
    private let places = Mutex<[String: Place]>([:])

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// The answer to `GET /<ledger>/<path>`.
    func reply(to request: LoopbackServer.Request) async -> LoopbackServer.Reply {
        let parts = request.head.uri.split(separator: "/", maxSplits: 1)
        guard let name = parts.first, let path = parts.dropFirst().first.map(String.init),
            let place = places.withLock({ places in
                places[String(name)]?.paths.append(path)
                return places[String(name)]
            })
        else { return .answer(status: 404) }
        if let lie = await place.lie?(path) { return lie }
        guard let bytes = try? Data(contentsOf: URL(filePath: "\(place.directory)/\(path)")) else {
            return .answer(status: 404)
        }
        return .answer(body: [UInt8](bytes))
    }

    /// Has a ledger be shown otherwise than it is.
    func lie(_ name: String, _ lie: Lie?) { places.withLock { $0[name]?.lie = lie } }

    /// Has a ledger be shown from another directory.
    func show(_ name: String, from other: TestLedger) { places.withLock { $0[name]?.directory = other.directory } }

    /// What was asked of a ledger since the last call.
    func paths(of name: String) -> [String] {
        places.withLock { places in
            defer { places[name]?.paths = [] }
            return places[name]?.paths ?? []
        }
    }

    /// A new ledger, shown at `/<name>/`; another one of the same name is another history under the same key.
    func ledger(_ name: String, nonce: UInt8 = 1) async throws -> TestLedger {
        let directory = "\(root)/\(name)-\(nonce)"
        let ledger = try await TestLedger(name, in: directory, nonce: nonce)
        places.withLock { places in
            if places[name] == nil { places[name] = Place(directory: directory) }
        }
        return ledger
    }
}

/// A ledger of notes by one signer.
struct TestLedger: Sendable {
    static let checker = SodiumSignatureChecker()

    let name: String
    let directory: String
    private let key: SigningKey
    private let signer: SigningKey
    private let writer: Ledger

    fileprivate init(_ name: String, in directory: String, nonce: UInt8) async throws {
        (self.name, self.directory) = (name, directory)
        let seed = SHA256.hash(Array(name.utf8)).bytes
        key = try SigningKey(seed: seed)
        signer = try SigningKey(seed: SHA256.hash(seed).bytes)
        var configuration = Ledger.Configuration(publicationDelay: nil)
        configuration.mapRoots = nil
        writer = try await Ledger.create(
            directory,
            origin: "ledger.example/\(name)",
            signer: key,
            created: 1_767_225_600,
            nonce: [UInt8](repeating: nonce, count: 16),
            checker: TestLedger.checker,
            configuration: configuration
        )
    }

    /// Appends up to `size` entries and publishes.
    func grow(to size: UInt64) async throws {
        var link = await writer.nextLink(for: signer.publicKey)
        var notes: [Statement] = []
        for position in await writer.size..<size {
            let note = try await Statement.sign(
                kind: .note,
                payload: Array("entry \(position) of \(name)".utf8),
                issuer: "9521101000009",
                subject: "(01)09521101000007",
                issuedAt: 1_767_225_600,
                chain: link,
                with: signer
            )
            link = ChainLink(sequence: (note.header.chain?.sequence ?? 0) + 1, previous: note.leafHash)
            notes.append(note)
        }
        _ = try await writer.append(notes)
        _ = try await writer.publish()
    }

    func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: "\(directory)/\(path)")))
    }

    var origin: String { "ledger.example/\(name)" }

    var vkey: VerifierKey {
        get throws {
            try VerifierKey(name: origin, type: .ed25519, publicKey: key.publicKey)
        }
    }

    /// The settings of a mirror in a directory beside it.
    func mirrored(
        by server: LoopbackServer,
        depth: CheckDepth = .statements,
        interval: Duration = .milliseconds(1)
    ) throws -> MirrorSettings {
        MirrorSettings(
            key: try vkey,
            urls: [server.url("/\(name)")],
            depth: depth,
            interval: interval,
            directory: "\(directory)-copy"
        )
    }

    /// Whether the mirror's copy is sound to the last signature, and of this size.
    func copyIsSound(size: UInt64) async throws -> Bool {
        let report = await Fsck.run(
            DirectorySource("\(directory)-copy"),
            key: try vkey,
            depth: .statements,
            checker: TestLedger.checker
        )
        return report.findings.isEmpty && report.size == size
    }
}
