import Benchmark
import Foundation
import Measure
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// What appending, opening and checking cost one caller; `Tools/Durable` has many callers and a real disk.
let benchmarks: @Sendable () -> Void = {
    let sodium = Sodium()
    Benchmark.teardown = { try Bench.removeAll() }

    let batch = Bench()
    compare("append of 1,000 statements in one call, and publish vs libsodium verify", count: 1000, seconds: 2) {
        try await batch.renew(statements: 1000)
    } baseline: {
        sodium.verify(count: $0)
    } subject: { _ in
        try await batch.appendAll()
    }

    let single = Bench()
    for standing in [0, 5000] {
        let name = "append of one statement at a time, \(standing) standing vs write and fdatasync of 250 B"
        compare(name, count: 50, seconds: standing == 0 ? 2 : 5) {
            try await single.renew(statements: 50, behind: standing)
        } baseline: {
            try single.writeDurably(count: $0)
        } subject: { _ in
            try await single.appendEach()
        }
    }

    compare("ledger of 5,000 opened vs libsodium, hashing of its entries", count: 1, seconds: 2) { _ in
        Sodium.hash(251, count: 5000)
        Sodium.hash(65, count: 5000)
    } subject: { _ in
        try await Bench.standing.reopen()
    }

    for depth in [CheckDepth.tree, .chains, .statements] {
        compare("fsck of an entry, depth \(depth) vs libsodium SHA-256 of 251 B and of 65 B", count: 5000, seconds: 2) {
            Sodium.hash(251, count: $0)
            Sodium.hash(65, count: $0)
        } subject: { _ in
            try await Bench.standing.fsck(depth)
        }
    }
}
