import Benchmark
import RawSodium
import TraceProof

/// The floor under every number of this project, in one run: what libsodium does by itself, then what we do.
///
/// Read the throughput: an iteration is one signature, one hash or one node (`scaledIterations`). goals.md asks for
/// ratios to the baselines, never for absolute times.
let benchmarks: @Sendable () -> Void = {
    precondition(sodium_init() >= 0, "libsodium does not start")
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput],
        warmupIterations: 3,
        scalingFactor: .kilo,
        maxDuration: .seconds(2)
    )

    Benchmark("baseline: libsodium Ed25519 sign, 250 B") { benchmark in
        let key = KeyPair()
        var signature = [UInt8](repeating: 0, count: 64)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            crypto_sign_detached(&signature, nil, entry, UInt64(entry.count), key.secret)
        }
        blackHole(signature)
    }

    Benchmark("baseline: libsodium Ed25519 verify, 250 B") { benchmark in
        let key = KeyPair()
        var signature = [UInt8](repeating: 0, count: 64)
        crypto_sign_detached(&signature, nil, entry, UInt64(entry.count), key.secret)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            blackHole(crypto_sign_verify_detached(signature, entry, UInt64(entry.count), key.public))
        }
    }

    Benchmark("baseline: libsodium SHA-256, 65 B") { benchmark in
        let node = [UInt8](repeating: 1, count: 65)
        var digest = [UInt8](repeating: 0, count: 32)
        for _ in benchmark.scaledIterations {
            crypto_hash_sha256(&digest, node, UInt64(node.count))
        }
        blackHole(digest)
    }

    Benchmark("tree node") { benchmark in
        var left = TreeHash.empty
        let right = TreeHash.leaf(entry)
        for _ in benchmark.scaledIterations { left = TreeHash.node(left, right) }
        blackHole(left)
    }

    Benchmark("leaf hash, 250 B") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(TreeHash.leaf(entry)) }
    }
}

/// An entry of the size that a signed one-EPC event has.
private let entry = [UInt8](repeating: 0x5A, count: 250)

private struct KeyPair {
    var `public` = [UInt8](repeating: 0, count: 32)
    var secret = [UInt8](repeating: 0, count: 64)

    init() { crypto_sign_keypair(&`public`, &secret) }
}
