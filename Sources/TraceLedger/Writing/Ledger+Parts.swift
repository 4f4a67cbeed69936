internal import Synchronization
internal import TraceProof
internal import TraceStatements

extension Ledger {
    /// What sequencer, publisher and index have in common.
    struct Parts: Sendable {
        let directory: String
        let information: LedgerInformation
        let signer: any Signer
        let checker: any SignatureChecker
        let configuration: Configuration
        let system: any FileSystem
        let folders: DurableFolders
        let gate: WriterGate
        let tail: CommittedTail
        let index: EntryIndex
        let admission: Admission
        let registry: RegistryAdmission?
        let queue = SubmissionQueue()
        let cadence = Cadence()
        let retries = Retries()
        let mapCadence = Cadence()

        func path(_ relative: String) -> String { "\(directory)/\(relative)" }

        func read(_ relative: String, limit: Int) throws(FileError) -> [UInt8]? {
            try DurableFiles.read(path(relative), limit: limit, on: system)
        }

        func write(_ bytes: [UInt8], _ relative: String, mode: UInt32 = 0o644) throws(FileError) {
            try DurableFiles.write(bytes, to: path(relative), mode: .init(mode), on: system)
        }

        func remove(_ relative: String) throws(FileError) { try DurableFiles.remove(path(relative), on: system) }

        /// Removes the partial files of one tile or bundle: published sizes stay provable from the full one.
        func removePartial(_ relative: String) throws(FileError) {
            let folder = path(relative)
            for width in try DurableFiles.list(folder, on: system) {
                try DurableFiles.remove("\(folder)/\(width)", on: system)
            }
            try DurableFiles.removeDirectory(folder, on: system)
            folders.forget(folder)
        }

        func corrupt(_ relative: String, _ reason: String) -> LedgerError {
            .corrupt(path: path(relative), reason: reason)
        }

        /// A reader of the own directory.
        var reader: LedgerReader {
            LedgerReader(DirectorySource(directory, on: system), keys: information.keys, checker: checker)
        }
    }

    /// Whether a publication is on its way by itself: one that waits for its time, and one that does not.
    final class Cadence: Sendable {
        private let scheduled = Mutex<(later: Bool, now: Bool)>((false, false))

        /// Whether the caller is the one to schedule it.
        func schedule(now isUrgent: Bool) -> Bool {
            scheduled.withLock { scheduled in
                defer { if isUrgent { scheduled.now = true } else { scheduled.later = true } }
                return isUrgent ? !scheduled.now : !scheduled.later && !scheduled.now
            }
        }

        func done(now isUrgent: Bool) {
            scheduled.withLock { if isUrgent { $0.now = false } else { $0.later = false } }
        }
    }

    /// When cosigners that did not answer are asked again: once at a time, twice as late each time.
    final class Retries: Sendable {
        private let state = Mutex<(isWaiting: Bool, failures: Int)>((false, 0))

        /// How long to wait; `nil` where somebody waits already.
        func next() -> Duration? {
            state.withLock { state in
                guard !state.isWaiting else { return nil }
                state.isWaiting = true
                state.failures = min(state.failures + 1, 6)
                return .milliseconds(500 << (state.failures - 1))
            }
        }

        /// The wait is over.
        func begin() { state.withLock { $0.isWaiting = false } }

        /// They answered.
        func succeeded() { state.withLock { $0.failures = 0 } }
    }

    static func ledgerError(_ error: any Error) -> LedgerError {
        if let error = error as? LedgerError { return error }
        if let error = error as? FileError { return .file(error) }
        if error is FormatError || error is ProofError { return .corrupt(path: "", reason: "\(error)") }
        return .unsigned(reason: "\(error)")
    }
}
