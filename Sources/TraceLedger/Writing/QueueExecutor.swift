internal import Dispatch

/// Runs an actor on a dispatch queue of its own: file calls block, and on two cores two of them would fill the pool that
/// everything else of the process runs on.
final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(_ label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
