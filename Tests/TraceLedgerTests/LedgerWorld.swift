import Foundation
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// A ledger directory of a test, under fixed keys and times; removed when the test lets go of it.
final class LedgerWorld: Sendable {
    static let origin = "example.com/ledger"
    static let time: UInt64 = 1_767_225_600
    static let gln = "9521101000009"
    static let checker = SodiumSignatureChecker()
    /// Publishes nothing and logs no map root by itself, so that a test says when.
    static let onlyWhenAsked: Ledger.Configuration = {
        var configuration = Ledger.Configuration(publicationDelay: nil)
        configuration.mapRoots = nil
        return configuration
    }()

    /// Where fsync costs nothing, if there is such a place: what is tested is the order of steps, not the device.
    static let folder =
        FileManager.default.isWritableFile(atPath: "/dev/shm")
        ? "/dev/shm" : FileManager.default.temporaryDirectory.path

    let directory: String
    let ledgerKey: SigningKey
    let dairy: SigningKey

    private let isKept: Bool

    init(_ directory: String = "\(folder)/traceledger-\(UUID())", keep: Bool = false) throws {
        self.directory = directory
        isKept = keep
        ledgerKey = try LedgerWorld.key(1)
        dairy = try LedgerWorld.key(2)
    }

    deinit { if !isKept { try? FileManager.default.removeItem(atPath: directory) } }

    static func key(_ byte: UInt8) throws -> SigningKey {
        try SigningKey(seed: [UInt8](repeating: byte, count: SigningKey.seedByteCount))
    }

    var source: DirectorySource { DirectorySource(directory) }
    var vkey: VerifierKey {
        get throws { try VerifierKey(name: LedgerWorld.origin, type: .ed25519, publicKey: ledgerKey.publicKey) }
    }

    func create(
        issuerKeys: [LedgerInformation.IssuerKey] = [],
        signer: (any Signer)? = nil,
        nonce: UInt8 = 7,
        configuration: Ledger.Configuration = onlyWhenAsked
    ) async throws -> Ledger {
        try await Ledger.create(
            directory,
            origin: LedgerWorld.origin,
            signer: signer ?? ledgerKey,
            issuerKeys: issuerKeys,
            created: LedgerWorld.time,
            nonce: [UInt8](repeating: nonce, count: Genesis.nonceLength),
            checker: LedgerWorld.checker,
            configuration: configuration
        )
    }

    func open(
        signer: (any Signer)? = nil,
        configuration: Ledger.Configuration = onlyWhenAsked
    ) async throws -> Ledger {
        try await Ledger.open(
            directory,
            signer: signer ?? ledgerKey,
            checker: LedgerWorld.checker,
            configuration: configuration
        )
    }

    func reader() throws -> LedgerReader {
        LedgerReader(source, key: try vkey, checker: LedgerWorld.checker)
    }

    func fsck(_ depth: CheckDepth = .statements) async throws -> FsckReport {
        await Fsck.run(source, key: try vkey, depth: depth, checker: LedgerWorld.checker)
    }

    /// A note behind `link`, or the next of `signer` in `ledger`.
    func note(
        _ text: String,
        in ledger: Ledger,
        by signer: SigningKey? = nil,
        link: ChainLink? = nil,
        issuer: String = gln,
        kind: StatementKind = .note
    ) async throws -> Statement {
        let signer = signer ?? dairy
        var link = link
        if link == nil { link = await ledger.nextLink(for: signer.publicKey) }
        return try await Statement.sign(
            kind: kind,
            payload: Array(text.utf8),
            issuer: issuer,
            subject: "(01)09521101000007",
            issuedAt: LedgerWorld.time,
            chain: link,
            with: signer
        )
    }

    /// So many notes, each behind the one before it.
    func notes(_ texts: [String], in ledger: Ledger, by signer: SigningKey? = nil) async throws -> [Statement] {
        var made: [Statement] = []
        for text in texts {
            let link = made.last.map {
                ChainLink(sequence: ($0.header.chain?.sequence ?? 0) + 1, previous: $0.leafHash)
            }
            made.append(try await note(text, in: ledger, by: signer, link: link))
        }
        return made
    }

    // MARK: Files

