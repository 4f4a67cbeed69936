import Benchmark
import Measure
import TraceLedger
import TraceProof

/// Proofs in a tree of 1 M entries, beside the hashing alone of a path of 20 nodes with libsodium.
let benchmarks: @Sendable () -> Void = {
    let baseline: Work = { Sodium.hash(65, count: 20 * $0) }
    Benchmark.teardown = { try Million.removeTiles() }

    compare("inclusion proof made, tree in memory vs libsodium, 20 nodes", count: 200, baseline: baseline) { count in
        for turn in 0..<count {
            blackHole(try InclusionProof.make(index: Million.index(turn), treeSize: Million.size, from: Million.tree))
        }
    }

    // Made and verified; the files are in the page cache. Without a cache of ours each proof reads all its tiles.
    for (name, cacheByteCount) in [("no cache", 0), ("cache of 32 MiB", 32 << 20)] {
        onDisk("1 M on disk, \(name)", cacheByteCount, baseline) { try Million.tiles }
        onDisk("10 M on disk, \(name)", cacheByteCount, baseline) { try Million.tenMillionTiles }
    }

    compare("inclusion proof verified, 250 B leaf vs libsodium, 20 nodes", count: 200, baseline: baseline) { count in
        for _ in 0..<count {
            try Million.inclusion.verify(leaf: TreeHash.leaf(Sodium.entry), in: Million.head)
        }
    }

    compare("consistency proof made, tree in memory vs libsodium, 20 nodes", count: 200, baseline: baseline) { count in
        for turn in 0..<count {
            let old = Million.index(turn) + 1
            blackHole(try ConsistencyProof.make(oldSize: old, newSize: Million.size, from: Million.tree))
        }
    }

    compare("consistency proof verified vs libsodium, 20 nodes", count: 200, baseline: baseline) { count in
        for _ in 0..<count { try Million.consistency.verify(old: Million.oldHead, new: Million.head) }
    }
}

private func onDisk(
    _ name: String,
    _ cacheByteCount: Int,
    _ baseline: @escaping Work,
    _ tiles: @escaping () throws -> TilesOnDisk
) {
    var turn = 0
    var reader: LedgerReader?
    compare("inclusion proof from tiles of \(name) vs libsodium, 20 nodes", count: 50, baseline: baseline) { count in
        let tiles = try tiles()
        let ready = try reader ?? tiles.reader(cacheByteCount: cacheByteCount)
        reader = ready
        try await tiles.prove(count, from: turn, with: ready)
        turn += count
    }
}
