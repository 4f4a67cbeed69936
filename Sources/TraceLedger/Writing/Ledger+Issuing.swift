public import TraceProof
public import TraceStatements

extension Ledger {
    /// What is to be signed and appended: a payload and what it is about.
    public struct Draft: Sendable {
        /// The payload's bytes.
        public let payload: [UInt8]
        /// The header's `sub`.
        public let subject: String

        /// A draft of these.
        public init(payload: [UInt8], subject: String) { (self.payload, self.subject) = (payload, subject) }
    }

    /// Why a draft was not issued, and with it none of the same call.
    public struct IssueRefusal: Error, Sendable, CustomStringConvertible {
        /// The draft's place, from 0.
        public let position: Int
        /// What is wrong, and the remedy.
        public let description: String
    }

    /// Signs drafts one behind the other in the signer's chain and appends them, all or none. What the issuer has in the ledger
    /// already is not signed again, unless `allowDuplicates`: its entry is the answer, so that a retry doubles nothing.
    ///
    /// The signer has no other writer meanwhile: one call at a time.
    /// - Throws: ``IssueRefusal`` for a draft that cannot be signed or is not admitted; else ``LedgerError`` and what the signer
    ///   throws.
    public func issue(
        _ drafts: [Draft],
        kind: StatementKind = .event,
        issuer: String,
        issuedAt: UInt64,
        with signer: any Signer,
        allowDuplicates: Bool = false,
        until milestone: Milestone = .committed,
        progress: (Int) -> Void = { _ in }
    ) async throws -> [Appended] {
        guard var link = await nextLink(for: signer.publicKey) else {
            throw LedgerError.corrupt(path: directory, reason: "the ledger has no genesis entry")
        }
        var (sources, statements, origins): ([IssueSource], [Statement], [Int]) = ([], [], [])
        var signed: [[UInt8]: Int] = [:]
        for (position, draft) in drafts.enumerated() {
            if !allowDuplicates, let standing = await standing(kind: kind, issuer: issuer, payload: draft.payload) {
                sources.append(.standing(standing))
            } else if !allowDuplicates, let earlier = signed[draft.payload] {
                sources.append(.repeated(earlier))
            } else {
                let statement: Statement
                do {
                    statement = try await Statement.sign(
                        kind: kind,
                        payload: draft.payload,
                        issuer: issuer,
                        subject: draft.subject,
                        issuedAt: issuedAt,
                        chain: link,
                        with: signer
                    )
                } catch let error as FormatError {
                    throw IssueRefusal(position: position, description: error.reason)
                }
                link = ChainLink(sequence: link.sequence + 1, previous: statement.leafHash)
                signed[draft.payload] = statements.count
                sources.append(.fresh(statements.count))
                statements.append(statement)
                origins.append(position)
            }
            progress(position + 1)
        }
        let appended = try await appendIssued(statements, origins, allowDuplicates, milestone)
        return sources.map { $0.entry(appended) }
    }

    private func appendIssued(
        _ statements: [Statement],
        _ origins: [Int],
        _ allowDuplicates: Bool,
        _ milestone: Milestone
    ) async throws -> [Appended] {
        do {
            return try await append(statements, allowDuplicates: allowDuplicates, until: milestone)
        } catch {
            // Not a pattern on the catch: Swift 6.3.1 crashes on that with typed throws.
            guard case .refused(let position, let reason) = error else { throw error }
            throw IssueRefusal(position: origins[position], description: reason.description)
        }
    }
}

/// Where the entry of a draft comes from.
private enum IssueSource {
    /// It stood in the ledger already.
    case standing(Ledger.Appended)
    /// The same draft stood earlier in the call.
    case repeated(Int)
    /// It was signed and appended now.
    case fresh(Int)

    func entry(_ appended: [Ledger.Appended]) -> Ledger.Appended {
        switch self {
        case .standing(let entry): entry
        case .fresh(let position): appended[position]
        case .repeated(let position): appended[position].asDuplicate
        }
    }
}
