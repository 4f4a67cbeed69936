import Foundation

/// Work on pieces on all cores, whose results are taken one by one in the order of the pieces.
enum OrderedPieces {
    /// Takes pieces from `next` until there is none, does `work` on several at a time, and hands the results to `take` in their
    /// order. Neither more pieces nor more results than twice the cores are in memory.
    ///
    /// - Throws: what `next`, `work` of the earliest piece, or `take` throws.
    static func run<Piece: Sendable, Value: Sendable>(
        _ next: () throws -> Piece?,
        work: @escaping @Sendable (Piece) throws -> Value,
        take: (Value) throws -> Void
    ) async throws {
        let width = 2 * ProcessInfo.processInfo.activeProcessorCount
        try await withThrowingTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
            var (started, taken, isAtEnd) = (0, 0, false)
            var early: [Int: Result<Value, any Error>] = [:]
            var failure: (any Error)?
            while true {
                while !isAtEnd, started - taken < width {
                    let piece: Piece?
                    do { piece = try next() } catch {
                        // What went wrong before it is told first.
                        (piece, failure) = (nil, error)
                    }
                    guard let piece else {
                        isAtEnd = true
                        break
                    }
                    let number = started
                    group.addTask { (number, Result { try work(piece) }) }
                    started += 1
                }
                guard let (number, result) = try await group.next() else { break }
                early[number] = result
                while let result = early.removeValue(forKey: taken) {
                    try take(try result.get())
                    taken += 1
                }
            }
            if let failure { throw failure }
        }
    }
}
