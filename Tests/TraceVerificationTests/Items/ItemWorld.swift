import EPCIS
import GS1
import Testing
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// A lot of five cans in a ledger in memory: committed in one entry, stamped, with hidden codes; and whatever a test adds to the
/// ledger behind it.
struct ItemWorld {
    static let gtin = "09521101530018"
    static let lot = "L1"
    static let count = 5
    /// 2026-06-01, before the cans expire with 2026-12-31.
    static let now: UInt64 = 1_780_272_000

    let world: World
    let items: ItemTree
    let secret = [UInt8](repeating: 6, count: BatchPack.secretLength)
    private(set) var statements: [Statement]
    private var previous: ChainLink

    init(serials: [String] = (0..<count).map { "C\($0)" }, lot: String = lot) async throws {
        let world = try await World()
        self.world = world
        let secret = secret
        items = try ItemTree(
            serials.enumerated().map { index, serial in
                try ItemLeaf(
                    serial: serial,
                    key: ItemWorld.key(serial).publicKey,
                    salt: ItemLeaf.salt(ofIndex: UInt64(index), secret: secret)
                )
            }
        )
        statements = [world.statements[0]]
        previous = ChainLink(sequence: 0, previous: world.statements[0].leafHash)
        var event = EPCISEvent(
            kind: .object,
            eventTime: try #require(Timestamp("2026-01-01T08:00:00.000+08:00")),
            eventTimeZoneOffset: try #require(TimeZoneOffset("+08:00"))
        )
        event.action = .add
        event.bizStep = Term("commissioning")
        event.quantityList = [
            QuantityElement(
                epcClass: Identifier("https://id.gs1.org/01/\(ItemWorld.gtin)/10/\(lot)"),
                quantity: Number(Int64(items.count))
            )
        ]
        event.items = ItemTreeRoot(count: items.count, root: items.root)
        try await log(.event, try event.payload(), "(01)\(ItemWorld.gtin)(10)\(lot)")
    }

    // MARK: The ledger

    /// Logs a statement of the dairy.
    mutating func log(_ kind: StatementKind, _ payload: [UInt8], _ subject: String, by key: SigningKey? = nil)
        async throws
    {
        let statement = try await Statement.sign(
            kind: kind,
            payload: payload,
            issuer: World.issuer,
            subject: subject,
            issuedAt: 1_767_225_600 + UInt64(statements.count),
            chain: previous,
            with: key ?? world.enterpriseKey
        )
        previous = ChainLink(sequence: previous.sequence + 1, previous: statement.leafHash)
        statements.append(statement)
    }

    /// Logs somebody else's statement.
    mutating func add(_ statement: Statement) { statements.append(statement) }

    /// Logs the opening of a can.
    @discardableResult
    mutating func open(_ serial: String = "C1", nonce: UInt8 = 1, proof: ItemProof? = nil) async throws -> Statement {
        let made = Activation(
            origin: World.origin,
            commissioning: statements[1].leafHash,
            proof: try proof ?? self.proof(serial),
            nonce: [UInt8](repeating: nonce, count: Activation.nonceLength)
        )
        let activation = try #require(made)
        let statement = try await Statement.activate(
            activation,
            of: try ItemIdentity(gtin: ItemWorld.gtin, serial: serial),
            issuedAt: 1_767_300_000,
            with: ItemWorld.key(serial)
        )
        statements.append(statement)
        return statement
    }

    var tree: MerkleTree { MerkleTree(leaves: statements.map(\.leafHash)) }

    func checkpoint(cosigners: [Int] = [0, 1]) async throws -> SignedCheckpoint {
        let checkpoint = try Checkpoint(origin: World.origin, head: tree.head)
        return try await world.cosigned(
            try await SignedCheckpoint.sign(checkpoint, signer: world.ledgerKey),
            by: cosigners
        )
    }

    // MARK: What an enterprise hands out

    static func seed(_ serial: String) -> [UInt8] { Array(SHA256.hash(Array(serial.utf8)).bytes.prefix(16)) }

    static func key(_ serial: String) throws -> SigningKey {
        try SigningKey.item(seed: seed(serial), identity: try ItemIdentity(gtin: gtin, serial: serial).text)
    }

