internal import TraceProof
internal import TraceVerification

/// Two checkpoints of one ledger that do not go together, kept in `evidence/` of a directory with what proves it.
struct Evidence {
    let held: SignedCheckpoint?
    let shown: SignedCheckpoint
    /// The root that the larger tree had at the smaller size, where two sizes do not go together.
    var prefix: PrefixProof?
    /// The entry that is wrong, where one is.
    var statement: [UInt8]?
    let reason: String

    /// Writes it durably and gives the directory's path. The same evidence always has the same name.
    ///
    /// A fork is also one file, `fork.evidence`, that proves it to anybody.
    func keep(in directory: String, kind: MirrorStop.Kind) throws(LedgerError) -> String {
        let digest = Hex.encode(SHA256.hash((held?.bytes ?? []) + shown.bytes).bytes.prefix(8))
        let folder = "\(directory)/evidence/\(kind.rawValue)-\(shown.checkpoint.head.size)-\(digest)"
        do throws(FileError) {
            try DurableFolders.makeRoot(folder)
            try DurableFiles.write(shown.bytes, to: "\(folder)/shown.checkpoint")
            if let held { try DurableFiles.write(held.bytes, to: "\(folder)/held.checkpoint") }
            if kind == .fork, let fork { try DurableFiles.write(fork.encoded, to: "\(folder)/fork.evidence") }
            if let statement { try DurableFiles.write(statement, to: "\(folder)/statement.cose") }
            // Last: where it stands, the rest does.
            try DurableFiles.write(Array((reason + "\n").utf8), to: "\(folder)/reason.txt")
        } catch { throw .file(error) }
        return folder
    }

    /// `nil` where the tiles that would prove it are not to be had: the two checkpoints are kept all the same.
    private var fork: ForkEvidence? { held.flatMap { try? ForkEvidence($0, shown, path: prefix?.path ?? []) } }
}
