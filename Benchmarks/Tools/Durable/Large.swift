import Foundation
import TraceLedger
import TraceProof
import TraceSigning

/// A ledger of many entries: how long it takes to open, to prove from disk, to check; and what memory stays at.
struct Large {
    private let count: Int
    private let directory: String
    private let key: SigningKey

    init(entries: Int, _ directory: String) throws {
        (count, self.directory) = (entries, directory)
        // The same key every time, so that the ledger can be used again.
        key = try SigningKey(seed: [UInt8](repeating: 1, count: SigningKey.seedByteCount))
    }

    func run() async throws {
        if !FileManager.default.fileExists(atPath: "\(directory)/checkpoint") { try await build() }
        let memory = residentBytes()
        var opens: [Double] = []
        for _ in 0..<11 {
            var ledger: Ledger?
            opens.append(
                try await seconds {
                    ledger = try await Ledger.open(directory, signer: key, checker: SodiumSignatureChecker())
                }
            )
            try await ledger?.close()
        }
        print("opened: median \(time(opens.median)), worst \(time(opens.max() ?? 0)) (goal under 5 ms)")
        try await prove()
        let report = Fsck.run
        let reader = try await LedgerReader(DirectorySource(directory), checker: SodiumSignatureChecker())
        var size: UInt64 = 0
        let total = await seconds {
            size = await report(DirectorySource(directory), reader.key, .tree, SodiumSignatureChecker(), { _, _ in })
                .size
        }
        print("fsck at depth tree: \(format(Double(size) / total)) entries/s (goal 2 M)")
        print("memory: \(memory >> 20) MB at first, \(residentBytes() >> 20) MB at the end")
    }

    private func build() async throws {
        let ledger = try await Ledger.create(
            directory,
            origin: "large.example",
            signer: key,
            admitsAnyEntry: true,
            created: 0,
            nonce: [UInt8](repeating: 7, count: 16),
            checker: SodiumSignatureChecker()
        )
        let total = try await seconds {
            for start in stride(from: 0, to: count, by: 4096) {
                _ = try await ledger.append(entries: Bench.entries(min(4096, count - start), from: start))
            }
            try await ledger.close()
        }
        let memory = residentBytes() >> 20
        print("built: \(count) entries in \(format(total)) s, \(format(Double(count) / total))/s, closed, \(memory) MB")
    }

    /// Random proofs, each by a reader that has nothing in its cache.
    private func prove() async throws {
        var (cold, warm): ([Double], [Double]) = ([], [])
        let shared = try await LedgerReader(DirectorySource(directory), checker: SodiumSignatureChecker())
        let head = try await shared.checkpoint().checkpoint.head
        for _ in 0..<2000 {
            let index = UInt64.random(in: 1..<head.size)
            let leaf = TreeHash.leaf(Bench.entries(1, from: Int(index) - 1)[0])
            let reader = LedgerReader(DirectorySource(directory), key: shared.key, checker: SodiumSignatureChecker())
            cold.append(try await seconds { _ = try await reader.inclusionProof(index: index, leaf: leaf, in: head) })
            warm.append(try await seconds { _ = try await shared.inclusionProof(index: index, leaf: leaf, in: head) })
        }
        print("random proof from disk, a reader each: median \(time(cold.median)) (goal 45 µs)")
        print("the same, one reader for all: median \(time(warm.median))")
    }

    private func residentBytes() -> Int {
        let statm = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
    }
}
