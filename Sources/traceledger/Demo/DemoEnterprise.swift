import EPCIS
import EPCISJSON
import Foundation
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// One participant of the demo: who it is, its keys, its ledger.
struct DemoEnterprise: Sendable {
    /// Name, folder of its documents, GLN and the origin of its ledger.
    typealias Profile = (name: String, folder: String, gln: String, origin: String)

    static let profiles: [Profile] = [
        ("青山牧场 Qingshan Dairy Farm", "1-farm", "9521101000009", "ledger.qingshan.example"),
        ("晨光乳业 Chenguang Dairy", "2-processor", "9521102000008", "ledger.chenguang.example"),
        ("迅达冷链 Xunda Cold Chain", "3-distributor", "9521103000007", "ledger.xunda.example"),
    ]

    let name: String
    let folder: String
    let gln: String
    let key: SigningKey
    let ledgerKey: SigningKey
    let ledger: Ledger
    let directory: String

    /// Generates the keys (one for events, another for the ledger) and makes the ledger.
    init(_ profile: Profile, root: String) async throws {
        (name, folder, gln) = (profile.name, profile.folder, profile.gln)
        let home = "\(root)/\(profile.folder)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        key = SigningKey.generate()
        ledgerKey = SigningKey.generate()
        try KeyFile.write(key, to: "\(home)/events.pem")
        try KeyFile.write(ledgerKey, to: "\(home)/ledger.pem")
        try Data(key.publicKey.pem.utf8).write(to: URL(filePath: "\(home)/events.pub.pem"))
        directory = "\(home)/ledger"
        ledger = try await Ledger.create(
            directory,
            origin: profile.origin,
            signer: ledgerKey,
            issuerKeys: [LedgerInformation.IssuerKey(issuer: gln, key: key.publicKey)],
            keyPath: "\(home)/ledger.pem",
            created: DemoEnterprise.now,
            nonce: RandomBytes.make(Genesis.nonceLength),
            checker: SodiumSignatureChecker()
        )
    }

    static var now: UInt64 { UInt64(max(0, Date().timeIntervalSince1970)) }

    /// Signs and appends every event of a document, all or none, and publishes.
    func append(document url: URL) async throws -> DemoSizes {
        let document = try EPCISDocument(json: [UInt8](try Data(contentsOf: url)))
        var sizes = DemoSizes()
        var statements: [Statement] = []
        var link = await ledger.nextLink(for: key.publicKey)
        for event in document.events.map(\.event) {
            let payload = try event.payload()
            let statement = try await Statement.sign(
                kind: .event,
                payload: payload,
                issuer: gln,
                subject: event.subject,
                issuedAt: DemoEnterprise.now,
                chain: link,
                with: key
            )
            link = ChainLink(sequence: (link?.sequence ?? 0) + 1, previous: statement.leafHash)
            statements.append(statement)
            sizes.events += 1
            sizes.json += JSONValue(event).serialized(.compact).count
            sizes.entries += statement.encoded.count
        }
        _ = try await ledger.append(statements)
        _ = try await ledger.publish()
        return sizes
    }
}

/// How many events, and their bytes as minified JSON and as signed entries.
struct DemoSizes {
    var events = 0
    var json = 0
    var entries = 0

    static func += (left: inout DemoSizes, right: DemoSizes) {
        left.events += right.events
        left.json += right.json
        left.entries += right.entries
    }

    var summary: String {
        "\(events) events, \(Demo.bytes(json)) of JSON, \(Demo.bytes(entries)) signed "
            + "(\(json == 0 ? 0 : entries * 100 / json) %)"
    }
}
