import TraceProof
import TraceSigning
import TraceStatements

/// Signs events one behind the other in a signer's chain.
struct ChainSigner {
    let signer: SigningKey
    let issuer: String
    /// Where the next statement belongs.
    private(set) var next: ChainLink

    init(_ options: SigningOptions, signer: SigningKey, next: ChainLink) {
        self.signer = signer
        self.issuer = options.issuer
        self.next = next
    }

    /// Signs an event of `document`, as of now.
    mutating func sign(_ event: PreparedEvent, of document: EventDocument) async throws -> Statement {
        let statement: Statement
        do {
            statement = try await Statement.sign(
                kind: .event,
                payload: event.payload,
                issuer: issuer,
                subject: event.subject,
                issuedAt: Clock.now,
                chain: next,
                with: signer
            )
        } catch let error as FormatError { throw document.refusal(error.reason, of: event) }
        next = ChainLink(sequence: next.sequence + 1, previous: statement.leafHash)
        return statement
    }
}
