internal import TraceProof
internal import TraceStatements

extension Registry {
    /// Takes an enrolment into the state; says why not where it does not count, and then nothing changed.
    mutating func enrol(
        _ statement: Statement,
        _ key: PublicKey?,
        _ index: UInt64,
        _ checker: some SignatureChecker
    ) -> String? {
        let header = statement.header
        guard let key, checker.isValidPoint(key.bytes),
            checker.admits(statement.signature, for: statement.signedBytes, by: key)
        else { return "the signature is not that of the key with kid \(header.keyID)" }
        let enrolment: Enrolment
        do { enrolment = try Enrolment(decoding: statement.payload) } catch { return error.description }
        if let problem = signerProblem(header, key, enrolment) { return problem }
        for grant in enrolment.action.grants {
            if let problem = grantProblem(grant, of: enrolment.party, checker) { return problem }
        }
        guard enrolment.hasConsent(registry: origin, checker: checker) else {
            return "the old key did not consent to its rotation"
        }
        return apply(enrolment, index)
    }

    /// The authority alone speaks here, by a key that had not ended before this entry.
    private func signerProblem(_ header: StatementHeader, _ key: PublicKey, _ enrolment: Enrolment) -> String? {
        guard let authority else {
            guard case .enrol(_, let grants) = enrolment.action, header.issuer.hasSameUTF8(as: enrolment.party),
                grants.contains(where: { $0.key == key && $0.use == .events })
            else { return "the first enrolment is not the authority's own, signed by the key that it enrols" }
            return nil
        }
        guard header.issuer.hasSameUTF8(as: authority.identifier) else {
            return "\(header.issuer) is not the authority, which is \(authority.identifier)"
        }
        guard let record = authority.keys.first(where: { $0.grant.key == key && $0.grant.use == .events }) else {
            return "the key with kid \(header.keyID) is none of the authority's"
        }
        return record.end == nil ? nil : "the authority's key with kid \(header.keyID) had ended before"
    }

    /// A key belongs to one party and one use for good: nobody else may bring it again.
    private func grantProblem(_ grant: KeyGrant, of party: String, _ checker: some SignatureChecker) -> String? {
        let keyID = KeyID(of: grant.key)
        guard grant.isPossessed(registry: origin, party: party, checker: checker) else {
            return "the proof of possession of the key with kid \(keyID) does not verify"
        }
        if case .ledger(let name) = grant.use, let owner = otherOwner(of: name, than: party) {
            return "the ledger \(name) is that of \(owner)"
        }
        if let other = keyPlaces[keyID] {
            return "the key with kid \(keyID) is enrolled already, for \(parties[other.party].identifier)"
        }
        return nil
    }

    /// Whose a ledger is, where it is not this party's; the registry's own is the authority's.
    private func otherOwner(of ledger: String, than party: String) -> String? {
        if let authority, ledger.hasSameUTF8(as: origin), !party.hasSameUTF8(as: authority.identifier) {
            return authority.identifier
        }
        for place in ledgerPlaces[Registry.place(ledger)] ?? [] where parties[place.party].withdrawn == nil {
            let owner = parties[place.party].identifier
            if !owner.hasSameUTF8(as: party) { return owner }
        }
        return nil
    }

    private mutating func apply(_ enrolment: Enrolment, _ index: UInt64) -> String? {
        let place = places[Registry.place(enrolment.party)]
        if case .enrol(let data, let grants) = enrolment.action {
            guard place.map({ parties[$0].withdrawn != nil }) ?? true else {
                return "\(enrolment.party) is enrolled already: add keys, or change its data"
            }
            return enrol(enrolment.party, data, grants, index)
        }
        guard let place else { return "\(enrolment.party) is not enrolled" }
        var isRevocation = false
        if case .revoke = enrolment.action { isRevocation = true }
        guard parties[place].withdrawn == nil || isRevocation else {
            return "\(enrolment.party) was withdrawn before"
        }
        let problem = change(place, enrolment.action, index)
        if problem == nil { parties[place].history.append(index) }
        return problem
    }

