internal import TraceProof

extension Fsck {
    /// `ledger.json` of a local directory, where there is one: it must be this ledger's. `size` is that of the latest
    /// checkpoint, where that can be read.
    mutating func checkInformation(_ size: UInt64?) async {
        guard let directory = reader.source as? DirectorySource,
            let bytes = try? await directory.read(Layout.information, limit: FileLimit.information)
        else { return }
        do {
            let information = try LedgerInformation(decoding: bytes, path: "\(directory.name)/\(Layout.information)")
            let known = size.map { reader.keys.signers(of: $0) } ?? reader.keys.all
            if !known.contains(where: { $0.text == information.key.text }) {
                report.note(
                    Layout.information,
                    nil,
                    "it is of \(information.key.text), not of the key that was asked for"
                )
            } else if !information.keys.earlier.allSatisfy({ reader.keys.earlier.contains($0) }) {
                report.note(
                    Layout.information,
                    nil,
                    "it names earlier keys of which no checkpoint signed by both and its last entry show that they handed over"
                )
            }
        } catch { note(error, Layout.information) }
    }

    /// The sizes at which a local directory keeps checkpoints or their root signatures, in order.
    func keptSizes() -> [UInt64] { reader.keptSizes() }

    /// The COSE root signature beside the latest checkpoint; it moves just before that does, so it may be of the next one.
    mutating func checkRootSignature(_ latest: TreeHead, next: [UInt64]) async {
        do { _ = try await reader.rootSignature(at: Layout.rootSignature, of: latest) } catch {
            let kept = Layout.keptRootSignature(latest.size)
            if await mayLack(Layout.rootSignature), await mayLack(kept) { return }
            for size in next {
                guard let head = try? await reader.keptCheckpoint(size: size).checkpoint.head else { continue }
                if (try? await reader.rootSignature(at: Layout.rootSignature, of: head)) != nil { return }
            }
            note(error, Layout.rootSignature)
        }
    }

    /// Whether a root signature is missing where it may be: a replica that was pushed never saw one, since no standard has
    /// them, and neither has another's log.
    private func mayLack(_ path: String) async -> Bool {
        if let directory = reader.source as? DirectorySource,
            WriterState(directory: directory.name).isThere(on: directory.system)
        {
            return false
        }
        do { return try await reader.source.read(path, limit: FileLimit.rootSignature) == nil } catch { return false }
    }

    /// What stands for a published size: the checkpoint kept for it, its root signature, and the partial files at its right
    /// edge, unless they gave way to the full ones. `edge` is the tree at that size.
    mutating func checkKept(_ size: UInt64, _ edge: DerivedTree, areKnown: Bool) async {
        do {
            let head = try await reader.keptCheckpoint(size: size).checkpoint.head
            if areKnown, edge.root != head.root {
                report.note(Layout.keptCheckpoint(size), nil, "the entries do not give the root in it")
            }
            let signature = Layout.keptRootSignature(size)
            if await !mayLack(signature) { _ = try await reader.rootSignature(at: signature, of: head) }
        } catch LedgerError.notFound { report.noteThinned(Layout.keptCheckpoint(size)) } catch {
            note(error, Layout.keptCheckpoint(size))
        }
        if areKnown, size < report.size { await comparePartials(of: edge) }
    }

    private mutating func comparePartials(of edge: DerivedTree) async {
        let latest = DerivedTree.edgeTiles(size: report.size)
        for tile in edge.partial {
            let level = tile.coordinate.level
            // The latest size's own are compared at the end; the upper ones are the same for many sizes.
            if latest.indices.contains(level), latest[level] == tile.coordinate { continue }
            if comparedEdges.updateValue(tile.coordinate, forKey: level) == tile.coordinate { continue }
            await compareBytes(tile.encoded, tile.coordinate.path)
        }
        guard let leaves = edge.partial.first(where: { $0.coordinate.level == 0 })?.hashes,
            let bundle = BundleCoordinate(index: edge.size / 256, width: leaves.count),
            bundle.firstEntry + UInt64(bundle.width) < report.size,
            // By their leaf hashes, not their bytes: a damaged entry in the later file does not make this one wrong.
            let bytes = try? await reader.source.read(bundle.path, limit: FileLimit.bundle)
        else { return }
        let stored = try? EntryBundle(decoding: bytes, width: bundle.width)
        if stored.map({ ScannedBundle.leafHashes($0, bundle.width) }) != leaves {
            report.note(bundle.path, nil, FsckReport.otherPartial)
        }
    }

    private mutating func compareBytes(_ made: [UInt8], _ path: String) async {
        do {
            guard let stored = try await reader.source.read(path, limit: made.count), stored != made else { return }
            report.note(path, nil, FsckReport.otherPartial)
        } catch { report.note(path, nil, "\(error)") }
    }
}
