internal import TraceProof

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

extension Fsck {
    /// The writer's own files, where this is its directory and they may be read: what the next opening will stand on.
    ///
    /// A copy without a signed checkpoint in `state/` is none the worse for it: only its writer needs one.
    static func stateFindings(_ reader: LedgerReader, shown: TreeHead) async -> [(file: String, reason: String)] {
        guard let directory = reader.source as? DirectorySource,
            DurableFiles.exists("\(directory.name)/\(Layout.signedCheckpoint)", on: directory.system)
        else { return [] }
        var findings: [(file: String, reason: String)] = []
        var size = shown.size
        do {
            let signed = try await reader.checkpoint(at: Layout.signedCheckpoint).checkpoint.head
            if signed.size < shown.size || (signed.size == shown.size && signed != shown) {
                let reason =
                    "it is of size \(signed.size), and size \(shown.size) was published: state/ was rolled back"
                findings.append((Layout.signedCheckpoint, reason))
            }
            size = max(size, signed.size)
        } catch  where isForbidden(error) {
            return []
        } catch { findings.append((Layout.signedCheckpoint, "\(error)")) }
        do { _ = try Journal.read("\(directory.name)/\(Layout.journal)", published: size, on: directory.system) } catch
        {
            let path = error.path.dropFirst(directory.name.count + 1)
            findings.append((path.isEmpty ? Layout.journal : String(path), "\(error)"))
        }
        return findings
    }

    /// Whether the system keeps the file from whoever runs the check, which says nothing about the file.
    private static func isForbidden(_ error: any Error) -> Bool {
        if let error = error as? LedgerError, case .file(let file) = error { return file.code == EACCES }
        return false
    }
}
