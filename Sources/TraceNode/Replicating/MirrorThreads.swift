internal import NIOPosix

/// The threads that mirrors work on: file calls block and signatures take their time, and the pool that serves requests
/// must not wait for either.
///
/// A task that prefers them brings its child tasks along, and the actors that it calls.
final class MirrorThreads: TaskExecutor {
    private let pool: NIOThreadPool

    /// So many threads, started.
    init(_ count: Int) {
        pool = NIOThreadPool(numberOfThreads: max(1, count))
        pool.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Also where the pool has ended: a job that is dropped would be awaited for ever.
        pool.submit { _ in unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Ends the threads, once what was asked of them is done.
    func stop() async { try? await pool.shutdownGracefully() }
}
