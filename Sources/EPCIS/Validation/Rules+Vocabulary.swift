extension ValidationRule {
    /// Terms of CBV 2.0: what is written as one must be one.
    static let vocabulary: [ValidationRule] = [
        ValidationRule(
            .structure,
            "term-unknown",
            .error,
            "CBV 2.0 has no such term",
            remedy: "write a term of CBV 2.0, or a URI of your own vocabulary",
            passing: RuleExample.observing(#""bizStep": "receiving""#),
            failing: RuleExample.observing(#""bizStep": "recieving""#),
            check: checkTerms
        ),
        ValidationRule(
            .structure,
            "term-misplaced",
            .error,
            "the term belongs to another field",
            remedy: "write it there, and here a term of this field's own list",
            passing: RuleExample.observing(#""bizStep": "shipping", "disposition": "in_transit""#),
            failing: RuleExample.observing(#""bizStep": "in_transit""#)
        ) { examined, findings in
            forEachTerm(examined.event) { path, term, list in
                guard list.vocabulary.lookUp(term) == nil, let other = TermList.all.first(where: { $0.has(term) })
                else {
                    return
                }
                findings.add(path, "\"\(term.text)\" is a \(other.noun), not a \(list.noun)")
            }
        },
    ]

    private static func checkTerms(_ examined: ExaminedEvent, _ findings: inout Findings) {
        forEachTerm(examined.event) { path, term, list in
            guard list.vocabulary.lookUp(term) == nil, !TermList.all.contains(where: { $0.has(term) }) else { return }
            // A bare word may be a term of another context, which is never fetched.
            let claims = list.claims(term)
            guard claims || (!term.text.has(":") && examined.event.context == nil) else { return }
            let nearest = NearestTerm.of(String(term.text.localName), in: list.vocabulary.terms)
            let bare = nearest ?? term.text.cbvTail.flatMap { NearestTerm.of($0, in: list.vocabulary.terms) }
            findings.add(
                path,
                "\"\(term.text)\" is no \(list.noun) of \(list.source)",
                remedy: bare.map { "write \"\($0)\", or a URI of your own vocabulary" }
            )
        }
    }

    /// Calls `body` with each term, its path and the list that it should be of.
    private static func forEachTerm(_ event: EPCISEvent, _ body: (String, Term, TermList) -> Void) {
        if let term = event.bizStep { body("/bizStep", term, .bizStep) }
        if let term = event.disposition { body("/disposition", term, .disposition) }
        for (index, term) in (event.persistentDisposition?.set ?? []).enumerated() {
            body("/persistentDisposition/set/\(index)", term, .disposition)
        }
        for (index, term) in (event.persistentDisposition?.unset ?? []).enumerated() {
            body("/persistentDisposition/unset/\(index)", term, .disposition)
        }
        for (index, transaction) in (event.bizTransactionList ?? []).enumerated() {
            if let term = transaction.type { body("/bizTransactionList/\(index)/type", term, .transactionType) }
        }
        for (index, end) in (event.sourceList ?? []).enumerated() {
            body("/sourceList/\(index)/type", end.type, .endType)
        }
        for (index, end) in (event.destinationList ?? []).enumerated() {
            body("/destinationList/\(index)/type", end.type, .endType)
        }
        if let term = event.errorDeclaration?.reason { body("/errorDeclaration/reason", term, .errorReason) }
        forEachReport(event) { path, report in
            if let term = report.type { body("\(path)/type", term, .measurementType) }
            if let term = report.exception { body("\(path)/exception", term, .alertType) }
            if let term = report.component { body("\(path)/component", term, .component) }
        }
    }
}

/// A vocabulary as people name it.
private struct TermList {
    let vocabulary: Vocabulary
    let noun: String
    let source: String
    /// The beginnings of terms that claim to be of this list.
    let prefixes: [String]

    static let bizStep = TermList(.bizSteps, "business step", "BizStep-", "bizstep:")
    static let disposition = TermList(.dispositions, "disposition", "Disp-", "disp:")
    static let transactionType = TermList(.bizTransactionTypes, "transaction type", "BTT-", "btt:")
    static let endType = TermList(.sourceDestinationTypes, "source or destination type", "SDT-", "sdt:")
    static let errorReason = TermList(.errorReasons, "reason of an error", "ER-", "er:")
    static let component = TermList(.components, "component", "Comp-", nil)
    /// The GS1 Web Vocabulary grows: a term that says that it is of it is believed.
    static let measurementType = TermList(gs1: .measurementTypes, "measurement type")
    static let alertType = TermList(gs1: .sensorAlertTypes, "sensor alert")

    /// Those whose bare terms say what field they belong to.
    static let all = [bizStep, disposition, transactionType, endType, errorReason]

    private init(_ vocabulary: Vocabulary, _ noun: String, _ web: String, _ urn: String?) {
        self.vocabulary = vocabulary
        self.noun = noun
        source = "CBV 2.0"
        prefixes =
            ["cbv:\(web)", "https://ref.gs1.org/cbv/\(web)"] + (urn.map { ["urn:epcglobal:cbv:\($0)"] } ?? [])
    }

    private init(gs1 vocabulary: Vocabulary, _ noun: String) {
        self.vocabulary = vocabulary
        self.noun = noun
        source = "the GS1 Web Vocabulary"
        prefixes = []
    }

    func has(_ term: Term) -> Bool { vocabulary.lookUp(term) != nil }

    /// Whether the text says that it is a term of this list, or of CBV and of no list.
    func claims(_ term: Term) -> Bool {
        prefixes.contains { term.text.begins(with: $0) }
            || (!prefixes.isEmpty
                && (term.text.begins(with: "cbv:") || term.text.begins(with: "https://ref.gs1.org/cbv/")))
    }
}

extension String {
    /// What stands behind the first hyphen: the bare term of `cbv:BizStep-shipping`.
    fileprivate var cbvTail: String? {
        utf8.firstIndex(of: 0x2D).map { String(self[utf8.index(after: $0)...]) }
    }
}
