internal import TraceProof

/// Finds a file that the ledger signed in several copies: what was signed is checked, so it does not matter where it is from.
struct CheckpointCandidates: Sendable {
    let copies: [LedgerCopy]
    let keys: LedgerKeys
    let checker: any SignatureChecker

    /// The checkpoints that a copy shows or keeps for a size, its own last signed one included.
    private static func places(_ size: UInt64) -> [String] {
        [Layout.keptCheckpoint(size), Layout.checkpoint, Layout.signedCheckpoint]
    }

    /// The signed checkpoint of a head, with the most signatures that any copy has.
    func checkpoint(_ head: TreeHead) async -> (SignedCheckpoint, source: String)? {
        var best: (SignedCheckpoint, source: String)?
        for copy in copies {
            for path in CheckpointCandidates.places(head.size) where path != Layout.signedCheckpoint || copy.isLocal {
                guard let signed = try? await copy.reader.checkpoint(at: path), signed.checkpoint.head == head else {
                    continue
                }
                if signed.note.signatures.count > best?.0.note.signatures.count ?? 0 {
                    best = (signed, copy.source.name)
                }
            }
        }
        return best
    }

    /// The COSE root signature over a head's root; `nil` where no copy has one.
    ///
    /// - Throws: what a source failed with that did not answer, where no other has one.
    func rootSignature(_ head: TreeHead) async throws -> (bytes: [UInt8], source: String)? {
        var failure: (any Error)?
        for copy in copies {
            for path in [Layout.keptRootSignature(head.size), Layout.rootSignature] {
                do {
                    let signature = try await copy.reader.rootSignature(at: path, of: head)
                    return (signature.encoded(), copy.source.name)
                } catch is LedgerError { continue } catch { failure = error }
            }
        }
        if let failure { throw failure }
        return nil
    }
}

extension LedgerCopy {
    /// Whether its files are on this machine, those of `state/` included.
    var isLocal: Bool { source is DirectorySource }
}
