/// One thing that an event must not be, with the words for people and an example of each kind.
///
/// All rules stand in ``all``; tests execute the examples of every one, and `Docs/Validation.md` is printed from them.
public struct ValidationRule: Sendable {
    /// What a rule looks at.
    public enum Layer: Int, Hashable, Sendable, CaseIterable {
        /// One event against EPCIS 2.0 and CBV 2.0.
        case structure = 0
        /// The identifiers in one event against the GS1 standards.
        case identifiers = 1
        /// An event against itself, the clock and what was recorded before.
        case sense = 2

        /// The first part of the codes of its rules.
        public var name: String {
            switch self {
            case .structure: "structure"
            case .identifiers: "identifiers"
            case .sense: "sense"
            }
        }
    }

    /// Whether a problem refuses an event.
    public enum Severity: Int, Hashable, Sendable, CaseIterable {
        /// Worth a look.
        case warning = 0
        /// Not to be signed.
        case error = 1

        /// `warning` or `error`.
        public var name: String {
            switch self {
            case .warning: "warning"
            case .error: "error"
            }
        }
    }

    /// The layer and a name, e.g. `structure.action-missing`. Codes stay: scripts and settings name them.
    public let code: String
    /// What it looks at.
    public let layer: Layer
    /// What a problem is unless ``RuleSettings`` say otherwise.
    public let severity: Severity
    /// One sentence on what is wrong, without a full stop; a problem may say it with the values at hand.
    public let sentence: String
    /// One sentence on what to do, without a full stop.
    public let remedy: String
    /// EPCIS JSON, an event or an array of them in their order, that keeps the rule.
    public let passing: String
    /// EPCIS JSON that breaks the rule.
    public let failing: String
    let check: @Sendable (ExaminedEvent, inout Findings) -> Void
    /// Whether the rule is about error declarations, and not about the event that one repeats.
    let isOfDeclarations: Bool

    init(
        _ layer: Layer,
        _ name: String,
        _ severity: Severity,
        _ sentence: String,
        remedy: String,
        passing: String,
        failing: String,
        isOfDeclarations: Bool = false,
        check: @escaping @Sendable (ExaminedEvent, inout Findings) -> Void
    ) {
        code = "\(layer.name).\(name)"
        self.layer = layer
        self.severity = severity
        self.sentence = sentence
        self.remedy = remedy
        self.passing = passing
        self.failing = failing
        self.isOfDeclarations = isOfDeclarations
        self.check = check
    }

    /// Every rule, by layer.
    public static let all: [ValidationRule] =
        fields + dimensions + sensors + vocabulary + identifiers + places + masterData + clock + life + aggregation
        + amounts
}

/// One problem of one event.
public struct EventProblem: Hashable, Sendable {
    /// The code of the rule, e.g. `structure.action-missing`.
    public var code: String
    /// Whether it refuses the event.
    public var severity: ValidationRule.Severity
    /// JSON pointer (RFC 6901) from the event to what is wrong, e.g. `/epcList/3`; empty for the event as a whole.
    public var path: String
    /// One sentence on what is wrong, without a full stop.
    public var sentence: String
    /// One sentence on what to do, without a full stop.
    public var remedy: String

    /// A problem.
    public init(code: String, severity: ValidationRule.Severity, path: String, sentence: String, remedy: String) {
        self.code = code
        self.severity = severity
        self.path = path
        self.sentence = sentence
        self.remedy = remedy
    }
}

/// Which rules hold, and how much they weigh.
public struct RuleSettings: Sendable {
    /// The severity of each of ``ValidationRule/all``; `nil` is off.
    private(set) var severities: [ValidationRule.Severity?]

    /// Every rule at its own severity.
    public init() { severities = ValidationRule.all.map { $0.severity } }

    /// Sets the rule with this code, or every rule of a layer (`sense`), to a severity or, with `nil`, off; false where no
    /// rule has the code.
    public mutating func set(_ code: String, to severity: ValidationRule.Severity?) -> Bool {
        var found = false
        for (index, rule) in ValidationRule.all.enumerated()
        where rule.code.utf8.elementsEqual(code.utf8) || rule.layer.name.utf8.elementsEqual(code.utf8) {
            severities[index] = severity
            found = true
        }
        return found
    }
}

/// Collects what the rules find.
struct Findings {
    private(set) var problems: [EventProblem] = []
    private var rule: ValidationRule?
    private var severity = ValidationRule.Severity.error

    mutating func begin(_ rule: ValidationRule, _ severity: ValidationRule.Severity) {
        self.rule = rule
        self.severity = severity
    }

    /// A problem at `path`, in the rule's words unless better ones are at hand.
    mutating func add(_ path: String, _ sentence: String? = nil, remedy: String? = nil) {
        guard let rule else { return }
        problems.append(
            EventProblem(
                code: rule.code,
                severity: severity,
                path: path,
                sentence: sentence ?? rule.sentence,
                remedy: remedy ?? rule.remedy
            )
        )
    }
}
