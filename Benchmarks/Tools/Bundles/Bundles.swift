import Foundation
import TraceProof

/// Prints what evidence bundles cost: hashes of proof beside the goal of issue 5, bytes an event, and the time to decode and
/// verify one beside libsodium's time for its signatures alone.
///
/// usage: swift run --package-path Benchmarks -c release Bundles
@main
struct Bundles {
    static func main() async throws {
        try printHashes()
        print("")
        let world = try await BundleWorld()
        print(
            "| statements of 1 M | bytes a statement | of it proof | one core | signatures alone | ratio | all cores | ratio |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for count in [1, 100, 1000, 10_000] { print(try await world.row(count)) }
        print("\nMedians of 7 turns, ours and libsodium's alternating; decoding is in ours.")
    }

    private static func printHashes() throws {
        print("| entries | of | single proofs | multiproof | n x log2(N/n) | ratio, at most 1.05 | a run of them |")
        print("|---|---|---|---|---|---|---|")
        var generator = SystemRandomNumberGenerator()
        for size: UInt64 in [1_000_000, 1_000_000_000] {
            for count in [10, 100, 1000, 10_000, 100_000] {
                var set: Set<UInt64> = []
                while set.count < count { set.insert(UInt64.random(in: 0..<size, using: &generator)) }
                let indices = set.sorted()
                let hashes = try InclusionMultiproof.hashCount(indices: indices, treeSize: size)
                let single = try indices.reduce(0) {
                    try $0 + InclusionMultiproof.hashCount(indices: [$1], treeSize: size)
                }
                let start = UInt64.random(in: 0..<size - UInt64(count), using: &generator)
                let run = try InclusionMultiproof.hashCount(
                    indices: Array(start..<start + UInt64(count)),
                    treeSize: size
                )
                let goal = Double(count) * log2(Double(size) / Double(count))
                let ratio = String(format: "%.3f", Double(hashes) / goal)
                print("| \(count) | \(size) | \(single) | \(hashes) | \(Int(goal)) | \(ratio) | \(run) |")
            }
        }
    }
}
