import Foundation
public import Testing

/// Runs `body` with a random generator, `iterations` times; a failure is reported with the seed of its own iteration,
/// which `TRACE_SEED=<seed> swift test --filter <test>` runs again alone.
public func forAll(
    _ iterations: Int = 200,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (inout SeededGenerator) throws -> Void
) {
    let fixed = ProcessInfo.processInfo.environment["TRACE_SEED"].flatMap { UInt64($0) }
    for _ in 0..<(fixed == nil ? iterations : 1) {
        let seed = fixed ?? UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        withKnownSeed(seed, sourceLocation) { try body(&generator) }
    }
}

/// The same for a body that waits.
public func forAllInTurn(
    _ iterations: Int = 200,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (inout SeededGenerator) async throws -> Void
) async {
    let fixed = ProcessInfo.processInfo.environment["TRACE_SEED"].flatMap { UInt64($0) }
    for _ in 0..<(fixed == nil ? iterations : 1) {
        let seed = fixed ?? UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        do { try await body(&generator) } catch {
            Issue.record("seed \(seed): \(error)", sourceLocation: sourceLocation)
        }
    }
}

private func withKnownSeed(_ seed: UInt64, _ location: SourceLocation, _ body: () throws -> Void) {
    do { try body() } catch {
        Issue.record("seed \(seed): \(error)", sourceLocation: location)
    }
}

/// A property that does not hold: thrown inside ``forAll(_:sourceLocation:_:)``, which adds the seed.
public struct Falsified: Error, CustomStringConvertible {
    /// What did not hold.
    public let description: String

    /// A falsified property.
    public init(_ description: String) { self.description = description }
}

/// Throws ``Falsified`` unless `condition` holds.
public func check(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    guard condition else { throw Falsified(message()) }
}
