import Foundation
import Measure
import TraceProof

/// The tree of 1 M entries that proofs are made in, each part made when it is first asked for.
enum Million {
    static let size: UInt64 = 1_000_000
    static let tree = MerkleTree(
        leaves: (0..<size).map {
            $0 == proved ? TreeHash.leaf(Sodium.entry) : TreeHash.leaf(withUnsafeBytes(of: $0) { [UInt8]($0) })
        }
    )
    static let head = tree.head

    /// The index that is verified: an odd one in the middle, whose path has all 20 nodes.
    private static let proved: UInt64 = 333_333
    static let inclusion = made { try InclusionProof.make(index: proved, treeSize: size, from: tree) }
    static let oldHead = made { try tree.head(at: proved) }
    static let consistency = made { try ConsistencyProof.make(oldSize: proved, newSize: size, from: tree) }

    /// Indices from all over the tree: a multiplicative sequence modulo the size.
    static func index(_ turn: Int) -> UInt64 { UInt64(turn) * 611_953 % size }

    // MARK: Tiles on disk

    private static let folder = FileManager.default.temporaryDirectory.appending(path: "tiles-\(getpid())")

    /// The tiles of a tree of so many entries, in a folder of their own: the harness removes all after each row.
    static func tiles(size: UInt64) throws -> TilesOnDisk {
        try TilesOnDisk(size: size, in: folder.appending(path: "\(size)"))
    }

    static func removeTiles() throws {
        if FileManager.default.fileExists(atPath: folder.path()) { try FileManager.default.removeItem(at: folder) }
    }

    private static func made<Value>(_ make: () throws -> Value) -> Value {
        do { return try make() } catch { fatalError("the tree of \(size) entries gives no proof: \(error)") }
    }
}
