import Synchronization
import TraceSigning

/// Serial numbers that nobody guesses: 60 random bits in 12 characters, no two alike in a run.
///
/// The alphabet has neither 0 and O nor 1 and I, since people read them out. Who knows one serial number knows nothing of
/// another one, nor how many there are.
final class RandomSerials: Sendable {
    /// The most of one run: those given out are remembered.
    static let maximumCount = 1 << 24
    static let length = 12

    private static let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ".utf8)
    private let given = Mutex<Set<[UInt8]>>([])

    /// The next one.
    func next() -> String {
        while true {
            let serial = RandomBytes.make(RandomSerials.length).map { RandomSerials.alphabet[Int($0 & 31)] }
            if given.withLock({ $0.insert(serial).inserted }) { return String(decoding: serial, as: UTF8.self) }
        }
    }

    /// Keeps a serial number from being given out again.
    func keepOut(_ serial: String) { _ = given.withLock { $0.insert(Array(serial.utf8)) } }
}
