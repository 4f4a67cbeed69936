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

    compare("inclusion proof made, tiles on disk vs libsodium, 20 nodes", count: 50, baseline: baseline) { count in
        let source = DirectorySource(try Million.tiles)
        for turn in 0..<count {
            let plan = try ProofPlan.inclusion(index: Million.index(turn % 10), treeSize: Million.size)
            let reading = try TilePlan(reading: plan.nodes, treeSize: Million.size)
            var tiles: [Tile] = []
            for coordinate in reading.tiles {
                guard let bytes = try await source.read(coordinate.path, limit: 8192) else { continue }
                tiles.append(try Tile(coordinate, decoding: bytes))
            }
            blackHole(try plan.path(from: try reading.hashes(from: tiles)))
        }
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
