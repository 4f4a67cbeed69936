import Benchmark
import Foundation
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
        onDisk("1 M on disk, \(name)", Million.size, cacheByteCount, baseline)
        // Writing 40,000 files takes a minute and more.
        if ProcessInfo.processInfo.environment["TRACE_BENCH_LARGE"] != nil {
            onDisk("10 M on disk, \(name)", 10_000_000, cacheByteCount, baseline)
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

private func onDisk(_ name: String, _ size: UInt64, _ cacheByteCount: Int, _ baseline: @escaping Work) {
    var turn = 0
    var made: (tiles: TilesOnDisk, reader: LedgerReader)?
    compare("inclusion proof from tiles of \(name) vs libsodium, 20 nodes", count: 50, seconds: 3) { count in
        try await baseline(count)
    } subject: { count in
        if made == nil {
            let tiles = try Million.tiles(size: size)
            made = (tiles, try tiles.reader(cacheByteCount: cacheByteCount))
        }
        guard let (tiles, reader) = made else { return }
        try await tiles.prove(count, from: turn, with: reader)
        turn += count
    }
}
