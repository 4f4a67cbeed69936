import Foundation
import TraceLedger
import TraceProof

/// The hash tiles of a tree on disk in tlog-tiles layout, written as the leaves come: memory for a 256th of them.
struct TilesOnDisk {
    let head: TreeHead
    private let folder: String

    /// The tiles of a tree of `size` entries, each of which is its own index in eight bytes; the page cache holds them.
    init(size: UInt64, in folder: URL) throws {
        var range = CompactRange()
        var levels: [[Digest]] = [[]]
        for start in stride(from: 0, to: size, by: 256) {
            let leaves = TreeHash.leaves((start..<min(size, start + 256)).map { TilesOnDisk.entry($0) })
            try range.append(contentsOf: leaves)
            try TilesOnDisk.write(0, start >> 8, leaves, in: folder)
            if let root = TreeHash.perfectRoot(leaves[...]), leaves.count == 256 { levels[0].append(root) }
        }
        // levels[l] are the hashes that the tiles of level l + 1 hold.
        while let hashes = levels.last, !hashes.isEmpty {
            var roots: [Digest] = []
            for start in stride(from: 0, to: hashes.count, by: 256) {
                let part = hashes[start..<min(hashes.count, start + 256)]
                try TilesOnDisk.write(levels.count, UInt64(start >> 8), Array(part), in: folder)
                if part.count == 256, let root = TreeHash.perfectRoot(part) { roots.append(root) }
            }
            levels.append(roots)
        }
        head = range.head
        self.folder = folder.path()
    }

    static func entry(_ index: UInt64) -> [UInt8] { withUnsafeBytes(of: index) { [UInt8]($0) } }

    /// A reader of these tiles that keeps at most so many bytes of them.
    func reader(cacheByteCount: Int) throws -> LedgerReader {
        guard let key = PublicKey([UInt8](repeating: 1, count: 32)) else { fatalError("32 bytes are no key") }
        return LedgerReader(
            DirectorySource(folder),
            key: try VerifierKey(name: "tiles.example", type: .ed25519, publicKey: key),
            checker: NoSignatures(),
            cache: TileCache(byteCount: cacheByteCount)
        )
    }

    /// Makes and verifies so many proofs of entries from all over the tree, beginning where the last call ended.
    func prove(_ count: Int, from turn: Int, with reader: LedgerReader) async throws {
        for turn in turn..<turn + count {
            let index = UInt64(turn) * 6_119_531 % head.size
            _ = try await reader.inclusionProof(index: index, leaf: TreeHash.leaf(TilesOnDisk.entry(index)), in: head)
        }
    }

    private static func write(_ level: Int, _ index: UInt64, _ hashes: [Digest], in folder: URL) throws {
        guard let place = TileCoordinate(level: level, index: index, width: hashes.count),
            let tile = Tile(place, hashes: hashes)
        else { fatalError("no tile at level \(level), index \(index)") }
        let file = folder.appending(path: place.path)
        if index % 1000 == 0 || hashes.count < 256 {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
        }
        try Data(tile.encoded).write(to: file)
    }

    /// The heads come from the benchmark itself.
    private struct NoSignatures: SignatureChecker {
        func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool { false }
        func isValidPoint(_ bytes: [UInt8]) -> Bool { false }
    }
}
