internal import TraceProof

/// Two checkpoints of one ledger that do not go together, kept in `evidence/` of a directory with what proves it.
struct Evidence {
    let held: SignedCheckpoint?
    let shown: SignedCheckpoint
    /// The consistency path below the larger head, which leads to its root and not from the smaller one's.
    var path: [Digest] = []
    /// The entry that is wrong, where one is.
    var statement: [UInt8]?
    let reason: String

    /// Writes it durably and gives the directory's path. The same evidence always has the same name.
    func keep(in directory: String, kind: MirrorStop.Kind) throws(LedgerError) -> String {
        let digest = Hex.encode(SHA256.hash((held?.bytes ?? []) + shown.bytes).bytes.prefix(8))
        let folder = "\(directory)/evidence/\(kind.rawValue)-\(shown.checkpoint.head.size)-\(digest)"
        do throws(FileError) {
            try DurableFolders.makeRoot(folder)
            try DurableFiles.write(shown.bytes, to: "\(folder)/shown.checkpoint")
            if let held { try DurableFiles.write(held.bytes, to: "\(folder)/held.checkpoint") }
            if !path.isEmpty { try DurableFiles.write(Array(proof.utf8), to: "\(folder)/consistency") }
            if let statement { try DurableFiles.write(statement, to: "\(folder)/statement.cose") }
            // Last: where it stands, the rest does.
            try DurableFiles.write(Array((reason + "\n").utf8), to: "\(folder)/reason.txt")
        } catch { throw .file(error) }
        return folder
    }

    /// In the form of a tlog-witness request: `old SIZE`, then a hash a line in base64.
    private var proof: String {
        let sizes = [held?.checkpoint.head.size ?? 0, shown.checkpoint.head.size]
        return (["old \(sizes.min() ?? 0)"] + path.map { Base64.encode($0.bytes) }).joined(separator: "\n") + "\n"
    }
}
