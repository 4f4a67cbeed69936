#if THREAD_SANITIZER
#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// Stands for `Synchronization.Mutex` in builds of `scripts/sanitize thread` only.
///
/// The standard library's waits in code that the sanitizer does not see: whatever two threads do under it one after the
/// other looks like a race. A pthread mutex it knows. The interface is that of the original.
@safe final class Mutex<Value: ~Copyable>: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var value: Value

    init(_ initial: consuming sending Value) {
        value = initial
        unsafe lock.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(lock, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(lock)
        unsafe lock.deallocate()
    }

    func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        return try body(&value)
    }
}
#endif
