internal import TraceLedger
internal import TraceProof
internal import TraceStatements
internal import TraceVerification

/// Makes the proof of one item from its lot's pack, for whoever is shown items and not lots: the proof tells how many items the
/// lot has, and no serial number but that which was asked for.
///
/// A pack is read and hashed once: the last ones are kept, and another file of the same name is another pack.
actor PackDesk {
    private struct Opened {
        let entityTag: String
        let batch: LoggedBatch
        let tree: ItemTree
        let places: [String: Int]
    }

    /// The longest pack that proofs are made from, some million items, and how many are kept.
    private static let (byteLimit, count) = (64 << 20, 4)

    private let directory: String
    private var opened: [(name: String, pack: Opened)] = []

    /// A desk of the packs in `directory`.
    init(_ directory: String) { self.directory = directory }

    /// The proof that an item is one of the lot, as a file (`traceledger/item-proof`); `nil` where there is no such lot or no
    /// such item in it.
    ///
    /// - Throws: ``Problem`` 503 for a pack that cannot be read, or is too long.
    func proof(of item: ItemIdentity, in name: String) throws -> [UInt8]? {
        guard let pack = try pack(name), pack.batch.items.gtin.hasSameUTF8(as: item.gtin),
            let place = pack.places[item.serial]
        else { return nil }
        return try LoggedItem(try pack.tree.proof(ofIndex: place), of: pack.batch).encoded()
    }

    private func pack(_ name: String) throws -> Opened? {
        let path = "\(directory)/\(name)"
        guard let file = ServedFile(path) else { return nil }
        if let known = opened.first(where: { $0.name == name && $0.pack.entityTag == file.entityTag }) { return known.pack }
        guard let bytes = try file.read(upTo: PackDesk.byteLimit) else {
            throw Problem.unavailable("the lot is too large for proofs of its items", after: 3600)
        }
        let made: Opened
        do throws(FormatError) {
            let pack = try BatchPack(decoding: bytes)
            let tree = try pack.tree()
            // A tree has no serial number twice.
            let places = Dictionary(zip(pack.serials, pack.serials.indices)) { first, _ in first }
            made = Opened(entityTag: file.entityTag, batch: pack.batch, tree: tree, places: places)
        } catch {
            throw Problem.unavailable("the lot's pack cannot be read", detail: error.description, after: 3600)
        }
        opened.removeAll { $0.name == name }
        opened.append((name, made))
        if opened.count > PackDesk.count { opened.removeFirst() }
        return made
    }
}
