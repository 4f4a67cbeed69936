public import TraceProof

/// The keys of a ledger, one behind the other: which of them signs at which size.
///
/// A key hands over with an entry (``KeySuccession`` in `TraceStatements`) that is the last one of a checkpoint, which both
/// sign. So the entries alone tell whose time a checkpoint is of, and no clock is asked.
public struct LedgerKeys: Hashable, Sendable {
    /// A key that handed over.
    public struct Earlier: Hashable, Sendable {
        /// The key.
        public let key: VerifierKey
        /// The size of the last checkpoint that it signed, together with the next key; the entry before it is the succession.
        public let until: UInt64

        /// `key`, which signed up to the size `until`.
        public init(key: VerifierKey, until: UInt64) { (self.key, self.until) = (key, until) }
    }

    /// Those that handed over, in order.
    public let earlier: [Earlier]
    /// The one that signs now.
    public let current: VerifierKey

    /// A ledger with these keys; by themselves they prove nothing.
    public init(earlier: [Earlier] = [], current: VerifierKey) { (self.earlier, self.current) = (earlier, current) }

    /// All of them, in order.
    public var all: [VerifierKey] { earlier.map(\.key) + [current] }

    /// The one that the genesis names, where nothing is left out.
    public var first: VerifierKey { earlier.first?.key ?? current }

    /// The keys that sign a checkpoint of this size, all of them: one, and two where the ledger is handed over.
    public func signers(of size: UInt64) -> [VerifierKey] {
        guard let place = earlier.firstIndex(where: { size <= $0.until }) else { return [current] }
        let keys = all
        return size == earlier[place].until ? [keys[place], keys[place + 1]] : [keys[place]]
    }

    /// The keys as they were known from the tree of this size alone.
    func asOf(_ size: UInt64) -> LedgerKeys {
        let known = earlier.prefix { $0.until <= size }
        return LedgerKeys(earlier: Array(known), current: all[known.count])
    }

    /// The next key, where the entry at `index` is its succession.
    func successor(at index: UInt64) -> VerifierKey? {
        earlier.firstIndex { $0.until == index + 1 }.map { all[$0 + 1] }
    }

    /// The same with `new` in the place of the current key, from the size `until` on.
    public func handedOver(to new: VerifierKey, until: UInt64) -> LedgerKeys {
        LedgerKeys(earlier: earlier + [Earlier(key: current, until: until)], current: new)
    }

    /// Whether the keys of its time signed a checkpoint.
    func signed(_ checkpoint: SignedCheckpoint, checker: any SignatureChecker) -> Bool {
        signers(of: checkpoint.checkpoint.head.size).allSatisfy { key in
            if case .verified = checkpoint.note.outcome(of: key, checker: checker) { return true }
            return false
        }
    }
}
