/// An application identifier as the GS1 Barcode Syntax Dictionary knows it: what its value is made of, what it needs beside
/// it, what must not stand beside it, and where it stands in a Digital Link.
///
///     let lot = ApplicationIdentifier(10)
///     lot?.title          // "BATCH/LOT"
///     lot?.specification  // "X..20"
///     try lot?.check("ABC123")
public struct ApplicationIdentifier: Sendable {
    /// The number, e.g. 1 for `(01)`.
    public let number: Int
    let entry: DictionaryEntry

    /// The application identifier of this number; nil where the dictionary has none.
    public init?(_ number: Int) {
        guard let entry = DictionaryEntry.of(number) else { return nil }
        self.number = number
        self.entry = entry
    }

    /// Every application identifier, by number.
    public static var all: [ApplicationIdentifier] {
        DictionaryEntry.all.flatMap { entry in (entry.first...entry.last).compactMap(ApplicationIdentifier.init) }
    }

    /// The data title, e.g. `USE BY or EXPIRY`; empty for the two coupon codes, which have none.
    public var title: String { entry.title }

    /// Whether its length is predefined, so that no FNC1 needs to follow the value (General Specifications 7.8.5).
    public var hasPredefinedLength: Bool { entry.hasPredefinedLength }

    /// Whether a Digital Link may carry it in its query.
    public var isDigitalLinkAttribute: Bool { entry.isDigitalLinkAttribute }

    /// Whether it is a primary key of Digital Link.
    public var isPrimaryKey: Bool { entry.isPrimaryKey }

    /// The sequences of qualifiers that may follow this key in the path of a Digital Link, each in its order and any of its
    /// members absent; empty for a key without qualifiers and for what is no key.
    public var qualifiers: [[Int]] {
        var rules = entry.rules
        rules.skipAssociations()
        _ = rules.next()
        return (0..<rules.next()).map { _ in (0..<rules.next()).map { _ in rules.next() } }
    }

    /// What must stand beside it on the same item: every requirement, in one of its alternatives, with each of its members.
    public var requirements: [[[Pattern]]] {
        var rules = entry.rules
        return (0..<rules.next()).map { _ in
            (0..<rules.next()).map { _ in (0..<rules.next()).map { _ in Pattern(word: rules.next()) } }
        }
    }

    /// What must not stand beside it on the same item. It does not exclude itself.
    public var exclusions: [Pattern] {
        var rules = entry.rules
        rules.skipRequirements()
        return (0..<rules.next()).map { _ in Pattern(word: rules.next()) }
    }

    /// What its value is made of, in order.
    public var components: [Component] { (0..<entry.componentCount).map { Component(entry.component($0)) } }

    /// The value's format in the notation of the dictionary, e.g. `N13,csum,gcppos1 [X..17]`.
    public var specification: String {
        var text = ""
        for component in components {
            if !text.isEmpty { text += " " }
            text += component.specification
        }
        return text
    }

    /// An AI, or all AIs that begin alike: `01`, `310n`, `31nn`.
    public struct Pattern: Hashable, Sendable {
        let word: Int

        /// Whether the AI is one of them.
        public func matches(_ ai: Int) -> Bool { RuleReader.pattern(word, matches: ai) }

        /// As the dictionary writes it.
        public var text: String {
            let places = word >> 14
            var digits: [UInt8] = []
            digits.append(applicationIdentifier: word & 0x3FFF)
            for place in 0..<places { digits[digits.count - 1 - place] = UInt8(ascii: "n") }
            return String(decoding: digits, as: UTF8.self)
        }
    }

    /// A part of a value. Only the last part may have no fixed length.
    public struct Component: Hashable, Sendable {
        /// The characters of a part.
        public enum Kind: Hashable, Sendable {
            /// `N`: digits.
            case numeric
            /// `X`: GS1 AI encodable character set 82.
            case cset82
            /// `Y`: GS1 AI encodable character set 39.
            case cset39
            /// `Z`: file-safe, URI-safe base64.
            case cset64
        }

        /// Its characters.
        public let kind: Kind
        /// How many characters it has.
        public let length: ClosedRange<Int>
        /// Whether it may be absent.
        public let isOptional: Bool
        /// What else is checked of it.
        public let linters: [Linter]

        init(_ component: ValueComponent) {
            kind = component.kind
            length = component.least...component.most
            isOptional = component.isOptional
            linters = (0..<3).compactMap(component.linter)
        }

        /// As the dictionary writes it, e.g. `[X..17]`.
        public var specification: String {
            var text = isOptional ? "[" : ""
            switch kind {
            case .numeric: text += "N"
            case .cset82: text += "X"
            case .cset39: text += "Y"
            case .cset64: text += "Z"
            }
            text += length.lowerBound == length.upperBound ? "\(length.upperBound)" : "..\(length.upperBound)"
            if isOptional { text += "]" }
            for linter in linters { text += "," + linter.name }
            return text
        }
    }
}
