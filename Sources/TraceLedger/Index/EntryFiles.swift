internal import TraceProof
internal import TraceStatements

/// Single entries by their index, from memory where they are not published yet and from the bundles on disk otherwise.
///
/// For the writer's own questions: nothing is proved here, since the writer's directory is what it stands on.
struct EntryFiles: Sendable {
    /// An entry with what duplicates are found by.
    struct Entry {
        let bytes: [UInt8]
        let leaf: Digest

        init(_ bytes: [UInt8]) { (self.bytes, leaf) = (bytes, TreeHash.leaf(bytes)) }

        /// The hash of its content, where it is a statement.
        var content: Digest? { (try? Statement(decoding: bytes)).map { ContentKey.of($0) } }

        /// The digest of the item that it opens, where it is an activation.
        var opening: Digest? { (try? Statement(decoding: bytes)).flatMap { ContentKey.opening($0) } }
    }

    let directory: String
    let tail: CommittedTail
    let system: any FileSystem

    /// The entry at `index`, which is committed: where it cannot be read nobody can say what it is, and that it is not the one that is
    /// asked for least of all.
    func required(_ index: UInt64) throws(FileError) -> Entry {
        if let entry = try entry(index) { return entry }
        let path = "\(directory)/\(BundleCoordinate(index: index / 256)?.path ?? "")"
        throw FileError("read", path, detail: "entry \(index) is missing or damaged: run `traceledger fsck`")
    }

    /// The entry at `index`; `nil` where there is none, or its bundle is damaged.
    func entry(_ index: UInt64) throws(FileError) -> Entry? {
        if let bytes = tail.entry(index) { return Entry(bytes) }
        guard let full = BundleCoordinate(index: index / 256) else { return nil }
        if let bundle = try bundle(full) { return Entry(Array(bundle[Int(index % 256)])) }
        // The widest partial file has all that any other has.
        let folder = "\(directory)/\(full.path).p"
        let widths = try DurableFiles.list(folder, on: system).compactMap { Int($0) }
        if let width = widths.max(), Int(index % 256) < width,
            let partial = BundleCoordinate(index: index / 256, width: width), let bundle = try bundle(partial)
        {
            return Entry(Array(bundle[Int(index % 256)]))
        }
        // The full one may have come, and the partial ones gone, since it was asked for.
        return try bundle(full).map { Entry(Array($0[Int(index % 256)])) }
    }

    private func bundle(_ coordinate: BundleCoordinate) throws(FileError) -> EntryBundle? {
        let path = "\(directory)/\(coordinate.path)"
        guard let bytes = try DurableFiles.read(path, limit: FileLimit.bundle, on: system) else { return nil }
        return try? EntryBundle(decoding: bytes, width: coordinate.width)
    }
}
