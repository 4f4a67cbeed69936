public import TraceProof

/// Checks a ledger slowly and for ever in the background, at depth `statements`, so that a byte that the disk lost is found
/// while mirrors still have it.
///
/// It has no clock: behind each bundle it tells how much it read, and the caller waits as long as its budget says.
/// ```swift
/// let budget = ScrubBudget(bytesPerSecond: 4_000_000) { try await Task.sleep(for: .seconds($0)) }
/// try await Scrubber(directory, key: vkey, checker: checker).run(pace: budget.spend) { finding in log(finding) }
/// ```
/// How far it has come stands in `state/scrub`, so a restarted program goes on there: what lies before is gone through
/// once without its signatures, since the chains behind need it. The same check as ``Fsck``, a bundle at a time.
public struct Scrubber: Sendable {
    /// What was read behind the last call.
    public struct Amount: Sendable, Equatable {
        /// Bytes of entries and of the tile with their hashes.
        public let bytes: Int
        /// Entries.
        public let entries: Int
    }

    private let directory: String
    private let key: VerifierKey
    private let checker: any SignatureChecker

    /// How many bundles are checked between two notes of the position.
    private static let stride: UInt64 = 64

    /// A scrubber of the ledger in `directory`.
    public init(_ directory: String, key: VerifierKey, checker: any SignatureChecker) {
        (self.directory, self.key, self.checker) = (directory, key, checker)
    }

    /// Scrubs, pass after pass, until `passes` are done or the task is cancelled.
    ///
    /// - Parameters:
    ///   - passes: how many whole passes; `nil`: for ever.
    ///   - pace: waits as long as what was read is worth; whatever it throws ends the scrub, and the next one goes on there.
    ///   - found: told of each finding when it is met.
    /// - Throws: ``LedgerError`` where the position cannot be kept; what `pace` throws; `CancellationError`.
    public func run(
        passes: Int? = nil,
        pace: @escaping @Sendable (Amount) async throws -> Void,
        found: @escaping @Sendable (FsckReport.Finding) -> Void
    ) async throws {
        var position = try ScrubPosition.load(directory)
        var left = passes ?? .max
        while left > 0 {
            try await pass(from: position, pace, found)
            position = ScrubPosition(bundle: 0, passes: position.passes + 1)
            try position.save(in: directory)
            left -= 1
            // A ledger that is empty or absent must not turn this into a busy loop.
            try await pace(Amount(bytes: 0, entries: 0))
            try Task.checkCancellation()
        }
    }

    private func pass(
        from position: ScrubPosition,
        _ pace: @escaping @Sendable (Amount) async throws -> Void,
        _ found: @escaping @Sendable (FsckReport.Finding) -> Void
    ) async throws {
        let directory = directory
        let reader = try await LedgerReader(DirectorySource(directory), key: key, checker: checker).following()
        let after: @Sendable (StoredBundle) async throws -> Void = { bundle in
            let next = bundle.coordinate.index + 1
            if next > position.bundle, next.isMultiple(of: Scrubber.stride) {
                try ScrubPosition(bundle: next, passes: position.passes).save(in: directory)
            }
            let bytes = ((try? bundle.entries.get().byteCount) ?? 0) + bundle.place.byteCount
            try await pace(Amount(bytes: bytes, entries: bundle.coordinate.width))
        }
        let steady = Fsck.Pace(width: 1, quickUntil: position.bundle, after: after)
        var fsck = Fsck(reader, .statements, steady, found: found)
        try await fsck.check { _, _ in }
    }
}

/// Turns what a scrub read into the time that it should have taken.
public struct ScrubBudget: Sendable {
    private let bytesPerSecond: Double
    private let entriesPerSecond: Double
    private let sleep: @Sendable (Double) async throws -> Void

    /// A budget; `sleep` waits so many seconds.
    public init(
        bytesPerSecond: Double = .infinity,
        entriesPerSecond: Double = .infinity,
        sleep: @escaping @Sendable (Double) async throws -> Void
    ) {
        (self.bytesPerSecond, self.entriesPerSecond, self.sleep) = (bytesPerSecond, entriesPerSecond, sleep)
    }

    /// Waits as long as an amount is worth; at least a second where nothing was read.
    public func spend(_ amount: Scrubber.Amount) async throws {
        let seconds = max(Double(amount.bytes) / bytesPerSecond, Double(amount.entries) / entriesPerSecond)
        try await sleep(amount.entries == 0 ? max(1, seconds) : seconds)
    }
}

/// How far a scrub has come: `state/scrub`, two decimal numbers, the next bundle and the passes that are done.
struct ScrubPosition: Equatable {
    var bundle: UInt64 = 0
    var passes: UInt64 = 0

    /// The position in a directory; the beginning where there is none that can be read, which costs time and nothing else.
    static func load(_ directory: String) throws(LedgerError) -> ScrubPosition {
        let bytes: [UInt8]?
        do { bytes = try DurableFiles.read("\(directory)/\(Layout.scrub)", limit: 64) } catch { throw .file(error) }
        let fields = (bytes ?? []).split(whereSeparator: { $0 == 0x20 || $0 == 0x0A })
            .map { UInt64(String(decoding: $0, as: UTF8.self)) }
        guard fields.count == 2, let bundle = fields[0], let passes = fields[1], passes < .max else {
            return ScrubPosition()
        }
        return ScrubPosition(bundle: bundle, passes: passes)
    }

    /// Notes the position durably: a note that a crash took back would only have bundles checked twice, one that ran ahead
    /// would leave some unchecked, so it is written behind the bundles that it counts.
    func save(in directory: String) throws(LedgerError) {
        do throws(FileError) {
            try DurableFolders.makeRoot("\(directory)/\(Layout.state)", mode: 0o700)
            try DurableFiles.write(Array("\(bundle) \(passes)\n".utf8), to: "\(directory)/\(Layout.scrub)", mode: 0o600)
        } catch { throw .file(error) }
    }
}
