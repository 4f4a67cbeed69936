internal import GS1
internal import TraceProof
internal import TraceStatements

extension Verifier {
    /// A subject proof: that its entries are in the ledger and about the subject, and that the ledger's map has these and no
    /// others.
    func check(_ proof: SubjectProof, given: Statement?, _ report: inout VerificationReport) {
        report.asOf = check(proof.checkpoint, &report)
        guard checkInclusion(of: proof, &report) else { return }
        if let asOf = report.asOf { report.sightings.append(Sighting(origin: asOf.origin, time: asOf.time)) }
        checkSigned(proof.entries.map { $0.statement }, &report)
        if let given, !proof.entries.contains(where: { $0.statement == given }) {
            report.fail("statement", "the one given with --statement, \(given.leafHash), is not among these entries")
        }
        checkMap(of: proof, &report)
    }

    /// That the ledger's map has these entries about the subject and no others.
    func checkMap(of proof: SubjectProof, _ report: inout VerificationReport) {
        guard SubjectMap.names(of: Identifier(proof.subject)).first?.hasSameUTF8(as: proof.subject) ?? false else {
            report.fail(
                "completeness",
                "\(proof.subject) is not the canonical spelling, so others may be about the same"
            )
            return
        }
        let origin = proof.checkpoint.checkpoint.origin
        guard let root = MapRoot(of: proof.mapRoot.statement, origin: origin), root.size <= proof.mapRoot.index else {
            report.fail("map", "entry \(proof.mapRoot.index) is not a map root of \(origin) over entries before it")
            return
        }
        guard signer(of: proof.mapRoot.statement, &report) != nil else { return }
        checkCompleteness(of: proof, root, &report)
    }

    /// Key and signature, and of the chain its order: entries about one subject are seldom neighbours.
    private func checkSigned(_ statements: [Statement], _ report: inout VerificationReport) {
        var newest: [PublicKey: UInt64] = [:]
        for statement in statements {
            guard let key = signer(of: statement, &report) else { continue }
            guard let sequence = statement.header.chain?.sequence else {
                Self.leaveItemUnchecked(&report)
                continue
            }
            if let before = newest[key], sequence <= before {
                report.fail(
                    "chain",
                    "entry \(sequence) of a signer stands behind its entry \(before): two entries of one number"
                )
            }
            newest[key] = sequence
        }
    }

    func checkInclusion(of proof: SubjectProof, _ report: inout VerificationReport) -> Bool {
        let leaves = (proof.entries + [proof.mapRoot]).map { $0.statement.leafHash }
        let head = proof.checkpoint.checkpoint.head
        do {
            try proof.multiproof.verify(leaves: leaves, in: head)
            report.pass(
                "inclusion",
                "\(proof.entries.count) entries and the map's root, entry \(proof.mapRoot.index), are in the tree of size "
                    + "\(head.size)"
            )
            return true
        } catch {
            report.fail("inclusion", "\(error.description): an entry, the proof or the checkpoint was altered")
            return false
        }
    }

    private func checkCompleteness(of proof: SubjectProof, _ root: MapRoot, _ report: inout VerificationReport) {
        for entry in proof.entries where entry.index >= root.size || !entry.isAbout(proof.subject) {
            report.fail("completeness", "entry \(entry.index) is not about \(proof.subject), or not in the map")
            return
        }
        let value = SubjectMap.value(of: proof.entries.map { $0.index })
        do {
            let key = SubjectMap.key(of: proof.subject)
            try proof.proof.verify(key: key, value: value, root: root.root)
        } catch {
            report.fail(
                "completeness",
                "\(error.description): the ledger's map has other entries about \(proof.subject) than these"
            )
            return
        }
        let count = proof.entries.count
        let what = ["no entry is", "this entry is, and no other,"]
        report.pass(
            "completeness",
            "\(count < 2 ? what[count] : "these \(count) entries are, and no others,") about \(proof.subject) among the "
                + "entries before index \(root.size)"
        )
        sayWhoStandsBehindTheRoot(proof, &report)
        let size = proof.checkpoint.checkpoint.head.size
        if size > root.size + 1 {
            report.leaveUnchecked(
                "completeness: the map covers the entries before index \(root.size); of those from there to \(size) it says "
                    + "nothing"
            )
        }
    }

    /// A root is the operator's word, unless somebody who copied the entries computed it again.
    private func sayWhoStandsBehindTheRoot(_ proof: SubjectProof, _ report: inout VerificationReport) {
        var names: [String] = []
        for key in anchors.mirrors {
            if case .verified = proof.checkpoint.note.outcome(of: key, checker: checker) { names.append(key.name) }
        }
        let origin = proof.checkpoint.checkpoint.origin
        report.pass(
            "map",
            names.isEmpty
                ? "the root is what the operator of \(origin) claims: no mirror that you named has computed it again"
                : "the root was computed again by \(names.joined(separator: ", "))"
        )
    }
}

extension SubjectProof.Entry {
    fileprivate func isAbout(_ subject: String) -> Bool {
        SubjectMap.subjects(of: statement).contains { $0.hasSameUTF8(as: subject) }
    }
}
