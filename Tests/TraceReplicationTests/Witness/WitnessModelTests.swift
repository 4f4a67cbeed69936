import TestSupport
import Testing
import TraceProof
import TraceReplication

/// A witness against a model that holds whole histories: it answers 200 exactly where the entries that it cosigned are the
/// first ones of what it is shown.
@Suite("A witness and its model") struct WitnessModelTests {
    /// A log that forked some times: each history is a list of leaves.
    private struct Model {
        var histories: [[Digest]]
        /// The leaves that the witness cosigned last.
        var held: [Digest] = []
        var cosigned = 0
        var refused = 0
        var findings = 0
    }

    @Test func itNeverCosignsTwoHistories() async throws {
        await forAllInTurn(25) { generator in
            let world = try WitnessWorld([try TestLog()])
            let size = Int.random(in: 1...70, using: &generator)
            let trunk = leaves(size, 0)
            // Another history splits off somewhere.
            let split = Int.random(in: 0..<size, using: &generator)
            var model = Model(histories: [trunk, trunk[..<split] + leaves(size - split, 1)])
            for step in 0..<30 {
                try await take(step, &model, world, &generator)
            }
            try check(model.cosigned > 0, "nothing was ever cosigned")
        }
    }

    private func leaves(_ count: Int, _ salt: UInt8) -> [Digest] {
        (0..<count).map { TreeHash.leaf([salt, UInt8($0)]) }
    }

    private func take(
        _ step: Int,
        _ model: inout Model,
        _ world: WitnessWorld,
        _ generator: inout SeededGenerator
    ) async throws {
        var log = try TestLog()
        let history = try #require(model.histories.randomElement(using: &generator))
        log.tree = MerkleTree(leaves: history)
        let new = Int.random(in: 0...history.count, using: &generator)
        let held = model.held.count
        // Mostly the size that is held; sometimes another one.
        let old =
            Int.random(in: 0..<4, using: &generator) == 0 ? Int.random(in: 0...history.count, using: &generator) : held
        var path = old <= new ? try log.path(old, new) : []
        let isMangled = Int.random(in: 0..<6, using: &generator) == 0
        if isMangled { mangle(&path, &generator) }

        let outcome = await world.witness.addCheckpoint(try log.request(old: old, path: path, log.checkpoint(new)))
        let extends = history.prefix(held) == model.held[...]
        let wanted =
            if old > new { 400 } else if old != held { 409 } else if isMangled || !extends { 422 } else { 200 }
        try check(
            outcome.response.status == wanted,
            "step \(step): \(outcome.response.status), not \(wanted), for \(old) to \(new) with \(held) held"
        )
        // A finding is a fork, and where it can be told it is told.
        if let finding = outcome.finding {
            model.findings += 1
            try check(!extends && finding.shown.checkpoint.head == (try log.tree.head(at: UInt64(new))), "no fork")
        } else if wanted == 422, !isMangled {
            try check(
                new > held && held.nonzeroBitCount == 1,
                "step \(step): a fork from \(held) to \(new) is not told"
            )
        }
        if wanted == 200 {
            model.held = Array(history.prefix(new))
            model.cosigned += 1
        } else {
            model.refused += 1
        }
        let latest = try await world.witness.latest(OriginHash(log.origin))
        try check(
            (latest?.checkpoint.head ?? .empty) == MerkleTree(leaves: model.held).head,
            "step \(step): another head is recorded than was cosigned last"
        )
    }

    /// Any change of a path makes it another one.
    private func mangle(_ path: inout [Digest], _ generator: inout SeededGenerator) {
        guard let place = path.indices.randomElement(using: &generator), Bool.random(using: &generator) else {
            path.append(TreeHash.leaf([9]))
            return
        }
        if Bool.random(using: &generator) { path.remove(at: place) } else { path[place] = TreeHash.leaf([9]) }
    }
}
