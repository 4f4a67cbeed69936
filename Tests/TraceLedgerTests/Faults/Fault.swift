import TestSupport

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// One thing that goes wrong, at one system call of a process.
struct Fault: Sendable, CustomStringConvertible {
    enum Kind: Sendable, CaseIterable {
        /// The call fails with this error, and nothing of it happened.
        case inputOutput, noSpace, interrupted
        /// The call fails with this error, and all of it happened.
        case inputOutputButDone, noSpaceButDone, interruptedButDone
        /// Half of the bytes are written, which is no error.
        case shortWrite
        /// The process dies before the call, and after it. What it wrote stays in the page cache.
        case killedBefore, killedAfter
        /// The power is cut before the call, and after it.
        case powerBefore, powerAfter

        var code: Int32 {
            switch self {
            case .noSpace, .noSpaceButDone: ENOSPC
            case .interrupted, .interruptedButDone: EINTR
            default: EIO
            }
        }

        /// Whether the call takes place.
        var isDone: Bool {
            switch self {
            case .inputOutputButDone, .noSpaceButDone, .interruptedButDone, .killedAfter, .powerAfter: true
            default: false
            }
        }

        /// Whether a synchronization that failed so dropped the pages: an interrupted one left them dirty.
        var dropsPages: Bool { self == .inputOutput || self == .noSpace }

        var isKill: Bool { self == .killedBefore || self == .killedAfter }
        var isPowerCut: Bool { self == .powerBefore || self == .powerAfter }
        /// Whether the process lives on.
        var isError: Bool { !isKill && !isPowerCut && self != .shortWrite }
    }

    let kind: Kind
    /// The call that it strikes, counted from 1.
    let call: Int
    /// Decides which sectors and names a power cut, or a synchronization that fails, leaves.
    let seed: UInt64

    var description: String { "\(kind) at call \(call), TRACE_FAULT=\(kind):\(call):\(seed)" }

    init(_ kind: Kind, call: Int, seed: UInt64) { (self.kind, self.call, self.seed) = (kind, call, seed) }

    /// The fault that a failure printed.
    init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 3, let kind = Kind.allCases.first(where: { "\($0)" == parts[0] }),
            let call = Int(parts[1]), let seed = UInt64(parts[2])
        else { return nil }
        self.init(kind, call: call, seed: seed)
    }
}
