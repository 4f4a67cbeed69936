import EPCIS
import EPCISJSON
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// The structures of this project's files as JSON: what `inspect` prints. Nothing is verified.
enum Description {
    /// One COSE message or any other CBOR item.
    static func message(_ bytes: [UInt8]) -> JSONValue {
        if let statement = try? Statement(decoding: bytes) { return self.statement(statement, "statement") }
        if let transparent = try? TransparentStatement(decoding: bytes) {
            return statement(transparent.statement, "transparent statement")
                .adding(["receipts": .array(transparent.receipts.map(receipt))])
        }
        if let receipt = try? Receipt(decoding: bytes) { return self.receipt(receipt) }
        if let signature = try? RootSignature(decoding: bytes) {
            return .object(["type": .text("root signature")]).adding(rootSignature(signature))
        }
        if let key = try? COSEKey.decode(bytes) { return self.key(key, "COSE_Key") }
        if let message = try? COSESign1(decoding: bytes) {
            return .object([
                "type": .text("COSE_Sign1"), "algorithm": .text(message.protectedHeader.algorithm.map { "\($0)" }),
                "payloadLength": .number(message.payload.map { UInt64($0.count) }),
            ])
        }
        return .object(["type": .text("CBOR"), "length": .number(UInt64(bytes.count))])
    }

    /// The members of an entry in a bundle.
    static func entry(_ bytes: [UInt8]) -> JSONValue {
        guard let statement = try? Statement(decoding: bytes) else {
            return .object(["type": .text("opaque"), "bytes": .hex(bytes)])
        }
        return self.statement(statement, "statement")
    }

    private static func statement(_ statement: Statement, _ type: String) -> JSONValue {
        let header = statement.header
        let members = JSONValue.object([
            "type": .text(type), "leafHash": .text(statement.leafHash.description),
            "length": .number(UInt64(statement.encoded.count)), "kind": .text(header.kind.name),
            "kid": .text(header.keyID.description), "issuer": .text(header.issuer), "subject": .text(header.subject),
            "issuedAt": .text(Time.text(header.issuedAt)), "sequence": .number(header.chain?.sequence),
            "previous": .text(header.chain?.previous.description), "publicKey": .text(header.publicKey?.description),
            "signature": .hex(statement.signature.bytes),
        ])
        if let event = statement.event { return members.adding(["event": DocumentWriter.event(event)]) }
        if header.kind == .genesis, let genesis = try? Genesis(decoding: statement.payload) {
            return members.adding([
                "genesis": .object([
                    "origin": .text(genesis.origin), "ledgerKey": .text(genesis.ledgerKey.description),
                    "created": .text(Time.text(genesis.created)), "nonce": .hex(genesis.nonce),
                ])
            ])
        }
        if header.kind == .enrolment, let enrolment = try? Enrolment(decoding: statement.payload) {
            return members.adding(["enrolment": self.enrolment(enrolment)])
        }
        if header.kind == .mapRoot, let root = try? MapRoot(decoding: statement.payload) {
            return members.adding([
                "mapRoot": .object([
                    "size": .number(root.size), "root": .text(root.root.description),
                    "subjects": .number(root.subjects),
                ])
            ])
        }
        return members.adding(["payload": .hex(statement.payload)])
    }

    private static func receipt(_ receipt: Receipt) -> JSONValue {
        let proof: JSONValue
        switch receipt.proof {
        case .inclusion(let inclusion):
            proof = .object([
                "type": .text("receipt"), "index": .number(inclusion.index), "treeSize": .number(inclusion.treeSize),
                "path": hashes(inclusion.path),
            ])
        case .consistency(let consistency):
            proof = .object([
                "type": .text("consistency receipt"), "oldSize": .number(consistency.oldSize),
                "newSize": .number(consistency.newSize), "path": hashes(consistency.path),
            ])
        }
        return proof.adding(rootSignature(receipt.rootSignature))
    }

