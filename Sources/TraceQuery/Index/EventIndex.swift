internal import Synchronization
public import TraceLedger

/// The events of one ledger, found by what is in them: an SQLite file derived from a ledger directory, one's own or a
/// mirror's, that follows the published checkpoint.
///
/// ```swift
/// let index = try EventIndex(EventIndex.path(in: directory), of: reader)
/// try await index.update()
/// let page = try await index.page(of: try EventQuery(queryString: "MATCH_anyEPC=urn:epc:id:sscc:0614141.1234567890"))
/// ```
///
/// It is never the truth. What it finds is read from the ledger again and proved under the published checkpoint, so a wrong
/// index can leave events out and can put none in; and when its file is another ledger's, another version's, or torn, it is
/// made anew. One process has a file open at a time, since making it anew removes it.
public final class EventIndex: Sendable {
    /// What changes: the open file, and who reads the ledger.
    private struct State {
        var store: IndexStore?
        /// Why the file must be made anew.
        var defect: String?
        var reader: LedgerReader
    }

    /// Where the file is.
    public let path: String
    private let state: Mutex<State>
    let turn = UpdateTurn()
    let limits: IndexLimits

    /// The index in the file at `path`, which is made where there is none, of the ledger that `reader` reads.
    ///
    /// Empty until the first ``update()``. A file that is no index of this version is replaced.
    ///
    /// - Throws: ``IndexError/file(path:reason:)``.
    public convenience init(_ path: String, of reader: LedgerReader) throws {
        try self.init(path, of: reader, limits: IndexLimits())
    }

    package init(_ path: String, of reader: LedgerReader, limits: IndexLimits) throws {
        (self.path, self.limits) = (path, limits)
        var state = State(store: nil, defect: nil, reader: reader)
        do { state.store = try IndexStore(path) } catch let defect as IndexDefect { state.defect = defect.reason }
        self.state = Mutex(state)
    }

    /// Where a ledger directory has its index (formats.md section 4).
    public static func path(in directory: String) -> String { "\(directory)/state/index.sqlite" }

    /// Who reads the ledger: set it when the ledger's key has changed.
    public var reader: LedgerReader {
        get { state.withLock { $0.reader } }
        set { state.withLock { $0.reader = newValue } }
    }

    /// The open file.
    func store() throws(IndexError) -> IndexStore {
        let (store, defect) = state.withLock { ($0.store, $0.defect) }
        if let store, defect == nil { return store }
        throw IndexError.damaged(path: path, reason: defect ?? "it is closed")
    }

    /// Runs `body` on the open file; what shows that the file is worthless is remembered for the next ``update()``.
    func using<Value>(_ body: (IndexStore) async throws -> Value) async throws -> Value {
        let store = try store()
        do { return try await body(store) } catch let defect as IndexDefect {
            state.withLock { if $0.defect == nil { $0.defect = defect.reason } }
            throw IndexError.damaged(path: path, reason: defect.reason)
        }
    }

    /// Why the file must be made anew before it is used; nil where it need not.
    var defect: String? { state.withLock { $0.defect } }

    /// Removes the file, when nobody reads in it any more, and makes an empty one.
    func makeAnew() throws {
        let old = state.withLock { state in
            defer { state.store = nil }
            return state.store
        }
        old?.close()
        try IndexStore.remove(path)
        do {
            let store = try IndexStore(path)
            state.withLock { ($0.store, $0.defect) = (store, nil) }
        } catch let defect as IndexDefect { throw IndexError.file(path: path, reason: defect.reason) }
    }

    /// Closes the file; afterwards the index answers nothing.
    public func close() {
        let old = state.withLock { state in
            defer { (state.store, state.defect) = (nil, "it is closed") }
            return state.store
        }
        old?.close()
    }
}
