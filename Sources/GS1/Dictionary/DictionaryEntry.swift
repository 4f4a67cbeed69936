/// One entry of ``DictionaryTable``: an AI, or up to ten AIs that differ in their last digit and agree in all else.
///
/// The word holds, from the lowest bit: the first AI (14 bits), how many more there are (4), whether the length is
/// predefined (1), whether a Digital Link may carry it in its query (1), how many components its value has (3), where they
/// begin in the table (9), where its rules begin (16), and the place of its title (16).
struct DictionaryEntry {
    private let word: UInt64

    /// The entry of this AI; nil where the dictionary has none.
    static func of(_ ai: Int) -> DictionaryEntry? {
        guard ai >= 0, ai < places.count, places[ai] != 0 else { return nil }
        return DictionaryEntry(word: DictionaryTable.entries[Int(places[ai]) &- 1])
    }

    /// By AI, the place of its entry in the table from 1, or 0: every element of every identifier asks.
    private static let places: [UInt8] = {
        var places = [UInt8](repeating: 0, count: 10_000)
        var place: UInt8 = 0
        for entry in all {
            place += 1
            for ai in entry.first...entry.last { places[ai] = place }
        }
        return places
    }()

    /// Every entry, by number.
    static var all: [DictionaryEntry] { DictionaryTable.entries.map(DictionaryEntry.init) }

    private init(word: UInt64) { self.word = word }

    var first: Int { Int(truncatingIfNeeded: word & 0x3FFF) }
    var last: Int { first &+ Int(truncatingIfNeeded: word >> 14 & 0xF) }
    var hasPredefinedLength: Bool { word >> 18 & 1 == 1 }
    var isDigitalLinkAttribute: Bool { word >> 19 & 1 == 1 }
    var title: String { DictionaryTable.titles[Int(truncatingIfNeeded: word >> 48)] }
    var rules: RuleReader { RuleReader(position: Int(truncatingIfNeeded: word >> 32 & 0xFFFF)) }

    /// How many components a value has.
    var componentCount: Int { Int(truncatingIfNeeded: word >> 20 & 0x7) }

    /// The component at this place.
    func component(_ place: Int) -> ValueComponent {
        ValueComponent(word: DictionaryTable.components[Int(truncatingIfNeeded: word >> 23 & 0x1FF) &+ place])
    }
}

/// One part of a value: from the lowest byte its least length, its greatest, its kind (2 bits) and whether it may be absent
/// (1 bit), and from bit 24 its linters.
struct ValueComponent {
    fileprivate let word: UInt64

    var least: Int { Int(truncatingIfNeeded: word & 0xFF) }
    var most: Int { Int(truncatingIfNeeded: word >> 8 & 0xFF) }
    var isOptional: Bool { word >> 18 & 1 == 1 }
    var kind: ApplicationIdentifier.Component.Kind {
        switch word >> 16 & 3 {
        case 0: .numeric
        case 1: .cset82
        case 2: .cset39
        default: .cset64
        }
    }

    /// Up to three.
    func linter(_ place: Int) -> Linter? { Linter(rawValue: UInt8(truncatingIfNeeded: word >> (24 &+ 8 &* place))) }
}

/// A place in ``DictionaryTable/rules``, which are lists with their counts in front: the requirements (each a list of
/// alternatives, each a list of AI patterns), the excluded patterns, whether the AI is a primary key, and the sequences of
/// its qualifiers.
struct RuleReader {
    var position: Int

    /// The next number.
    mutating func next() -> Int {
        defer { position &+= 1 }
        return Int(DictionaryTable.rules[position])
    }

    /// Skips the requirements.
    mutating func skipRequirements() {
        for _ in 0..<next() {
            for _ in 0..<next() { position &+= next() }
        }
    }

    /// Skips requirements and exclusions, up to the Digital Link part.
    mutating func skipAssociations() {
        skipRequirements()
        position &+= next()
    }

    /// Whether an AI is of a pattern: `31nn` is the AI 3100 with two places that do not count, from bit 14.
    static func pattern(_ pattern: Int, matches ai: Int) -> Bool {
        let unit = pattern >> 14 == 0 ? 1 : pattern >> 14 == 1 ? 10 : 100
        return (pattern & 0x3FFF) / unit == ai / unit
    }
}

extension DictionaryEntry {
    /// Whether the AI is a primary key of Digital Link.
    var isPrimaryKey: Bool {
        var rules = rules
        rules.skipAssociations()
        return rules.next() == 1
    }

    /// Whether these AIs may follow the key in the path of a Digital Link: the qualifiers of one of its sequences, in their
    /// order, any of them absent.
    func admitsPath(_ qualifiers: some Collection<Int>) -> Bool {
        var rules = rules
        rules.skipAssociations()
        guard rules.next() == 1 else { return false }
        if qualifiers.isEmpty { return true }
        for _ in 0..<rules.next() {
            var wanted = qualifiers.makeIterator()
            var next = wanted.next()
            for _ in 0..<rules.next() where rules.next() == next { next = wanted.next() }
            if next == nil { return true }
        }
        return false
    }
}
