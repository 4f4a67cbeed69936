import EPCIS
import EPCISJSON
import Foundation
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceQuery
import TraceSigning
import TraceStatements

/// A ledger of a test with its index; both are removed when the test lets go of it.
final class QueryWorld {
    static let origin = "example.com/ledger"
    /// When the first event is signed; each event after it a second later.
    static let time: UInt64 = 1_767_225_600
    static let gln = "9521101000009"
    static let checker = SodiumSignatureChecker()

    let directory: String
    let ledger: Ledger
    private let key: SigningKey
    private let signer: SigningKey
    private var signed: UInt64 = 0
    /// What was appended, by its index, as the index should give it.
    private(set) var events: [UInt64: EPCISEvent] = [:]
    /// When each was signed.
    private(set) var recordTimes: [UInt64: UInt64] = [:]

    /// `number` tells one ledger from another of the same origin.
    init(_ number: UInt8 = 1) async throws {
        let shared = "/dev/shm"
        let folder =
            FileManager.default.isWritableFile(atPath: shared) ? shared : FileManager.default.temporaryDirectory.path
        directory = "\(folder)/tracequery-\(UUID())"
        key = try SigningKey(seed: [UInt8](repeating: 1, count: SigningKey.seedByteCount))
        signer = try SigningKey(seed: [UInt8](repeating: 2, count: SigningKey.seedByteCount))
        var configuration = Ledger.Configuration(publicationDelay: nil)
        configuration.mapRoots = nil
        ledger = try await Ledger.create(
            directory,
            origin: QueryWorld.origin,
            signer: key,
            created: QueryWorld.time,
            nonce: [UInt8](repeating: number, count: Genesis.nonceLength),
            checker: QueryWorld.checker,
            configuration: configuration
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var indexPath: String { EventIndex.path(in: directory) }

    func reader() throws -> LedgerReader {
        let vkey = try VerifierKey(name: QueryWorld.origin, type: .ed25519, publicKey: key.publicKey)
        return LedgerReader(DirectorySource(directory), key: vkey, checker: QueryWorld.checker)
    }

    func index(_ limits: IndexLimits = IndexLimits()) throws -> EventIndex {
        try EventIndex(indexPath, of: try reader(), limits: limits)
    }

    /// The index, up to date.
    func updatedIndex(_ limits: IndexLimits = IndexLimits()) async throws -> EventIndex {
        let index = try index(limits)
        try await index.update()
        return index
    }

    /// Signs, appends and publishes events; gives their indices.
    @discardableResult
    func append(_ new: [EPCISEvent], publish: Bool = true) async throws -> [UInt64] {
        var link = await ledger.nextLink(for: signer.publicKey)
        var statements: [Statement] = []
        let first = signed
        for event in new {
            let statement = try await Statement.sign(
                kind: .event,
                payload: try event.payload(),
                issuer: QueryWorld.gln,
                subject: String(decoding: Array(event.subject.utf8.prefix(1024)), as: UTF8.self),
                issuedAt: QueryWorld.time + signed,
                chain: link,
                with: signer
            )
            link = ChainLink(sequence: (link?.sequence ?? 0) + 1, previous: statement.leafHash)
            statements.append(statement)
            signed += 1
        }
        let appended = try await ledger.append(statements, allowDuplicates: true)
        for (number, place) in appended.enumerated() {
            events[place.index] = new[number]
            recordTimes[place.index] = QueryWorld.time + first + UInt64(number)
        }
        if publish { _ = try await ledger.publish() }
        return appended.map(\.index)
    }

    /// Appends something that is no event, or says that it is one and cannot be read.
    func append(kind: StatementKind, payload: [UInt8]) async throws {
        let statement = try await Statement.sign(
            kind: kind,
            payload: payload,
            issuer: QueryWorld.gln,
            subject: "-",
            issuedAt: QueryWorld.time,
            chain: await ledger.nextLink(for: signer.publicKey),
            with: signer
        )
        _ = try await ledger.append([statement])
        _ = try await ledger.publish()
    }

    /// Appends a note.
    func appendNote() async throws {
        signed += 1
        try await append(kind: .note, payload: Array("note \(signed)".utf8))
    }

    /// The events of the documents below `folder` of the examples, in their order.
    static func examples(_ folder: String) throws -> [EPCISEvent] {
        let root = Vectors.packageRoot.appending(path: "Docs/Examples/\(folder)")
        let names = try FileManager.default.contentsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".json") }
        return try names.sorted().flatMap { name in
            let json = [UInt8](try Data(contentsOf: root.appending(path: name)))
            return try EPCISDocument(json: json).events.map(\.event)
        }
    }

    /// Every event of the three enterprises of the examples.
    static func examples() throws -> [EPCISEvent] {
        try ["1-farm", "2-processor", "3-distributor"].flatMap { try examples($0) }
    }
}

extension EventIndex {
    /// The indices of all pages of a query, in their order.
    func all(_ queryString: String, perPage: Int = 1000) async throws -> [UInt64] {
        var indices: [UInt64] = []
        var next: String?
        repeat {
            var text = queryString + (queryString.isEmpty ? "" : "&") + "perPage=\(perPage)"
            if let next { text += "&nextPageToken=\(next)" }
            let page = try await page(of: try EventQuery(queryString: text))
            #expect(page.entries.count <= perPage)
            indices += page.indices
            next = page.nextPageToken
        } while next != nil
        return indices
    }
}

/// A value of a test that is known to be right.
func known<Value>(_ value: Value?, line: Int = #line) -> Value {
    guard let value else { preconditionFailure("a test's own value, line \(line), is not valid") }
    return value
}
