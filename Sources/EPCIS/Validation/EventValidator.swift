/// Holds events against every rule before they are signed.
///
///     var validator = EventValidator(now: now)
///     for event in earlier { validator.learn(event) }
///     let problems = validator.validate(events)  // one list an event
///
/// Nothing is fetched and no clock is read; what was validated becomes part of what later events are held against.
public struct EventValidator: Sendable {
    /// Which rules hold.
    public var settings: RuleSettings
    /// Now; without it no time is in the future or long past.
    public var now: Timestamp?
    /// Fields that hash IDs leave out, as ``EventHash/init(of:ignoring:)`` takes them.
    public var ignoredFields: [String] = []
    /// What is known.
    public private(set) var history: History

    /// A validator that knows `history`.
    public init(settings: RuleSettings = RuleSettings(), now: Timestamp? = nil, history: History = History()) {
        self.settings = settings
        self.now = now
        self.history = history
    }

    /// Takes in an event that was recorded before, unchecked.
    public mutating func learn(_ event: EPCISEvent) { history.add(event) }

    /// The problems of each event, in the order of the events.
    ///
    /// The events are taken in the order of their times. What one of them declares wrong is held against none of the
    /// others, and what is wrong in an event that carries an error declaration is at most a warning: it must be repeated
    /// as it was.
    public mutating func validate(_ events: [EPCISEvent]) -> [[EventProblem]] {
        var problems = [[EventProblem]](repeating: [], count: events.count)
        var declaredWrong: Set<ObjectKey> = []
        for event in events {
            guard let id = event.eventID.map({ ObjectKey(text: $0) }) else { continue }
            history.announced.insert(id)
            if event.errorDeclaration != nil {
                declaredWrong.insert(id)
                history.retract(event)
            }
        }
        var seen: Set<Int> = []
        for index in order(of: events) {
            let event = events[index]
            let fingerprint = History.fingerprint(event)
            let isRepeated = !seen.insert(fingerprint).inserted
            let isKnown = !isRepeated && history.fingerprints.contains(fingerprint)
            let isWrong =
                event.errorDeclaration != nil
                || event.eventID.map { declaredWrong.contains(ObjectKey(text: $0)) } ?? false
            let isFresh = !isRepeated && !isKnown && !isWrong
            problems[index] = check(event, isRepeated: isRepeated, isFresh: isFresh)
            if isFresh || event.errorDeclaration != nil { history.add(event, fingerprint: fingerprint) }
        }
        history.announced = []
        return problems
    }

    private func order(of events: [EPCISEvent]) -> [Int] {
        events.indices.sorted { left, right in
            let (first, second) = (events[left].eventTime.milliseconds, events[right].eventTime.milliseconds)
            return first == second ? left < right : first < second
        }
    }

    /// The rules see the history within this call only: a copy that lived on would have to be copied for every event.
    private func check(_ event: EPCISEvent, isRepeated: Bool, isFresh: Bool) -> [EventProblem] {
        let examined = ExaminedEvent(
            event,
            history: history,
            now: now?.milliseconds,
            isRepeated: isRepeated,
            isFresh: isFresh,
            ignoredFields: ignoredFields
        )
        var findings = Findings()
        let isDeclaration = event.errorDeclaration != nil
        for (index, rule) in ValidationRule.all.enumerated() {
            guard let severity = settings.severities[index] else { continue }
            findings.begin(rule, isDeclaration && !rule.isOfDeclarations ? .warning : severity)
            rule.check(examined, &findings)
        }
        return findings.problems
    }
}
