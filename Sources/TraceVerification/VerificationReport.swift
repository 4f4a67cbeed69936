/// One thing that was checked.
public struct VerificationStep: Hashable, Sendable {
    /// What was checked, in one word: `key`, `signature`, `chain`, `genesis`, `statement`, `receipt`, `inclusion`,
    /// `consistency`, `checkpoint`, `cosignatures`, `validity`, `registry`, `freshness`, `request` and others that belong to
    /// one kind of evidence.
    public let name: String
    /// Whether it holds.
    public let passed: Bool
    /// What exactly was compared with what: one line for people. Control characters, which names in the evidence may
    /// have, are written as `\u{...}` so that no evidence can write lines of its own into a report.
    public let detail: String

    /// A check and how it ended.
    public init(_ name: String, passed: Bool, _ detail: String) {
        self.name = name
        self.passed = passed
        self.detail = detail.utf8.isEmpty ? "" : detail.asOneLine
    }
}

/// The checkpoint that a verdict is "as of".
public struct AsOf: Hashable, Sendable {
    /// The ledger.
    public let origin: String
    /// The size of its tree.
    public let size: UInt64
    /// When the quorum of cosigners had seen it, in seconds since 1970; `nil` without cosigners: the checkpoint itself
    /// has no time.
    public let time: UInt64?
}

/// A verdict with the steps that led to it and what could not be checked for lack of input.
public struct VerificationReport: Sendable {
    /// What the evidence is, e.g. `transparent statement`.
    public let type: String
    /// The steps in the order they were taken.
    public private(set) var steps: [VerificationStep] = []
    /// What could not be checked, each with the input that would allow it.
    public private(set) var unchecked: [String] = []
    /// The checkpoint that inclusion was checked against.
    public var asOf: AsOf?
    /// The checkpoint of the registry that said whose key is whose; `nil` where no registry was asked.
    public var registry: AsOf?
    /// The verdict; the most severe of all that were found.
    public private(set) var verdict: Verdict

    /// Statements whose signature verified under a key of the registry: whether the key counts is known when it is known
    /// where they were seen.
    var underRegistry: [SignedUnderRegistry] = []
    /// Where the statements were seen.
    var sightings: [Sighting] = []

    /// What speaks against it, in one line: the last step that does not hold, else the last that could not be taken, else the
    /// verdict.
    public var reason: String {
        steps.last { !$0.passed }.map { "\($0.name): \($0.detail)" } ?? unchecked.last ?? verdict.name
    }

    /// A report that nothing has spoken against yet; `best` is the verdict if nothing does.
    init(type: String, best: Verdict) {
        self.type = type
        verdict = best
    }

    private mutating func note(_ name: String, passed: Bool, _ detail: String) {
        steps.append(VerificationStep(name, passed: passed, detail))
    }

    #if TRACE_TERSE
    // For a browser a step has its name and no detail, and what stays open is not listed: the code that makes the sentences is half
    // of a verifier's.

    @inline(__always)
    mutating func pass(_ name: String, _ detail: @autoclosure () -> String) { note(name, passed: true, "") }

    @inline(__always)
    mutating func fail(_ name: String, _ detail: @autoclosure () -> String, _ verdict: Verdict = .forged) {
        note(name, passed: false, "")
        lower(to: verdict)
    }

    @inline(__always)
    mutating func step(_ name: String, _ passed: Bool, _ detail: @autoclosure () -> String) {
        note(name, passed: passed, "")
        if !passed { lower(to: .forged) }
    }

    @inline(__always)
    mutating func leaveUnchecked(_ what: @autoclosure () -> String, _ verdict: Verdict? = nil) {
        if let verdict { lower(to: verdict) }
    }
    #else
    /// Notes a check that holds.
    mutating func pass(_ name: String, _ detail: String) { note(name, passed: true, detail) }

    /// Notes a check that does not hold and what that makes of the evidence.
    mutating func fail(_ name: String, _ detail: String, _ verdict: Verdict = .forged) {
        note(name, passed: false, detail)
        lower(to: verdict)
    }

    /// Notes a check that holds, or one that does not and makes the evidence forged.
    mutating func step(_ name: String, _ passed: Bool, _ detail: String) {
        if passed { pass(name, detail) } else { fail(name, detail) }
    }

    /// Notes what could not be checked, and, where the verdict depends on it, what is left of the verdict without it.
    mutating func leaveUnchecked(_ what: String, _ verdict: Verdict? = nil) {
        unchecked.append(what.asOneLine)
        if let verdict { lower(to: verdict) }
    }
    #endif

    /// Lowers the verdict to this one, where it is more severe.
    mutating func lower(to verdict: Verdict) { self.verdict = min(self.verdict, verdict) }

    /// Takes over what another report found.
    mutating func add(_ other: VerificationReport) {
        steps += other.steps
        unchecked += other.unchecked
        lower(to: other.verdict)
    }

    /// Takes over what another report found of something that the verdict does not need: only what is wrong counts against it.
    mutating func addOptional(_ other: VerificationReport) {
        steps += other.steps
        unchecked += other.unchecked
        if other.verdict == .forged { lower(to: .forged) }
    }
}

extension String {
    /// The same text with escapes for what ends a line, steers a terminal or turns the direction of writing.
    fileprivate var asOneLine: String {
        var line = ""
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F...0x9F, 0xAD, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
                line += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}
