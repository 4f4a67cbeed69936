import EPCIS
import GS1
import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// A lot of cans with hidden codes: the tree over them, the event that commissions them, and openings of single cans.
struct ItemBatch {
    static let gtin = "09521101530018"
    static let otherGTIN = "09521101530025"

    let tree: ItemTree

    /// So many cans with the serials `C0`, `C1` and so on; those at `keyless` have no hidden code.
    init(_ count: Int, lot: UInt8 = 1, keyless: Set<Int> = []) throws {
        let secret = [UInt8](repeating: lot, count: 16)
        var keys = ItemKeys()
        tree = try ItemTree(
            (0..<count).map { index in
                let identity = try ItemBatch.identity(index)
                return try ItemLeaf(
                    serial: identity.serial,
                    key: keyless.contains(index)
                        ? nil : keys.publicKey(seed: ItemBatch.seed(index, lot), identity: identity.text),
                    salt: ItemLeaf.salt(ofIndex: UInt64(index), secret: secret)
                )
            }
        )
    }

    static func identity(_ index: Int, gtin: String = gtin) throws -> ItemIdentity {
        try ItemIdentity(gtin: gtin, serial: "C\(index)")
    }

    /// What is printed under the cap.
    static func seed(_ index: Int, _ lot: UInt8 = 1) -> [UInt8] {
        Array(SHA256.hash([lot] + Array("\(index)".utf8)).bytes.prefix(ItemKeys.seedByteCount))
    }

    static func key(_ index: Int, _ lot: UInt8 = 1) throws -> SigningKey {
        try SigningKey.item(seed: seed(index, lot), identity: identity(index).text)
    }

    /// The event that brings them into being, or one like it.
    func event(_ change: (inout EPCISEvent) -> Void = { _ in }) throws -> EPCISEvent {
        var event = EPCISEvent(
            kind: .object,
            eventTime: try #require(Timestamp("2026-03-01T08:00:00.000+08:00")),
            eventTimeZoneOffset: try #require(TimeZoneOffset("+08:00"))
        )
        event.action = .add
        event.bizStep = Term("commissioning")
        event.quantityList = [
            QuantityElement(
                epcClass: Identifier("https://id.gs1.org/01/\(ItemBatch.gtin)/10/L1"),
                quantity: Number(Int64(tree.count))
            )
        ]
        event.items = ItemTreeRoot(count: tree.count, root: tree.root)
        change(&event)
        return event
    }

    /// The event as the next statement of the dairy.
    func commission(
        in ledger: Ledger,
        by world: LedgerWorld,
        _ change: (inout EPCISEvent) -> Void = { _ in }
    ) async throws -> Statement {
        let event = try event(change)
        return try await ledger.sign(
            try event.payload(),
            kind: .event,
            issuer: LedgerWorld.gln,
            subject: event.subject,
            issuedAt: LedgerWorld.time,
            with: world.dairy
        )
    }

    /// The opening of a can, as an honest device makes it.
    func opening(
        of index: Int,
        commissioned leaf: Digest,
        origin: String = LedgerWorld.origin,
        nonce: UInt8 = 1,
        at time: UInt64 = LedgerWorld.time
    ) async throws -> Statement {
        let activation = try #require(
            Activation(
                origin: origin,
                commissioning: leaf,
                proof: tree.proof(ofIndex: index),
                nonce: [UInt8](repeating: nonce, count: Activation.nonceLength)
            )
        )
        return try await Statement.activate(
            activation,
            of: ItemBatch.identity(index),
            issuedAt: time,
            with: ItemBatch.key(index)
        )
    }

    /// Anything under the kind of an activation.
    static func statement(
        _ payload: [UInt8],
        issuer: String? = nil,
        subject: String? = nil,
        by signer: any Signer
    ) async throws -> Statement {
        try await Statement.sign(
            kind: .activation,
            payload: payload,
            issuer: issuer ?? Activation.issuer(signer.publicKey),
            subject: subject ?? identity(0).text,
            issuedAt: LedgerWorld.time,
            chain: nil,
            with: signer
        )
    }

    /// An activation with another proof, leaf or nonce than an honest one.
    static func activation(_ proof: ItemProof, commissioned leaf: Digest, nonce: UInt8 = 1) throws -> [UInt8] {
        try #require(
            Activation(
                origin: LedgerWorld.origin,
                commissioning: leaf,
                proof: proof,
                nonce: [UInt8](repeating: nonce, count: Activation.nonceLength)
            )
        ).encoded
    }
}
