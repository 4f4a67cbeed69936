internal import TraceProof

/// Shows what was signed: collects the cosignatures that the policy asks for, and then moves the public `checkpoint`.
///
/// What a receipt needs stands before `checkpoint` moves. A quorum that is not met leaves the older one in public and is
/// told to whoever asked; the next one asks again for the newest that was signed.
actor CheckpointDisplay {
    private let parts: Ledger.Parts
    private let publisher: Publisher
    private let executor = QueueExecutor("traceledger.display")

    /// The public checkpoint; `nil` before it was looked at.
    private var shown: SignedCheckpoint?
    private var running: Task<Void, any Error>?
    /// The last kept checkpoint, where nobody asked for it: its size and the hour it was made in.
    private var passing: (size: UInt64, hour: UInt64)?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(_ parts: Ledger.Parts, publisher: Publisher) { (self.parts, self.publisher) = (parts, publisher) }

    /// Shows until a public checkpoint covers at least `size` entries, which are signed already.
    func show(atLeast size: UInt64, isAsked: Bool) async throws -> SignedCheckpoint {
        while true {
            try parts.gate.checkOpen()
            if running == nil, let shown, shown.checkpoint.head.size >= size { return shown }
            if let running {
                // Its failure is its callers': whoever comes later tries again.
                _ = await running.result
                continue
            }
            let task = Task { try await self.showOnce(isAsked: isAsked, atLeast: size) }
            running = task
            defer { running = nil }
            try await task.value
        }
    }

    private func showOnce(isAsked: Bool, atLeast size: UInt64) async throws {
        let signed = try await publisher.sign(atLeast: size)
        let head = signed.checkpoint.head
        let root = try await RootSignature.signed(root: head.root, origin: parts.information.origin, by: parts.signer)
        // What a crash cut off is shown with the cosignatures that it was to be shown with.
        let standing = shown == nil ? try standing(signed) : nil
        if let standing, try isShown(standing, root) {
            shown = standing
            return
        }
        let cosigned = if let standing { standing } else { try await cosigned(signed) }
        try parts.gate.enter()
        defer { parts.gate.leave() }
        do {
            try write(cosigned, root)
            try keep(head.size, isAsked: isAsked)
        } catch { throw parts.gate.close(.file(error)) }
        shown = cosigned
    }

    private func cosigned(_ signed: SignedCheckpoint) async throws -> SignedCheckpoint {
        guard let cosigner = parts.configuration.cosigner else { return signed }
        do {
            return try signed.adding(try await cosigner.cosignatures(for: signed, in: parts.reader))
        } catch { throw LedgerError.unwitnessed(size: signed.checkpoint.head.size, reason: "\(error)") }
    }

    /// Makes a signed checkpoint public.
    private func write(_ signed: SignedCheckpoint, _ root: RootSignature) throws(FileError) {
        let size = signed.checkpoint.head.size
        let kept = try DurableBatch(in: parts.folders, few: parts.configuration.limits.filesOneByOne)
        try kept.write(signed.bytes, to: parts.path(Layout.keptCheckpoint(size)))
        try kept.write(root.encoded(), to: parts.path(Layout.keptRootSignature(size)))
        try kept.write(root.encoded(), to: parts.path(Layout.rootSignature))
        try kept.commit()
        try parts.write(signed.bytes, Layout.checkpoint)
    }

    /// Keeps every checkpoint that somebody asked for, and of those that time alone made one an hour (formats.md section 4).
    private func keep(_ size: UInt64, isAsked: Bool) throws(FileError) {
        let hour = parts.configuration.now() / 3600
        if let passing, passing.hour == hour, passing.size != size {
            try parts.remove(Layout.keptCheckpoint(passing.size))
            try parts.remove(Layout.keptRootSignature(passing.size))
        }
        passing = isAsked ? nil : (size, hour)
    }

    /// The checkpoint that was signed last as it was kept, where it was: a kept one has all the cosignatures that were asked
    /// for, since it is written behind them. One without any is passed over where somebody is to cosign.
    private func standing(_ signed: SignedCheckpoint) throws(FileError) -> SignedCheckpoint? {
        let name = Layout.keptCheckpoint(signed.checkpoint.head.size)
        guard let bytes = try stored(name, limit: FileLimit.checkpoint),
            let kept = try? SignedCheckpoint(bytes: bytes), kept.note.text == signed.note.text,
            Set(signed.note.signatures).isSubset(of: kept.note.signatures),
            parts.configuration.cosigner == nil || kept.note.signatures.count > signed.note.signatures.count
        else { return nil }
        return kept
    }

    /// Whether the public files are as ``write(_:_:)`` left them.
    private func isShown(_ signed: SignedCheckpoint, _ root: RootSignature) throws(FileError) -> Bool {
        let kept = Layout.keptRootSignature(signed.checkpoint.head.size)
        for name in [Layout.rootSignature, kept] {
            guard try stored(name, limit: FileLimit.rootSignature) == root.encoded() else { return false }
        }
        return try stored(Layout.checkpoint, limit: FileLimit.checkpoint) == signed.bytes
    }

    private func stored(_ relative: String, limit: Int) throws(FileError) -> [UInt8]? {
        try DurableFiles.readRepairable(parts.path(relative), limit: limit, on: parts.system)
    }
}
