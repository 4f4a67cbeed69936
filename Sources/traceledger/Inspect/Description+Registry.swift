import EPCISJSON
import TraceProof
import TraceStatements
import TraceVerification

extension Description {
    /// A file of ours that travels, by its name; `nil` for anything else.
    static func travellingFile(_ bytes: [UInt8]) throws -> JSONValue? {
        guard TravellingFile.name(of: bytes) != nil else { return nil }
        let evidence = try Evidence(decoding: bytes)
        let type = JSONValue.object(["type": .text(evidence.type)])
        switch evidence {
        case .registryPack(let pack):
            return type.adding([
                "checkpoint": try note(pack.checkpoint.note), "entries": .array(pack.entries.map(entry)),
            ])
        case .registryUpdate(let update):
            return type.adding([
                "from": .number(update.first), "checkpoint": try note(update.checkpoint.note),
                "entries": .array(update.entries.map(entry)),
            ])
        case .subjectProof(let proof):
            return type.adding([
                "subject": .text(proof.subject), "checkpoint": try note(proof.checkpoint.note),
                "mapRoot": JSONValue.object(["index": .number(proof.mapRoot.index)])
                    .adding(entry(proof.mapRoot.statement.encoded)),
                "entries": .array(
                    proof.entries.map {
                        JSONValue.object(["index": .number($0.index)]).adding(entry($0.statement.encoded))
                    }
                ), "siblings": .number(UInt64(proof.proof.siblings.count)),
                "inclusionHashes": .number(UInt64(proof.inclusion.count)),
            ])
        case .enrolmentRequest(let request):
            return type.adding([
                "registry": .text(request.registry), "created": .text(Time.text(request.created)),
                "signer": .text(request.signer.description), "kid": .text(KeyID(of: request.signer).description),
                "enrolment": enrolment(request.enrolment),
            ])
        case .evidenceBundle(let bundle): return type.adding(try self.bundle(bundle))
        case .forkEvidence(let evidence):
            return type.adding([
                "smaller": try note(evidence.smaller.note), "larger": try note(evidence.larger.note),
                "path": hashes(evidence.path),
            ])
        default: return try items(evidence) ?? type
        }
    }

    /// What an authority says of a party.
    static func enrolment(_ enrolment: Enrolment) -> JSONValue {
        let start = JSONValue.object([
            "action": .text(enrolment.action.name), "party": .text(enrolment.party),
        ])
        switch enrolment.action {
        case .enrol(let data, let grants):
            return start.adding(["data": party(data), "keys": .array(grants.map(grant))])
        case .addKey(let new): return start.adding(["keys": .array([grant(new)])])
        case .retire(let end), .revoke(let end): return start.adding(["end": self.end(end)])
        case .change(let data): return start.adding(["data": party(data)])
        case .withdraw(let moment): return start.adding(["from": .text(Time.text(moment))])
        case .rotate(let end, let new, _):
            return start.adding(["keys": .array([grant(new)]), "end": self.end(end)])
        }
    }

    /// Names, prefixes, roles, references and contacts of a party.
    static func party(_ data: PartyData) -> JSONValue {
        .object([
            "names": .array(data.names.map { .object(["language": .text($0.language), "text": .text($0.text)]) }),
            "prefixes": .array(data.prefixes.map { .text($0) }), "roles": .array(data.roles.map { .text($0.name) }),
            "references": .array(
                data.references.map {
                    .object([
                        "type": .text($0.type), "number": .text($0.number),
                        "validUntil": .text($0.validUntil.map(Time.text)),
                    ])
                }
            ),
            "contacts": .array(data.contacts.map { .text($0) }),
        ])
    }

    /// A key, since when and what for.
    static func grant(_ grant: KeyGrant) -> JSONValue {
        .object([
            "kid": .text(KeyID(of: grant.key).description), "publicKey": .text(grant.key.description),
            "from": .text(Time.text(grant.from)), "use": .text(grant.use.description),
        ])
    }

    /// From when on a key does not count, and what still does.
    static func end(_ end: KeyEnd) -> JSONValue {
        .object([
            "kid": .text(KeyID(of: end.key).description), "from": .text(Time.text(end.moment)),
            "reason": .text(end.reason.name), "comment": .text(end.comment),
            "lastGood": .array(
                end.lastGood.map {
                    .object([
                        "origin": .text($0.origin), "number": .number($0.number), "hash": .text($0.hash.description),
                    ])
                }
            ),
        ])
    }
}