    private static func rootSignature(_ signature: RootSignature) -> JSONValue {
        .object([
            "origin": .text(signature.origin), "kid": .text(signature.keyID.description),
            "signature": .hex(signature.signature.bytes),
        ])
    }

    static func hashes(_ path: [Digest]) -> JSONValue { .array(path.map { .text($0.description) }) }

    /// The public half of a key.
    static func key(_ key: PublicKey, _ type: String) -> JSONValue {
        .object(["type": .text(type), "kid": .text(KeyID(of: key).description), "publicKey": .text(key.description)])
    }

    /// A vkey.
    static func vkey(_ key: VerifierKey) -> JSONValue {
        .object([
            "type": .text("vkey"), "name": .text(key.name), "keyID": .text(hexadecimal(key.keyID)),
            "signatureType": .number(UInt64(key.type.rawValue)), "publicKey": .hex(key.keyBytes),
        ])
    }

    /// A note, whose text may be a checkpoint.
    static func note(_ note: SignedNote) throws -> JSONValue {
        let signatures = note.signatures.map { signature in
            // 72 bytes are a time and an Ed25519 signature: a cosignature (type 0x04).
            let time = (try? Cosignature(bytes: signature.bytes))?.time
            return JSONValue.object([
                "name": .text(signature.name), "keyID": .text(hexadecimal(signature.keyID)),
                "time": .text(time.map(Time.text)), "signature": .hex(signature.bytes),
            ])
        }
        guard let checkpoint = try? Checkpoint(noteText: note.text) else {
            return .object([
                "type": .text("signed note"), "text": .text(String(decoding: note.text, as: UTF8.self)),
                "signatures": .array(signatures),
            ])
        }
        return .object([
            "type": .text("checkpoint"), "origin": .text(checkpoint.origin), "size": .number(checkpoint.head.size),
            "root": .text(checkpoint.head.root.description),
            "extensionLines": .array(checkpoint.extensionLines.map { .text($0) }), "signatures": .array(signatures),
        ])
    }

    /// An offline proof, with its checkpoint and the statement that it may carry.
    static func proof(_ proof: TLogProof) throws -> JSONValue {
        let members = JSONValue.object([
            "type": .text("tlog-proof"), "index": .number(proof.index), "path": hashes(proof.path),
            "checkpoint": try note(proof.checkpoint.note),
        ])
        return proof.extra.map { members.adding(["extra": entry($0)]) } ?? members
    }

    /// A policy.
    static func policy(_ policy: TrustPolicy) -> JSONValue {
        .object([
            "type": .text("policy"),
            "logs": .array(
                policy.logs.map { .object(["vkey": .text($0.key.text), "url": .text($0.url?.description)]) }
            ),
            "witnesses": .array(
                policy.witnesses.map {
                    .object([
                        "name": .text($0.name.description), "vkey": .text($0.key.text),
                        "url": .text($0.url?.description),
                    ])
                }
            ),
            "groups": .array(
                policy.groups.map { group in
                    .object([
                        "name": .text(group.name.description), "threshold": .number(UInt64(group.threshold)),
                        "members": .array(group.members.map { .text(policy.name(of: $0).description) }),
                    ])
                }
            ),
            "quorum": .text(policy.quorum.map { policy.name(of: $0).description } ?? "none"),
        ])
    }

    /// `ledger.json`, or any other JSON as it is.
    static func json(_ bytes: [UInt8]) throws -> JSONValue {
        let value = try JSONValue(parsing: bytes)
        guard value["vkey"] != nil, value["origin"] != nil, case .object(let members) = value.content else {
            return .object(["type": .text("JSON"), "value": value])
        }
        return JSONValue(.object([JSONMember("type", .text("ledger.json"))] + members))
    }

    private static func hexadecimal(_ number: UInt32) -> String {
        Hex.encode([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) })
    }
}

extension JSONValue {
    /// The same object with another's members at its end.
    func adding(_ other: JSONValue) -> JSONValue {
        guard case .object(let own) = content, case .object(let more) = other.content else { return self }
        return JSONValue(.object(own + more))
    }
}
