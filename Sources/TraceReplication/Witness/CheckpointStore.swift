public import TraceLedger

/// Where the latest checkpoint of each log is kept: state that must never go back, since a cosignature or a pending
/// checkpoint that others rely on stands on it.
public protocol CheckpointStore: Sendable {
    /// The note that is kept for a log; `nil` where none ever was.
    ///
    /// - Throws: where it cannot be read. That must never look like `nil`, which would let the log begin anew.
    func checkpoint(of log: OriginHash) async throws -> [UInt8]?

    /// Puts `new` in the place of `old` (`nil`: where there is none) as one step for all callers, and returns when it would
    /// survive a power cut; false, and nothing changes, where what is kept is not `old` any more.
    func replace(_ old: [UInt8]?, with new: [UInt8], of log: OriginHash) async throws -> Bool
}

extension DurableStore: CheckpointStore {
    /// The file named by the log's hash.
    public func checkpoint(of log: OriginHash) throws -> [UInt8]? { try read(log.description) }

    /// Compares and replaces that file.
    public func replace(_ old: [UInt8]?, with new: [UInt8], of log: OriginHash) throws -> Bool {
        try replace(old, with: new, in: log.description)
    }
}