    func path(_ relative: String) -> String { "\(directory)/\(relative)" }
    func bytes(_ relative: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path(relative))))
    }
    func write(_ bytes: [UInt8], _ relative: String) throws {
        let url = URL(filePath: path(relative))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
    func remove(_ relative: String) throws { try FileManager.default.removeItem(atPath: path(relative)) }
    func exists(_ relative: String) -> Bool { FileManager.default.fileExists(atPath: path(relative)) }

    /// Every file below the directory but the lock, as paths relative to it, in order.
    func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: directory).filter { relative in
            var isFolder: ObjCBool = false
            _ = unsafe FileManager.default.fileExists(atPath: path(relative), isDirectory: &isFolder)
            return !isFolder.boolValue && relative != "state/lock"
        }.sorted()
    }

    /// The path of the journal's newest segment.
    func segment() throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: path("state/journal"))
        return "state/journal/\(try #require(names.compactMap { UInt64($0) }.max()))"
    }

    /// The bytes of the journal's newest segment up to the end of its last group, or of a torn one behind it.
    func journal() throws -> [UInt8] {
        let bytes = try bytes(try segment())
        let written = (bytes.lastIndex { $0 != 0 } ?? 0) + 1
        // Headers of groups lead from one to the next; the digest at the end of a whole one may end with a zero or two.
        var end = 56
        while end + 4 <= bytes.count {
            let length = bytes[end..<end + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length > 0, end + 24 + length + 32 <= written + 8 else { break }
            end += 24 + length + 32
        }
        return Array(bytes[..<max(end, written)])
    }

    /// All files with their bytes.
    func snapshot() throws -> [String: [UInt8]] {
        var snapshot: [String: [UInt8]] = [:]
        for file in try files() { snapshot[file] = try bytes(file) }
        return snapshot
    }

    /// Puts exactly these files in place.
    func restore(_ snapshot: [String: [UInt8]]) throws {
        try? FileManager.default.removeItem(atPath: directory)
        for (file, bytes) in snapshot { try write(bytes, file) }
        for folder in ["state/journal", "private"] {
            try FileManager.default.createDirectory(atPath: path(folder), withIntermediateDirectories: true)
        }
    }
}

extension LedgerWorld {
    /// What must hold of a directory whenever nobody is in the middle of a call (engine.md): these entries in this order,
    /// every published head still what it was and provable to the latest, and a conforming tlog-tiles tree.
    func checkHolds(_ entries: [[UInt8]], shown: [TreeHead] = []) async throws {
        let reader = try reader()
        let head = try await reader.checkpoint().checkpoint.head
        #expect(head == MerkleTree(leaves: entries.map { TreeHash.leaf($0) }).head)
        var read: [[UInt8]] = []
        try await reader.forEachEntry(in: 0..<head.size, of: head) { _, bytes in read.append(bytes) }
        #expect(read == entries)
        for old in shown {
            #expect(try await reader.checkpoint(size: old.size).checkpoint.head == old)
            _ = try await reader.consistencyProof(from: old, to: head)
        }
        let report = try await fsck()
        #expect(report.findings.isEmpty)
        try checkLayout(size: head.size)
    }

    /// Walks the public tree: only paths of tlog-tiles, full files where the tree is full, the partial one of the latest size.
    func checkLayout(size: UInt64, allowing: (String) -> Bool = { _ in false }) throws {
        let files = try files().filter { $0.hasPrefix("tile/") && !allowing($0) }
        var wanted: Set<String> = []
        let growth = try TileGrowth(to: size)
        for tile in growth { wanted.insert(tile.path) }
        for bundle in growth.bundles { wanted.insert(bundle.path) }
        #expect(wanted.isSubset(of: files), "missing: \(wanted.subtracting(files))")
        for file in files {
            if file.hasPrefix("tile/entries/") {
                let coordinate = try BundleCoordinate(path: file)
                _ = try EntryBundle(decoding: bytes(file), width: coordinate.width)
                #expect(coordinate.firstEntry + UInt64(coordinate.width) <= size, "\(file) is beyond \(size)")
            } else {
                let coordinate = try TileCoordinate(path: file)
                _ = try Tile(coordinate, decoding: bytes(file))
                let end = coordinate.index << 8 + UInt64(coordinate.width)
                #expect(end <= size >> UInt64(8 * coordinate.level), "\(file) is beyond \(size)")
            }
        }
    }
}

extension LedgerWorld {
    /// A statement of the ledger's key: a map root that the first three entries do not give.
    func wrongMapRoot(in ledger: Ledger) async throws -> Statement {
        try await ledger.sign(
            MapRoot(size: 3, root: TreeHash.leaf([1]), subjects: 1).encoded,
            kind: .mapRoot,
            issuer: LedgerWorld.origin,
            subject: LedgerWorld.origin,
            issuedAt: LedgerWorld.time,
            with: ledgerKey
        )
    }
}

/// Why a call that must be refused was.
func refused<Value>(_ body: () async throws -> Value) async -> String {
    do {
        _ = try await body()
        return "accepted"
    } catch { return "\(error)" }
}

/// Expects a refusal whose words contain `words`.
func expectRefusal<Value>(
    _ words: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Value
) async {
    let text = await refused(body)
    #expect(text.contains(words), "\(text)", sourceLocation: sourceLocation)
}
