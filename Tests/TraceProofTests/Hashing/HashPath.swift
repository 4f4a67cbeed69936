import CSodium
import CTraceHash
import Testing

/// The ways in which the kernel can hash, all of which this machine has are tested.
enum HashPath: UInt32, CaseIterable, CustomTestStringConvertible {
    case portable = 1
    case oneStream = 2
    case fourStreams = 3

    var testDescription: String { "\(self)" }

    /// The paths that this processor has.
    static let available = allCases.filter { path in
        defer { trace_hash_force(0) }
        return trace_hash_force(Int32(path.rawValue)) == 1
    }

    /// Runs `body` with the kernel kept to this path. The switch is one for the process.
    func run(_ body: () throws -> Void) rethrows {
        #expect(trace_hash_force(Int32(rawValue)) == 1)
        defer { trace_hash_force(0) }
        try body()
        #expect(trace_hash_current().rawValue == rawValue)
    }
}

/// SHA-256 by libsodium: the oracle.
func sodiumSHA256(_ message: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    _ = unsafe crypto_hash_sha256(&digest, message, UInt64(message.count))
    return digest
}
