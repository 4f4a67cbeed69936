internal import TraceProof

/// What to do about a checkpoint that a source shows, by the two heads alone.
enum MirrorPlan: Equatable {
    /// It is the one that is held.
    case unchanged
    /// It is larger: to be proved an extension and fetched.
    case extend
    /// It is of the same size with another root: a fork, proved by the two.
    case fork
    /// It is smaller: a rollback where the held tree extends it, else a fork.
    case behind

    /// Compares what is held with what is shown; both are signed by the ledger.
    init(held: TreeHead, shown: TreeHead) {
        if shown.size > held.size {
            self = .extend
        } else if shown.size < held.size {
            self = .behind
        } else {
            self = shown == held ? .unchanged : .fork
        }
    }
}
