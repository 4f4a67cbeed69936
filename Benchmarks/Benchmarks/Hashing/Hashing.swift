import Benchmark
import CTraceHash
import Measure
import TraceProof

/// Leaves, nodes and trees beside libsodium's SHA-256 of as many bytes.
let benchmarks: @Sendable () -> Void = {
    for (name, path) in [("", 0), (", one stream", 2), (", portable C", 1)] {
        // A machine without SHA instructions has the portable path alone.
        if trace_hash_force(Int32(path)) == 0 { continue }
        trace_hash_force(0)
        nodes(name, Int32(path))
        leaves(name, Int32(path))
    }
    bulk()
}

private func nodes(_ name: String, _ path: Int32) {
    compare("tree node\(name) vs libsodium SHA-256 of 65 B", count: 3000) {
        Sodium.hash(65, count: $0)
    } subject: { count in
        forced(path) {
            var node = hashes[0]
            for _ in 0..<count { node = TreeHash.node(node, hashes[1]) }
            blackHole(node)
        }
    }

    compare("tile of 256 hashes to its root\(name) vs libsodium SHA-256 of 65 B, 255 times", count: 20) {
        Sodium.hash(65, count: 255 * $0)
    } subject: { count in
        forced(path) { for _ in 0..<count { blackHole(TreeHash.perfectRoot(hashes[..<256])) } }
    }
}

private func leaves(_ name: String, _ path: Int32) {
    compare("leaf of 250 B\(name) vs libsodium SHA-256 of 251 B", count: 2000) {
        Sodium.hash(251, count: $0)
    } subject: { count in
        forced(path) { for _ in 0..<count { blackHole(TreeHash.leaf(Sodium.entry)) } }
    }

    compare("leaf of 250 B, a bundle at once\(name) vs libsodium SHA-256 of 251 B", count: 2048) {
        Sodium.hash(251, count: $0)
    } subject: { count in
        forced(path) { for _ in 0..<count / 256 { blackHole(TreeHash.leaves(bundle)) } }
    }
}

/// Many at once, and one by one beside it.
private func bulk() {
    compare("leaf of 250 B, 256 arrays at once vs libsodium SHA-256 of 251 B", count: 2048) {
        Sodium.hash(251, count: $0)
    } subject: { count in
        for _ in 0..<count / 256 { blackHole(TreeHash.leaves(entries)) }
    }

    compare("leaf of 200 to 399 B, a bundle at once vs libsodium SHA-256 of 300 B", count: 2048) {
        Sodium.hash(300, count: $0)
    } subject: { count in
        for _ in 0..<count / 256 { blackHole(TreeHash.leaves(mixedBundle)) }
    }

    compare("leaf hash into a CompactRange, one by one vs libsodium SHA-256 of 65 B", count: hashes.count) {
        Sodium.hash(65, count: $0)
    } subject: { _ in
        var range = CompactRange()
        for leaf in hashes { try range.append(leaf) }
        blackHole(range.root)
    }

    compare("leaf hash into a CompactRange, 2,048 at once vs libsodium SHA-256 of 65 B", count: hashes.count) {
        Sodium.hash(65, count: $0)
    } subject: { _ in
        var range = CompactRange()
        try range.append(contentsOf: hashes)
        blackHole(range.root)
    }

    compare("leaf hash into a MerkleTree, 2,048 at once vs libsodium SHA-256 of 65 B", count: hashes.count) {
        Sodium.hash(65, count: $0)
    } subject: { _ in
        blackHole(MerkleTree(leaves: hashes).head)
    }

    compare("entry of 250 B into a CompactRange, 256 at once vs libsodium SHA-256 of 251 B and of 65 B", count: 512) {
        Sodium.hash(251, count: $0)
        Sodium.hash(65, count: $0)
    } subject: { count in
        var range = CompactRange()
        for _ in 0..<count / 256 { try range.append(contentsOf: TreeHash.leaves(bundle)) }
        blackHole(range.root)
    }

    let tree = "leaf hash, 10 M to the root of their tree vs libsodium SHA-256 of 65 B"
    compare(tree, count: 10_000_000, baselineCount: 500_000, seconds: 10) {
        Sodium.hash(65, count: $0)
    } subject: { _ in
        var range = CompactRange()
        try range.append(contentsOf: tenMillion)
        blackHole(range.root)
    }
}

/// Keeps the kernel to one path, 0 for the best.
private func forced(_ path: Int32, _ body: () -> Void) {
    trace_hash_force(path)
    defer { trace_hash_force(0) }
    body()
}

private let hashes = TreeHash.leaves(
    (0..<2048).map { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
)
private let tenMillion = (0..<10_000_000 / 2000).flatMap { _ in hashes[..<2000] }
private let entries = [[UInt8]](repeating: Sodium.entry, count: 256)
private let bundle = made(entries)
private let mixedBundle = made((0..<256).map { [UInt8](repeating: 7, count: 200 + $0 * 89 % 200) })

private func made(_ entries: [[UInt8]]) -> EntryBundle {
    do { return try EntryBundle(entries) } catch { fatalError("\(error)") }
}
