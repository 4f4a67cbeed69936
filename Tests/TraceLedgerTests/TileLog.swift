import Synchronization
import TestSupport
import TraceProof
import TraceSigning

@testable import TraceLedger

/// The tiles of a tree in memory, for tests that count what is read and give out what is wrong.
final class TileLog: LedgerSource {
    let name: String
    let tree: MerkleTree
    let leaves: [Digest]
    private struct State {
        var files: [String: [UInt8]]
        var read: [String] = []
    }
    private let state: Mutex<State>

    /// A log of 70,000 entries. Others of the same name and another `seed`, 0 to 2, are forks of it.
    init(name: String = "memory", seed: Int = 0) throws {
        let made = try TileLog.made[seed].get()
        (self.name, tree, leaves) = (name, made.tree, made.tree.leaves)
        state = Mutex(State(files: made.files))
    }

    private static let made = (0..<3).map { seed in Result { try make(seed: UInt8(seed)) } }

    private static func make(seed: UInt8) throws -> (tree: MerkleTree, files: [String: [UInt8]]) {
        let entries = (0..<70_000).map { [UInt8($0 & 255), UInt8($0 >> 8 & 255), UInt8($0 >> 16), seed] }
        let tree = MerkleTree(leaves: TreeHash.leaves(entries))
        var files: [String: [UInt8]] = [:]
        for coordinate in try TileGrowth(to: tree.size) {
            let nodes = (0..<UInt64(coordinate.width)).map {
                NodeCoordinate(level: 8 * coordinate.level, index: 256 * coordinate.index + $0)
            }
            files[coordinate.path] = Tile(coordinate, hashes: try tree.hashes(of: nodes))?.encoded
        }
        return (tree, files)
    }

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        state.withLock { state in
            state.read.append(path)
            return state.files[path]
        }
    }

    /// The paths that were read since the last call.
    func reads() -> [String] {
        state.withLock { state in
            defer { state.read = [] }
            return state.read
        }
    }

    /// Flips a bit of a hash in a tile.
    func flip(_ path: String, hash: Int) { state.withLock { $0.files[path]?[32 * hash] ^= 1 } }

    /// A reader of this log; the tests bring the heads, which nobody signed.
    func reader(_ cache: TileCache = TileCache()) throws -> LedgerReader {
        let key = try VerifierKey(name: "log.example", type: .ed25519, publicKey: LedgerWorld.key(1).publicKey)
        return LedgerReader(self, key: key, checker: LedgerWorld.checker, cache: cache)
    }

    func check(_ index: UInt64, at size: UInt64? = nil, by reader: LedgerReader) async throws {
        let head = try tree.head(at: size ?? tree.size)
        let proof = try await reader.inclusionProof(index: index, leaf: leaves[Int(index)], in: head)
        try TestSupport.check(
            proof == InclusionProof.make(index: index, treeSize: head.size, from: tree),
            "the proof of \(index) at \(head.size)"
        )
    }
}
