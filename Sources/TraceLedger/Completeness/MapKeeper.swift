internal import TraceProof
internal import TraceStatements

/// Logs the root of the map of subjects, as an ordinary entry under the ledger's own key: every so many entries or seconds,
/// and when somebody asks. Off the commit path: it reads published entries, and appends like any caller.
actor MapKeeper {
    /// What was logged last: small, so that whether a root is due is known without the map.
    struct Last: Equatable {
        /// The map was as of this size.
        var size: UInt64
        /// Where the root stands.
        var index: UInt64
        /// When it was logged, in seconds since 1970.
        var time: UInt64

        /// Whether a ledger of this size has entries that the root does not cover, itself aside: some may have come while it
        /// was made.
        func leavesOut(_ end: UInt64) -> Bool { end > size + 1 || (end == size + 1 && index != size) }

        var encoded: [UInt8] { Array("\(size) \(index) \(time)\n".utf8) }

        init(size: UInt64, index: UInt64, time: UInt64) { (self.size, self.index, self.time) = (size, index, time) }

        init?(decoding bytes: [UInt8]) {
            let words = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first?.split(separator: " ") ?? []
            let numbers = words.compactMap { UInt64($0) }
            guard words.count == 3, numbers.count == 3, numbers.allSatisfy({ $0 <= TreeSize.maximum }) else {
                return nil
            }
            self.init(size: numbers[0], index: numbers[1], time: numbers[2])
        }
    }

    private let parts: Ledger.Parts
    private var map: SubjectMap?
    private var last: Last?
    private var isLoaded = false
    /// One root at a time.
    private var running: Task<Ledger.Appended?, any Error>?

    init(_ parts: Ledger.Parts) { self.parts = parts }

    /// Whether a root is due at a published size, by the configured cadence.
    ///
    /// The distance grows with the ledger, so that what the roots cost stays a share of what the entries cost.
    func isDue(_ size: UInt64) -> Bool {
        guard let cadence = parts.configuration.mapRoots, !parts.information.admitsAnyEntry, size >= cadence.entries
        else { return false }
        guard let last = lastLogged() else { return true }
        guard last.leavesOut(size) else { return false }
        if size - last.size >= max(cadence.entries, last.size / 16) { return true }
        let now = parts.configuration.now()
        return now > last.time && now - last.time >= cadence.seconds
    }

    private func lastLogged() -> Last? {
        if !isLoaded {
            isLoaded = true
            last = (try? parts.read(Layout.mapRoot, limit: 1024)).flatMap { $0.flatMap { Last(decoding: $0) } }
        }
        return last
    }

    /// Logs the root over the published entries; `nil` where there is nothing new since the last.
    func log(in ledger: Ledger) async throws -> Ledger.Appended? {
        while let running { _ = await running.result }
        let task = Task { try await self.logOnce(in: ledger) }
        running = task
        defer { running = nil }
        return try await task.value
    }

    private func logOnce(in ledger: Ledger) async throws -> Ledger.Appended? {
        let head = try await ledger.publish().checkpoint.head
        if let last = lastLogged(), !last.leavesOut(head.size) { return nil }
        var map = try await loadMap(head)
        self.map = nil
        if head.size > map.size {
            try await parts.reader.forEachEntry(in: map.size..<head.size, of: head) { _, entry in map.append(entry) }
        }
        let now = parts.configuration.now()
        let statement = try await Statement.sign(
            kind: .mapRoot,
            payload: map.root().encoded,
            issuer: parts.information.origin,
            subject: parts.information.origin,
            issuedAt: now,
            chain: await ledger.nextLink(for: parts.signer.publicKey),
            with: parts.signer
        )
        guard let appended = try await ledger.append([statement], allowDuplicates: true, until: .published).first else {
            return nil
        }
        self.map = map
        try save(map, Last(size: map.size, index: appended.index, time: now))
        return appended
    }

    /// Derived: whatever is lost of it is computed again from the entries.
    private func save(_ map: SubjectMap, _ last: Last) throws {
        try parts.gate.enter()
        defer { parts.gate.leave() }
        do {
            try parts.write(map.encoded, Layout.map, mode: 0o600)
            // After the map: it says of which root that is.
            try parts.write(last.encoded, Layout.mapRoot, mode: 0o600)
        } catch { throw parts.gate.close(.file(error)) }
        self.last = last
    }

    /// The map as it was kept, where it is the one whose root was logged; else the one to begin with.
    private func loadMap(_ head: TreeHead) async throws -> SubjectMap {
        if let map { return map }
        guard let last = lastLogged(), last.index < head.size,
            let bytes = try? parts.read(Layout.map, limit: MapKeeper.maximumLength),
            var kept = try? SubjectMap(decoding: bytes), kept.size == last.size,
            let statement = try? Statement(decoding: try await parts.reader.entry(last.index, in: head).bytes),
            let logged = MapRoot(of: statement, origin: parts.information.origin), kept.root() == logged
        else { return SubjectMap() }
        return kept
    }

    /// Some 80 bytes a subject.
    private static let maximumLength = 1 << 36
}
