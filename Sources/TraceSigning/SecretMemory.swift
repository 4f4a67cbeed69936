internal import CSodium

/// libsodium, ready for use.
enum Sodium {
    private static let initialised: Void = {
        // It fails only where the system has no source of randomness: nothing of this module could then keep its word.
        let result = sodium_init()
        precondition(result >= 0, "libsodium could not start: the system has no source of random bytes")
    }()

    /// Starts libsodium, once a process: it picks its fastest code and opens its random source.
    static func start() { initialised }
}

/// Bytes that must not be left behind: in memory of their own between guard pages, locked out of swap where the system
/// allows it, left out of core dumps, and wiped when the value ends (`sodium_malloc`, `sodium_free`).
///
/// `@unchecked Sendable` holds because this is the only owner of its memory: the value cannot be copied, the pointer stays
/// within the closures, and only a `mutating` call, hence an exclusive one, writes.
@safe
struct SecretMemory: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    /// The size in bytes.
    let count: Int

    /// `count` bytes, all zero.
    init(count: Int) {
        Sodium.start()
        // As with every allocation of Swift, there is no going on without memory.
        guard let base = unsafe sodium_malloc(count) else {
            preconditionFailure("no guarded memory left: \(count) bytes for a secret (see vm.max_map_count)")
        }
        unsafe sodium_memzero(base, count)
        unsafe self.base = unsafe base
        self.count = count
    }

    deinit { unsafe sodium_free(base) }

    /// Calls `body` with the bytes.
    borrowing func withBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = unsafe UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt8.self), count: count)
        return try unsafe body(bytes)
    }

    /// Calls `body` with the bytes, to be written.
    mutating func withMutableBytes<Result, Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = unsafe UnsafeMutableBufferPointer(start: base.assumingMemoryBound(to: UInt8.self), count: count)
        return try unsafe body(bytes)
    }

    /// Takes the memory away from the whole process until ``unseal()``: a stray read then ends the process instead of leaking.
    mutating func seal() { unsafe require(sodium_mprotect_noaccess(base)) }

    /// Makes the bytes readable again.
    mutating func unseal() { unsafe require(sodium_mprotect_readonly(base)) }

    private func require(_ result: CInt) {
        // mprotect on pages that are ours fails only when the kernel has no memory to split a mapping.
        precondition(result == 0, "the protection of a secret's memory could not be changed")
    }
}
