#if THREAD_SANITIZER
@testable import TraceLedger

/// See `Sources/TraceLedger/Files/ThreadSanitizerMutex.swift`.
typealias Mutex = TraceLedger.Mutex
#endif
