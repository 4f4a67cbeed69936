internal import TraceProof

/// Where digests stand in the ledger: a hash table with open addressing, a fifth of a `Dictionary`'s time at an append.
struct DigestTable: Sendable {
    private struct Slot {
        var key: Digest
        var index: UInt64
    }

    /// No index: an empty slot, or one whose key was removed.
    private static let none = UInt64.max

    private var slots: [Slot]
    /// The slots that hold a key, removed or not.
    private var used = 0
    /// A digest's first word is spread by it, so that nobody outside can choose entries that meet in one slot.
    private let spread = UInt64.random(in: .min ... .max) | 1
    private var shift: UInt64

    /// A table for about `capacity` digests; it grows.
    init(capacity: Int = 256) {
        var count = 16
        while count < 2 * capacity { count *= 2 }
        slots = [Slot](repeating: Slot(key: TreeHash.empty, index: DigestTable.none), count: count)
        shift = UInt64(64 - count.trailingZeroBitCount)
    }

    /// The index of a digest.
    func index(of key: Digest) -> UInt64? {
        let slot = slots[position(of: key)]
        return slot.index == DigestTable.none ? nil : slot.index
    }

    /// Sets the index of a digest, unless it has one.
    ///
    /// - Returns: whether it was set.
    @discardableResult
    mutating func insert(_ key: Digest, _ index: UInt64) -> Bool {
        if 2 * (used + 1) > slots.count { grow() }
        let position = position(of: key)
        guard slots[position].index == DigestTable.none else { return false }
        if slots[position].key != key {
            used += 1
            slots[position].key = key
        }
        slots[position].index = index
        return true
    }

    /// Takes a digest out again.
    mutating func remove(_ key: Digest) { slots[position(of: key)].index = DigestTable.none }

    /// Calls `body` with every digest and its index, in no order.
    func forEach(_ body: (Digest, UInt64) -> Void) {
        for slot in slots where slot.index != DigestTable.none { body(slot.key, slot.index) }
    }

    /// The slot of `key`, or the free one where it would stand. An empty slot holds the key of the empty tree, which is no
    /// entry's hash and no content's.
    private func position(of key: Digest) -> Int {
        var position = Int(truncatingIfNeeded: (key.firstWord &* spread) >> shift)
        while slots[position].key != key && slots[position].key != TreeHash.empty {
            position = (position + 1) & (slots.count - 1)
        }
        return position
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(key: TreeHash.empty, index: DigestTable.none), count: 2 * old.count)
        shift -= 1
        used = 0
        for slot in old where slot.index != DigestTable.none { insert(slot.key, slot.index) }
    }
}