    static func elements(_ serial: String = "C1", lot: String? = lot, expiry: String? = "261231") -> [Element] {
        [Element(ai: 1, value: gtin), Element(ai: 21, value: serial)]
            + (lot.map { [Element(ai: 10, value: $0)] } ?? []) + (expiry.map { [Element(ai: 17, value: $0)] } ?? [])
    }

    func stamp(_ serial: String = "C1", lot: String? = lot, expiry: String? = "261231") async throws -> Stamp {
        try await Stamp.sign(ItemWorld.elements(serial, lot: lot, expiry: expiry), with: world.enterpriseKey)
    }

    func proof(_ serial: String = "C1") throws -> ItemProof {
        let index = items.leaves.firstIndex { $0.serial == serial }
        return try items.proof(ofIndex: try #require(index))
    }

    /// The commissioning entry, at the ledger's present size.
    func batch(cosigners: [Int] = [0, 1]) async throws -> LoggedBatch {
        let proof = try InclusionProof.make(index: 1, treeSize: tree.size, from: tree)
        let signature = try await RootSignature.signed(root: tree.head.root, origin: World.origin, by: world.ledgerKey)
        return try LoggedBatch(
            TransparentStatement(statements[1], receipts: [try Receipt.inclusion(proof, signature: signature)]),
            checkpoint: try await checkpoint(cosigners: cosigners)
        )
    }

    func item(_ serial: String = "C1") async throws -> LoggedItem {
        LoggedItem(try proof(serial), of: try await batch())
    }

    func pack() async throws -> BatchPack {
        try BatchPack(
            try await batch(),
            secret: secret,
            serials: items.leaves.map(\.serial),
            keys: items.leaves.map(\.key)
        )
    }

    /// The recalls among the statements.
    func recallPack() async throws -> RecallPack {
        let entries = statements.enumerated().filter { $0.element.header.kind == .recall }
            .map { EvidenceBundle.Entry(index: UInt64($0.offset), statement: $0.element) }
        let hashes =
            entries.isEmpty
            ? [] : try InclusionMultiproof.make(indices: entries.map(\.index), treeSize: tree.size, from: tree).hashes
        return try RecallPack([.init(checkpoint: try await checkpoint(), entries: entries, hashes: hashes)])
    }

    /// All entries about a can, after the ledger logged the root of its map.
    mutating func history(_ serial: String = "C1") async throws -> SubjectProof {
        var map = SubjectMap()
        for statement in statements { map.append(statement.encoded) }
        let root = map.root()
        let own = statements.last { $0.header.kind == .mapRoot } ?? statements[0]
        let number = (own.header.chain?.sequence ?? 0) + 1
        statements.append(
            try await Statement.sign(
                kind: .mapRoot,
                payload: root.encoded,
                issuer: World.origin,
                subject: World.origin,
                issuedAt: 1_767_225_600,
                chain: ChainLink(sequence: number, previous: own.leafHash),
                with: world.ledgerKey
            )
        )
        let subject = try ItemIdentity(gtin: ItemWorld.gtin, serial: serial).text
        let entries = statements.enumerated().filter { SubjectMap.subjects(of: $0.element).contains(subject) }
            .map { EvidenceBundle.Entry(index: UInt64($0.offset), statement: $0.element) }
        let place = UInt64(statements.count - 1)
        return SubjectProof(
            subject: subject,
            checkpoint: try await checkpoint(),
            entries: entries,
            mapRoot: EvidenceBundle.Entry(index: place, statement: statements[Int(place)]),
            proof: map.proof(of: subject),
            inclusion: try InclusionMultiproof.make(
                indices: entries.map(\.index) + [place],
                treeSize: tree.size,
                from: tree
            ).hashes
        )
    }

    // MARK: Trust

    /// A verifier that knows the registry, in which the dairy has the product's company prefix.
    func verifier(
        now: UInt64? = now,
        _ change: (inout RegistryWorld) async throws -> Void = { _ in }
    ) async throws -> Verifier<SodiumSignatureChecker> {
        var registry = try await RegistryWorld(world: world)
        try await change(&registry)
        var anchors = try await registry.anchors(world)
        anchors.logKeys = [try world.logKey()]
        return Verifier(anchors: anchors, checker: World.checker, now: now)
    }
}
