import EPCISJSON
import TraceLedger
import TraceProof

/// How a command ends when it does not end well: the exit codes of `Docs/CLI.md`.
enum ExitStatus: Int32 {
    /// Found to be wrong: a refused event, a bad proof, a ledger that is not sound.
    case wrong = 1
    /// Usage, unreadable input, or a key or input that is missing.
    case usage = 2
    /// I/O or network failure.
    case unavailable = 3
}

/// What a command gives up with: one line for standard error, and the exit code.
struct CommandFailure: Error {
    let status: ExitStatus
    let message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// The failure that an error of a module is to a user.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as LedgerError: self.init(CommandFailure.status(of: error), error.description)
        case let error as FileError: self.init(CommandFailure.status(of: error), error.description)
        case let error as MirrorStop: self.init(.wrong, error.description)
        case let error as RestoreRefusal: self.init(CommandFailure.status(of: error), error.description)
        case let error as FormatError: self.init(.usage, error.description)
        case let error as JSONError: self.init(.usage, error.description)
        case let error as ProofError: self.init(.wrong, error.description)
        case let error as GS1Problem: self.init(.wrong, error.description)
        case let error as COSEError: self.init(.wrong, error.description)
        default: self.init(.unavailable, "\(error)")
        }
    }

    /// The same failure with the name of what it is about in front.
    init(_ error: any Error, in name: String) {
        let failure = CommandFailure(error)
        self.init(failure.status, "\(name): \(failure.message)")
    }

    /// What the system did not do is I/O; what this program found in a file (no `errno`) is unreadable input.
    private static func status(of error: FileError) -> ExitStatus { error.code == 0 ? .usage : .unavailable }

    private static func status(of error: RestoreRefusal) -> ExitStatus {
        switch error {
        case .behind, .fork: .wrong
        case .tooFew: .unavailable
        case .moved, .notAsked: .usage
        }
    }

    private static func status(of error: LedgerError) -> ExitStatus {
        switch error {
        case .file(let error): status(of: error)
        case .closed, .unsigned, .unwitnessed: .unavailable
        case .corrupt, .untrusted, .refused: .wrong
        case .unreadable, .notFound: .usage
        }
    }
}

extension CommandFailure: CustomStringConvertible {
    /// What is said to the user.
    var description: String { message }
}
