internal import Synchronization
internal import TraceProof
internal import TraceStatements

/// What is known of an activation before its turn: what it claims, and what the entry that it names commissions.
struct ActivationFinding: Sendable {
    /// What a ledger knows of a leaf hash that an activation names.
    enum Named: Sendable {
        /// No entry is known that has it.
        case nothing
        /// The entry with it commissions these items, or none.
        case items(CommissionedItems?)
        /// The entry with it cannot be read.
        case unreadable(FileError)
    }

    /// What holds of it by itself, or why it does not.
    let claim: Result<ActivationClaim, ActivationError>
    /// What it names, as far as was looked.
    var named = Named.nothing

    /// What it names, where that is worth looking for and is not known yet.
    var wanted: Digest? {
        guard case .success(let claim) = claim, case .nothing = named else { return nil }
        return claim.commissioning
    }

    /// That the activation holds.
    func admitted() throws(ActivationError) {
        let claim = try claim.get()
        switch named {
        case .nothing: throw .noEntry(claim.commissioning)
        case .unreadable(let error): throw .unreadable(claim.commissioning, reason: error.description)
        case .items(let items): try claim.check(against: items)
        }
    }
}

/// What entries commission, by their leaf hashes: so that whoever names one entry a million times has it read once. An entry
/// never changes, so what is here stays true.
final class CommissionedCache: Sendable {
    /// Some 200 bytes each; a new one then begins.
    static let maximumCount = 1024

    private let known = Mutex<[Digest: CommissionedItems?]>([:])

    /// What the entry with this leaf hash commissions; `nil` where it was not read lately.
    subscript(leaf: Digest) -> CommissionedItems?? { known.withLock { $0[leaf] } }

    func insert(_ items: CommissionedItems?, for leaf: Digest) {
        known.withLock { known in
            if known.count >= CommissionedCache.maximumCount { known.removeAll(keepingCapacity: true) }
            known[leaf] = .some(items)
        }
    }
}

extension Admission {
    /// What can be said of an activation before its place in the ledger is known; the cheapest first, and nothing is read from
    /// disk for one that does not hold by itself.
    func activation(_ statement: Statement, _ snapshot: EntryIndex.Snapshot) -> ActivationFinding {
        do throws(ActivationError) {
            let claim = try ActivationClaim(statement)
            try claim.checkLedger(origin)
            try claim.checkSignature(of: statement, checker: checker)
            return ActivationFinding(claim: .success(claim), named: named(claim.commissioning, in: snapshot))
        } catch { return ActivationFinding(claim: .failure(error)) }
    }

    /// What the entry with a leaf hash commissions, where the index on disk has it.
    func named(_ leaf: Digest, in snapshot: EntryIndex.Snapshot) -> ActivationFinding.Named {
        if let items = commissioned[leaf] { return .items(items) }
        do throws(FileError) {
            guard let entry = try index.entry(leaf: leaf, in: snapshot) else { return .nothing }
            return named(leaf, entry.bytes)
        } catch { return .unreadable(error) }
    }

    /// What the entry at `place`, which has this leaf hash, commissions.
    func named(_ leaf: Digest, at place: UInt64) -> ActivationFinding.Named {
        if let items = commissioned[leaf] { return .items(items) }
        do throws(FileError) {
            let entry = try index.entries.required(place)
            guard entry.leaf == leaf else {
                let detail = "entry \(place) has another leaf hash: run `traceledger fsck`"
                throw FileError("read", index.directory, detail: detail)
            }
            return named(leaf, entry.bytes)
        } catch { return .unreadable(error) }
    }

    private func named(_ leaf: Digest, _ entry: [UInt8]) -> ActivationFinding.Named {
        let items = ActivationFinding.items(of: entry[...])
        commissioned.insert(items, for: leaf)
        return .items(items)
    }
}

extension ActivationFinding {
    /// The items that an entry commissions.
    static func items(of entry: ArraySlice<UInt8>) -> CommissionedItems? {
        guard CommissionedItems.mayStand(in: entry) else { return nil }
        return (try? Statement(decoding: Array(entry))).flatMap { CommissionedItems(of: $0) }
    }
}
