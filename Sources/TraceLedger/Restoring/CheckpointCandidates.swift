internal import TraceProof

/// Finds a file that the ledger signed in several copies: what was signed is checked, so it does not matter where it is from.
struct CheckpointCandidates: Sendable {
    let copies: [LedgerCopy]
    let key: VerifierKey
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
                if signed.note.signatures.count > best?.0.note.signatures.count ?? 0 { best = (signed, copy.source.name) }
            }
        }
        return best
    }

    /// The COSE root signature over a head's root.
    func rootSignature(_ head: TreeHead) async -> (bytes: [UInt8], source: String)? {
        for copy in copies {
            for path in [Layout.keptRootSignature(head.size), Layout.rootSignature] {
                if let signature = try? await copy.reader.rootSignature(at: path, root: head.root) {
                    return (signature.encoded(), copy.source.name)
                }
            }
        }
        return nil
    }
}

extension LedgerCopy {
    /// Whether its files are on this machine, those of `state/` included.
    var isLocal: Bool { source is DirectorySource }
}
