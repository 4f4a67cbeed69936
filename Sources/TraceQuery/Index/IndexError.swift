/// Why the index gave no answer. It is derived, so nothing is lost: ``EventIndex/update()`` makes it again where it has to.
public enum IndexError: Error, Sendable {
    /// The file cannot be made, opened or written.
    case file(path: String, reason: String)
    /// The file is not what the ledger says, or not a database any more; the next ``EventIndex/update()`` makes it anew.
    case damaged(path: String, reason: String)
}

extension IndexError: CustomStringConvertible {
    /// What is wrong, where, and the remedy.
    public var description: String {
        switch self {
        case .file(let path, let reason): "\(path): \(reason)"
        case .damaged(let path, let reason): "\(path): \(reason); it is derived, and made again from the ledger"
        }
    }
}
