public import TraceProof
public import TraceStatements

/// Checks statements that come one after the other, in memory that does not grow with how many there are: what is kept is the
/// newest entry of each signer.
///
/// ```swift
/// var stream = StatementStream(verifier)
/// while let statement = try await source.next() {
///     let report = stream.verify(statement)   // key, signature, and the link to the signer's previous one
/// }
/// ```
/// A report is about its statement alone; that a key ended is judged without what stands behind it in the stream.
public struct StatementStream<Checker: SignatureChecker>: Sendable {
    private let verifier: Verifier<Checker>
    private var chains = SeenChains()

    /// A stream of which nothing was seen yet.
    public init(_ verifier: Verifier<Checker>) { self.verifier = verifier }

    /// Checks the next statement.
    public mutating func verify(_ statement: Statement) -> VerificationReport {
        var report = VerificationReport(type: "statement", best: .issued)
        verifier.check(statement, &chains, &report)
        verifier.judgeKeys(&report)
        return report
    }
}
