internal import Synchronization
internal import TraceProof

/// The signing keys that the entries so far introduced, as the check's fold found them: whoever verifies signatures ahead
/// of it looks here first. A kid keeps its first key for good, so what is found here is final.
final class KeyTable: Sendable {
    private let keys = Mutex<[UInt64: PublicKey]>([:])

    subscript(keyID: UInt64) -> PublicKey? { keys.withLock { $0[keyID] } }

    func insert(_ key: PublicKey, for keyID: UInt64) { keys.withLock { $0[keyID] = key } }
}
