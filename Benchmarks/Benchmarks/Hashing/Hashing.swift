import Benchmark
import CTraceHash
import Measure
import TraceProof

/// Leaves and nodes beside libsodium's SHA-256 of as many bytes.
let benchmarks: @Sendable () -> Void = {
    compare("tree node vs libsodium SHA-256 of 65 B", count: 5000) {
        Sodium.hash(65, count: $0)
    } subject: { count in
        var node = leaves[0]
        for _ in 0..<count { node = TreeHash.node(node, leaves[1]) }
        blackHole(node)
    }

    compare("tree node, portable C vs libsodium SHA-256 of 65 B", count: 3000) {
        Sodium.hash(65, count: $0)
    } subject: { count in
        trace_hash_force(1)
        defer { trace_hash_force(0) }
        var node = leaves[0]
        for _ in 0..<count { node = TreeHash.node(node, leaves[1]) }
        blackHole(node)
    }

    compare("leaf of 250 B vs libsodium SHA-256 of 251 B", count: 2000) {
        Sodium.hash(251, count: $0)
    } subject: { count in
        for _ in 0..<count { blackHole(TreeHash.leaf(Sodium.entry)) }
    }

    compare("tile of 256 hashes to its root vs libsodium SHA-256 of 65 B, 255 times", count: 20) {
        Sodium.hash(65, count: 255 * $0)
    } subject: { count in
        for _ in 0..<count { blackHole(TreeHash.perfectRoot(leaves[..<256])) }
    }

    compare("leaf hash into a CompactRange vs libsodium SHA-256 of 65 B", count: leaves.count) {
        Sodium.hash(65, count: $0)
    } subject: { _ in
        var range = CompactRange()
        for leaf in leaves { try range.append(leaf) }
        blackHole(range.root)
    }

    compare("leaf hash into a MerkleTree vs libsodium SHA-256 of 65 B", count: leaves.count) {
        Sodium.hash(65, count: $0)
    } subject: { _ in
        blackHole(MerkleTree(leaves: leaves).head)
    }

    compare("entry of 250 B into a CompactRange vs libsodium SHA-256 of 251 B and of 65 B", count: 512) {
        Sodium.hash(251, count: $0)
        Sodium.hash(65, count: $0)
    } subject: { count in
        var range = CompactRange()
        for _ in 0..<count { try range.append(TreeHash.leaf(Sodium.entry)) }
        blackHole(range.root)
    }
}

private let leaves = (0..<2048).map {
    TreeHash.leaf([UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)])
}