    private mutating func enrol(_ party: String, _ data: PartyData, _ grants: [KeyGrant], _ index: UInt64) -> String? {
        for (place, grant) in grants.enumerated() where grants[..<place].contains(where: { $0.key == grant.key }) {
            return "the key with kid \(KeyID(of: grant.key)) stands there twice"
        }
        if let taken = takenPrefix(data, by: nil) { return taken }
        // One that was withdrawn comes back with new keys; its old ones stay ended.
        let place = places[Registry.place(party)] ?? parties.count
        if place == parties.count {
            places[Registry.place(party)] = place
            parties.append(Party(identifier: party, data: data, keys: [], withdrawn: nil, history: []))
        }
        setPrefixes(place, data)
        (parties[place].data, parties[place].withdrawn) = (data, nil)
        parties[place].history.append(index)
        for grant in grants { add(grant, to: place, index) }
        return nil
    }

    /// One company prefix is one party's: GS1 gives it out once.
    private func takenPrefix(_ data: PartyData, by place: Int?) -> String? {
        for prefix in data.prefixes {
            let owner = Registry.number(ofPrefix: prefix.utf8).flatMap { prefixPlaces[$0] }
            if let owner, owner != place { return "the prefix \(prefix) is that of \(parties[owner].identifier)" }
        }
        return nil
    }

    /// Gives a party's prefixes back, and takes those of `data`.
    private mutating func setPrefixes(_ place: Int, _ data: PartyData?) {
        for prefix in parties[place].data.prefixes {
            // Somebody else may have got it since this party was withdrawn.
            guard let number = Registry.number(ofPrefix: prefix.utf8), prefixPlaces[number] == place else { continue }
            prefixPlaces[number] = nil
        }
        for prefix in data?.prefixes ?? [] {
            if let number = Registry.number(ofPrefix: prefix.utf8) { prefixPlaces[number] = place }
        }
    }

    private mutating func add(_ grant: KeyGrant, to place: Int, _ index: UInt64) {
        let key = parties[place].keys.count
        keyPlaces[KeyID(of: grant.key)] = (place, key)
        if case .ledger(let origin) = grant.use {
            ledgerPlaces[Registry.place(origin), default: []].append((place, key))
        }
        if case .mirror = grant.use { mirrorPlaces.append((place, key)) }
        parties[place].keys.append(KeyRecord(grant, at: index))
    }

    private mutating func change(_ place: Int, _ action: Enrolment.Action, _ index: UInt64) -> String? {
        switch action {
        case .enrol: return nil
        case .addKey(let grant):
            add(grant, to: place, index)
            return nil
        case .retire(let end): return self.end(place, end, index, isRevoked: false)
        case .revoke(let end): return self.end(place, end, index, isRevoked: true)
        case .change(let data):
            if let taken = takenPrefix(data, by: place) { return taken }
            setPrefixes(place, data)
            parties[place].data = data
            return nil
        case .withdraw(let moment):
            parties[place].withdrawn = moment
            setPrefixes(place, nil)
            for key in parties[place].keys.indices where parties[place].keys[key].end == nil {
                let end = try? KeyEnd(key: parties[place].keys[key].grant.key, moment: moment)
                if let end { parties[place].keys[key].end(end, at: index, isRevoked: false) }
            }
            return nil
        case .rotate(let end, let grant, _):
            guard let old = parties[place].keys.first(where: { $0.grant.key == end.key }), old.grant.use == grant.use
            else { return "the new key has another use than the old one, or the old one is not this party's" }
            if let problem = self.end(place, end, index, isRevoked: false) { return problem }
            add(grant, to: place, index)
            return nil
        }
    }

    /// Ends a key. What has ended can still be revoked: a retired key may turn out to be stolen.
    private mutating func end(_ place: Int, _ end: KeyEnd, _ index: UInt64, isRevoked: Bool) -> String? {
        guard let key = parties[place].keys.firstIndex(where: { $0.grant.key == end.key }) else {
            return "the key with kid \(KeyID(of: end.key)) is not one of \(parties[place].identifier)"
        }
        let record = parties[place].keys[key]
        guard record.end == nil || isRevoked else {
            return "the key with kid \(record.keyID) ended already, with entry \(record.endedAt ?? 0)"
        }
        // What was said before stays said: a later end can only be stricter.
        let stricter = record.end.flatMap { end.stricter(than: $0) } ?? end
        parties[place].keys[key].end(stricter, at: index, isRevoked: isRevoked)
        return nil
    }
}
