internal import Yams

/// What is wrong in a configuration file, and where.
public struct ConfigurationProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file.
    public let file: String
    /// The line, from 1; `nil` for the whole file.
    public let line: Int?
    /// What is wrong and the remedy.
    public let reason: String

    /// `file:line: reason`.
    public var description: String { "\(file):\(line.map { "\($0):" } ?? "") \(reason)" }
}

/// Several things that are wrong: all are told at once.
public struct ConfigurationProblems: Error, Sendable, CustomStringConvertible {
    /// In the order of the file.
    public let problems: [ConfigurationProblem]

    /// A line each.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Collects what is wrong while a file is read to its end.
final class ProblemList {
    let file: String
    private(set) var problems: [ConfigurationProblem] = []

    init(_ file: String) { self.file = file }

    func note(_ node: Node?, _ reason: String) {
        problems.append(ConfigurationProblem(file: file, line: node?.mark?.line, reason: reason))
    }
}

/// A YAML mapping, of which every key must be known: one that nobody reads is a mistake in its spelling.
final class ConfigurationFields {
    private let node: Node
    private let place: String
    private let list: ProblemList
    private var pairs: [(key: Node, name: String, value: Node)] = []
    private var known: [String] = []

    /// The fields of `node`; `place` is the path to it, such as `ledgers[0]`, empty for the whole file.
    init(_ node: Node, _ place: String, _ list: ProblemList) {
        (self.node, self.place, self.list) = (node, place, list)
        guard let mapping = node.mapping else {
            if node.null == nil {
                list.note(node, "\(place.isEmpty ? "the file" : place): keys and values belong here")
            }
            return
        }
        for (key, value) in mapping {
            guard let name = key.string else {
                list.note(key, "\(self.name("")): a key is a word")
                continue
            }
            pairs.append((key, name, value))
        }
    }

    func name(_ key: String) -> String { place.isEmpty ? key : key.isEmpty ? place : "\(place).\(key)" }

    /// The value of a key, where it is given.
    func value(_ key: String) -> Node? {
        known.append(key)
        return pairs.first { $0.name == key }?.value
    }

    func note(_ key: String, _ reason: String) {
        list.note(pairs.first { $0.name == key }?.value ?? node, "\(name(key)): \(reason)")
    }

    /// Tells every key that was not asked for.
    func end() {
        for pair in pairs where !known.contains(pair.name) {
            list.note(
                pair.key,
                "\(name(pair.name)): there is no such key here; those are \(known.sorted().joined(separator: ", "))"
            )
        }
    }

    // MARK: Values

    func text(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.scalar?.string, !text.isEmpty else {
            note(key, "one text belongs here")
            return nil
        }
        return text
    }

    func required(_ key: String) -> String? {
        if pairs.contains(where: { $0.name == key }) { return text(key) }
        known.append(key)
        note(key, "it is missing")
        return nil
    }

    func number(_ key: String, in range: ClosedRange<Double>, default standard: Double) -> Double {
        number(key, in: range) ?? standard
    }

    func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.float ?? value.int.map(Double.init), range.contains(number) else {
            note(
                key,
                "a number from \(ConfigurationFields.short(range.lowerBound)) to \(ConfigurationFields.short(range.upperBound)) belongs here"
            )
            return nil
        }
        return number
    }

    func integer(_ key: String, in range: ClosedRange<Int>, default standard: Int) -> Int {
        guard let value = value(key) else { return standard }
        guard let number = value.int, range.contains(number) else {
            note(key, "a whole number from \(range.lowerBound) to \(range.upperBound) belongs here")
            return standard
        }
        return number
    }

    func flag(_ key: String, default standard: Bool) -> Bool {
        guard let value = value(key) else { return standard }
        guard let flag = value.bool else {
            note(key, "true or false belongs here")
            return standard
        }
        return flag
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, default standard: Choice) -> Choice
    where Choice.RawValue == String {
        guard let text = text(key) else { return standard }
        guard let choice = Choice(rawValue: text) else {
            note(key, "\(text) is none of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
            return standard
        }
        return choice
    }

    /// The fields of a mapping inside.
    func fields(_ key: String) -> ConfigurationFields? {
        guard let value = value(key) else { return nil }
        return ConfigurationFields(value, name(key), list)
    }

    /// The members of a list of mappings.
    func list(_ key: String) -> [ConfigurationFields] {
        members(key).enumerated().map { ConfigurationFields($1, "\(name(key))[\($0)]", list) }
    }

    /// The members of a list of texts; one text alone is a list of one.
    func texts(_ key: String) -> [String] {
        members(key).compactMap { member in
            guard let text = member.scalar?.string, !text.isEmpty else {
                list.note(member, "\(name(key)): a list of texts belongs here")
                return nil
            }
            return text
        }
    }

    private func members(_ key: String) -> [Node] {
        guard let value = value(key), value.null == nil else { return [] }
        if let sequence = value.sequence { return Array(sequence) }
        return [value]
    }

    private static func short(_ number: Double) -> String {
        number == number.rounded() ? String(Int(number)) : String(number)
    }
}
