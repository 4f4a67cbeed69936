/// The lock of a directory that somebody writes into, be it the ledger's writer, a mirror or a repair.
final class DirectoryLock: Sendable {
    private let lock: WriterLock

    /// Takes the lock, making `state/` for it where there is none.
    init(_ directory: String) throws(LedgerError) {
        do throws(FileError) {
            try DurableFolders.makeRoot(directory)
            try DurableFolders.makeRoot("\(directory)/\(Layout.state)", mode: 0o700)
            lock = try WriterLock("\(directory)/\(Layout.lock)")
        } catch { throw .file(error) }
    }
}
