import Foundation
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceReplication
import TraceSigning

/// A mirror that takes pushes, in a directory of its own that goes with it.
final class PushWorld: Sendable {
    static let name = "mirror.example/m1"

    let directory: String
    let key: VerifierKey
    let cosigning: MirrorCosigning
    let store = MemoryStore()

    init(_ key: VerifierKey) throws {
        let folder = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        directory = "\(folder)/traceledger-push-\(UUID())"
        self.key = key
        let signer = try StatementLog.signer(90)
        cosigning = MirrorCosigning(
            try CosigningKey(name: PushWorld.name, signer: signer) { StatementLog.time + 100 }
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// A process that serves the directory; there is one at a time.
    func open(_ depth: CheckDepth = .tree) throws -> PushService {
        let mirror = Mirror(
            directory,
            key: key,
            depth: depth,
            checker: StatementLog.checker,
            cosigning: cosigning,
            takesPushes: true
        )
        return try PushService(mirror, self)
    }

    var reader: LedgerReader {
        LedgerReader(DirectorySource(directory), key: key, checker: StatementLog.checker)
    }

    func shown() async throws -> SignedCheckpoint { try await reader.checkpoint() }

    /// The size of what is shown; `nil` where nothing is.
    func size() async -> UInt64? { try? await shown().checkpoint.head.size }

    func bytes(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: "\(directory)/\(path)").map { [UInt8]($0) }
    }

    func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: directory).filter { path in
            var isFolder: ObjCBool = false
            _ = unsafe FileManager.default.fileExists(atPath: "\(directory)/\(path)", isDirectory: &isFolder)
            return !isFolder.boolValue
        }
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: "\(directory)/\(path)") }

    func write(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(directory)/\(path)"))
    }

    /// What is shown is the log at that size: the checkpoint with the mirror's cosignature, and every file of the tree.
    func expect(_ log: StatementLog, _ size: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let shown = try await shown()
        #expect(
            shown.checkpoint.head == (try log.tree.head(at: UInt64(size))),
            "\(shown.checkpoint.head.size)",
            sourceLocation: sourceLocation
        )
        let lines = try shown.cosignatures(by: [cosigning.key], checker: StatementLog.checker)
        #expect(lines.count == 1, sourceLocation: sourceLocation)
        for (path, wanted) in try await log.source(size).files where path.hasPrefix("tile/") {
            #expect(bytes(path) == wanted, "\(path)", sourceLocation: sourceLocation)
        }
        let report = await Fsck.run(
            DirectorySource(directory),
            key: key,
            depth: .tree,
            checker: StatementLog.checker
        )
        #expect(report.findings.isEmpty, "\(report.findings)", sourceLocation: sourceLocation)
    }
}

/// One process of a mirror, asked as its clients do.
struct PushService: Sendable {
    let mirror: Mirror
    let pushed: PushedMirror
    let endpoints: PushedMirrors

    init(_ mirror: Mirror, _ world: PushWorld) throws {
        self.mirror = mirror
        pushed = try PushedMirror(
            mirror,
            origin: world.key.name,
            cosigner: world.cosigning.key,
            store: world.store,
            checker: StatementLog.checker
        )
        endpoints = PushedMirrors([pushed])
    }

    func checkpoint(_ log: StatementLog, _ old: Int, _ new: Int) async throws -> Answer {
        let request = try await WitnessRequest(
            oldSize: UInt64(old),
            path: log.path(old, new),
            checkpoint: log.checkpoint(new)
        )
        return Answer(await endpoints.addCheckpoint(request.bytes).response)
    }

    /// Sends a body in pieces of this length.
    func entries(_ body: [UInt8], pieces: Int = 1 << 16) async -> Answer {
        Answer(await endpoints.addEntries(Pieces(body, pieces)).response)
    }
}

/// A body in pieces of one length, or of random ones.
struct Pieces: AsyncSequence, Sendable {
    struct Cut: Error {}

    let body: [UInt8]
    let length: Int
    /// Whether the connection breaks at the end.
    var breaks = false

    init(_ body: [UInt8], _ length: Int, breaks: Bool = false) {
        (self.body, self.length, self.breaks) = (body, length, breaks)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let pieces: Pieces
        var position = 0

        mutating func next() async throws -> ArraySlice<UInt8>? {
            guard position < pieces.body.count else {
                if pieces.breaks { throw Cut() }
                return nil
            }
            await Task.yield()
            let end = Swift.min(position + pieces.length, pieces.body.count)
            defer { position = end }
            return pieces.body[position..<end]
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces: self) }
}

extension StatementLog {
    /// The packages of an upload, each in bytes: by the words of tlog-mirror, and not by the code that is tested.
    func packages(_ start: Int, _ end: Int) throws -> [[UInt8]] {
        if start == end { return [] }
        let tree = try MerkleTree(leaves: tree.hashes(of: (0..<end).map { .init(level: 0, index: UInt64($0)) }))
        return try stride(from: start / 256 * 256, to: (end + 255) / 256 * 256, by: 256).map { rounded in
            let range = max(start, rounded)..<min(end, rounded + 256)
            var bytes: [UInt8] = []
            for entry in entries[range] { bytes += [UInt8(entry.count >> 8), UInt8(entry.count & 255)] + entry }
            let proof = try SubtreeConsistencyProof.make(
                start: UInt64(rounded),
                end: UInt64(range.upperBound),
                treeSize: UInt64(end),
                from: tree
            )
            return bytes + [UInt8(proof.path.count)] + proof.path.flatMap { $0.bytes }
        }
    }

    func header(_ start: Int, _ end: Int, ticket: [UInt8] = [], origin: String? = nil) -> [UInt8] {
        let name = Array((origin ?? self.origin).utf8)
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        return number(name.count, 2) + name + number(start, 8) + number(end, 8) + number(ticket.count, 2) + ticket
    }

    func body(_ start: Int, _ end: Int, first count: Int = .max) throws -> [UInt8] {
        header(start, end) + (try packages(start, end).prefix(count).joined())
    }

    /// A log of so many short entries, which only depth `tree` takes.
    static func short(_ size: Int, salt: UInt8 = 0) throws -> StatementLog {
        try StatementLog(opaque: (0..<size).map { [salt, UInt8($0 & 255), UInt8($0 >> 8 & 255)] })
    }
}

extension Answer {
    static func info(_ status: Int, _ size: Int, _ next: Int) -> Answer {
        Answer(status, "\(size)\n\(next)\n\n", "text/x.tlog.mirror-info")
    }
}
