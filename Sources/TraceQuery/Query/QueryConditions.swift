internal import TraceProof

/// What a query asks of an event, in the terms of the index. Everything that is given must hold; of a list one value suffices.
struct QueryConditions: Hashable, Sendable {
    /// From `from` on and before `before`, each where it is given.
    struct Bounds: Hashable, Sendable {
        var from: Int64?
        var before: Int64?

        var isEmpty: Bool { from == nil && before == nil }
    }

    /// One of these objects or classes in one of these fields.
    struct ObjectMatch: Hashable, Sendable {
        var roles: [ObjectRole]
        var targets: [ObjectTarget]
    }

    /// Codes of event types and actions.
    var kinds: [Int64]?
    var actions: [Int64]?
    /// Names (``TermName``, ``ObjectName``).
    var bizSteps: [String]?
    var dispositions: [String]?
    var readPoints: [String]?
    var bizLocations: [String]?
    var eventIDs: [String]?
    /// Milliseconds since 1970.
    var eventTime = Bounds()
    /// Seconds since 1970.
    var recordTime = Bounds()
    var matches: [ObjectMatch] = []

    /// Adds the conditions to what tells one query from another: every text with its length, so that no two are alike.
    func add(to writer: inout CBORWriter) {
        for codes in [kinds, actions] {
            writer.array((codes?.count ?? 0) + 1)
            writer.integer(codes == nil ? 0 : 1)
            for code in codes ?? [] { writer.integer(code) }
        }
        for names in [bizSteps, dispositions, readPoints, bizLocations, eventIDs] {
            writer.array((names?.count ?? 0) + 1)
            writer.integer(names == nil ? 0 : 1)
            for name in names ?? [] { writer.text(name) }
        }
        for bound in [eventTime.from, eventTime.before, recordTime.from, recordTime.before] {
            writer.array(bound == nil ? 0 : 1)
            if let bound { writer.integer(bound) }
        }
        for match in matches {
            writer.array(match.roles.count)
            for role in match.roles { writer.integer(role.rawValue) }
            writer.array(2 * match.targets.count)
            for target in match.targets {
                switch target {
                case .name(let text):
                    writer.integer(0)
                    writer.text(text)
                case .prefix(let text):
                    writer.integer(1)
                    writer.text(text)
                }
            }
        }
    }
}
