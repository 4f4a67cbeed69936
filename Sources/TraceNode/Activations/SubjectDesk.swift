internal import HTTPTypes
internal import Synchronization
internal import TraceLedger
internal import TraceProof
internal import TraceSigning
internal import TraceVerification

/// Proofs of completeness from the ledgers here, own and mirrored alike: an index of subjects for each, made when it is first
/// asked for.
final class SubjectDesk: Sendable {
    /// A ledger and where its copy is.
    struct Place: Sendable {
        let origin: String
        let directory: String
        /// The key that a mirrored ledger began with here; `nil` for an own one, whose directory is believed.
        let key: VerifierKey?
    }

    private let limit: Int
    private let checker = SodiumSignatureChecker()
    private let cache = TileCache()
    private let indices = Mutex<[String: SubjectIndex]>([:])

    /// A desk that keeps at most so many subjects of each ledger.
    init(limit: Int) { self.limit = limit }

    /// The proof of which entries of a ledger are about a subject.
    ///
    /// - Throws: ``Problem`` 404 where the ledger proves nothing yet, 503 where it is being read or has too many subjects.
    func proof(of subject: String, in place: Place) async throws -> SubjectProof {
        let index = indices.withLock { indices in
            if let found = indices[place.origin] { return found }
            let made = SubjectIndex(limit: limit)
            indices[place.origin] = made
            return made
        }
        do { return try await index.proof(of: subject, in: try await reader(place)) } catch let error as SubjectIndexError {
            throw Problem.unavailable("no proof at the moment", detail: error.description)
        } catch LedgerError.notFound(let reason) {
            throw Problem(.notFound, "the ledger proves nothing of its subjects yet", detail: reason)
        }
    }

    private func reader(_ place: Place) async throws -> LedgerReader {
        let source = DirectorySource(place.directory)
        guard let key = place.key else {
            let keys = try await LedgerReader.information(source).keys
            return LedgerReader(source, keys: keys, checker: checker, cache: cache)
        }
        return try await LedgerReader(source, key: key, checker: checker, cache: cache).following()
    }
}
