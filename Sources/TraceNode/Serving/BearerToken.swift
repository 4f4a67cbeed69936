internal import Synchronization
internal import TraceProof

/// A bearer token (RFC 6750) and what its holder may do. The token itself is not kept, only its SHA-256.
final class BearerToken: Sendable {
    /// What its holder is called in logs and metrics.
    let name: String
    private let digest: Digest
    private let bucket: TokenBucket?
    private let quota: DailyQuota?

    /// `nil` for a value that no `Authorization` header can hold, or that is too short to be one.
    init?(_ token: NodeConfiguration.Token, value: String) {
        guard (16...512).contains(value.utf8.count), value.utf8.allSatisfy(BearerToken.isToken68) else { return nil }
        name = token.name
        digest = SHA256.hash(Array(value.utf8))
        bucket = token.rate.map { TokenBucket(rate: $0, burst: max(1, $0)) }
        quota = token.quota.map { DailyQuota($0) }
    }

    /// Whether an `Authorization` header presents this token. What is compared are hashes: how long that takes says nothing
    /// about the token.
    func isPresented(by header: String) -> Bool {
        guard header.utf8.count <= 600, header.prefix(7).lowercased() == "bearer " else { return false }
        return SHA256.hash(Array(header.dropFirst(7).utf8)) == digest
    }

    /// Takes one request out of the rate; the seconds to wait where there is none left.
    func admit(now: ContinuousClock.Instant) -> Double? { bucket?.take(now: now) }

    /// Takes entries out of the day's quota; whether there were as many.
    func charge(_ count: Int, now: UInt64) -> Bool { quota?.charge(UInt64(clamping: count), now: now) ?? true }

    private static func isToken68(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
            || "-._~+/=".utf8.contains(byte)
    }
}

/// So many a second, with bursts.
final class TokenBucket: Sendable {
    private let rate: Double
    private let burst: Double
    private let state: Mutex<(level: Double, at: ContinuousClock.Instant)>

    /// `rate` a second, at most `burst` at once.
    init(rate: Double, burst: Double) {
        (self.rate, self.burst) = (rate, burst)
        state = Mutex((burst, .now))
    }

    /// Takes one; the seconds until there is one again where there is none.
    func take(now: ContinuousClock.Instant) -> Double? {
        state.withLock { state in
            let passed = (now - state.at) / .seconds(1)
            state = (min(burst, state.level + max(0, passed) * rate), max(now, state.at))
            guard state.level < 1 else {
                state.level -= 1
                return nil
            }
            return (1 - state.level) / rate
        }
    }

    /// Whether it is full: nobody took anything for a while.
    func isFull(now: ContinuousClock.Instant) -> Bool {
        state.withLock { $0.level + (now - $0.at) / .seconds(1) * rate >= burst }
    }
}

/// So many in a day of UTC.
private final class DailyQuota: Sendable {
    private let limit: UInt64
    private let state = Mutex<(day: UInt64, used: UInt64)>((0, 0))

    init(_ limit: UInt64) { self.limit = limit }

    func charge(_ count: UInt64, now: UInt64) -> Bool {
        state.withLock { state in
            let day = now / 86_400
            if state.day != day { state = (day, 0) }
            guard count <= limit - min(limit, state.used) else { return false }
            state.used += count
            return true
        }
    }
}
