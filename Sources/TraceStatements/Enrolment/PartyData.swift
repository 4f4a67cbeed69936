public import TraceProof

/// What a registry says of a party beside its keys.
public struct PartyData: Hashable, Sendable {
    /// The most items of a list here, and the most bytes of a text.
    public static let maximumCount = 256

    /// A name in one language.
    public struct Name: Hashable, Sendable {
        /// BCP 47, e.g. `zh` or `en`.
        public let language: String
        /// The name.
        public let text: String

        /// `text`, in `language`.
        public init(language: String, text: String) { (self.language, self.text) = (language, text) }
    }

    /// What a party does in the chain. A number that this version has no name for is kept.
    public struct Role: RawRepresentable, Hashable, Sendable {
        /// The number in the payload.
        public let rawValue: UInt64

        /// The role with this number.
        public init(rawValue: UInt64) { self.rawValue = rawValue }

        /// The roles by number, from 1; 0 is the authority's own.
        public static let names = [
            "authority", "producer", "processor", "carrier", "distributor", "retailer", "laboratory", "regulator",
            "witness",
        ]

        /// The role of this name; `nil` for one that is not in ``names``.
        public init?(name: String) {
            guard let place = Role.names.firstIndex(where: { $0.hasSameUTF8(as: name) }) else { return nil }
            rawValue = UInt64(place)
        }

        /// The name in one word, `role 99` for a number without one.
        public var name: String {
            Int(exactly: rawValue).flatMap { Role.names.indices.contains($0) ? Role.names[$0] : nil }
                ?? "role \(rawValue)"
        }
    }

    /// A licence or certificate that somebody else keeps the record of.
    public struct Reference: Hashable, Sendable {
        /// What it is, e.g. `food-production-licence` or `haccp`.
        public let type: String
        /// Its number.
        public let number: String
        /// Until when it holds, in seconds since 1970; `nil` where it does not say.
        public let validUntil: UInt64?

        /// The document of this type and number.
        public init(type: String, number: String, validUntil: UInt64? = nil) {
            (self.type, self.number, self.validUntil) = (type, number, validUntil)
        }
    }

    /// At least one name, one a language.
    public let names: [Name]
    /// GS1 company prefixes as digits, whose number is the prefix's length; ascending.
    public let prefixes: [String]
    /// Ascending by number.
    public let roles: [Role]
    /// Licences and certificates.
    public let references: [Reference]
    /// URIs under which the party answers (`tel:`, `mailto:`, `https:`); never the name of a person.
    public let contacts: [String]

    /// The data of a party. Lists may come in any order.
    ///
    /// - Throws: ``FormatError`` for no name, two names in one language, a prefix that is not 4 to 12 digits, anything
    ///   twice, and texts and lists longer than ``maximumCount``.
    public init(
        names: [Name],
        prefixes: [String] = [],
        roles: [Role] = [],
        references: [Reference] = [],
        contacts: [String] = []
    ) throws(FormatError) {
        self.names = names.sorted { PartyData.isOrdered($0.language, $1.language) }
        self.prefixes = prefixes.sorted(by: PartyData.isOrdered)
        self.roles = roles.sorted { $0.rawValue < $1.rawValue }
        (self.references, self.contacts) = (references, contacts)
        if let problem { throw FormatError("enrolment", at: .whole, problem) }
    }

    /// The order of deterministic CBOR for text: by length of the encoding first, since a head tells it.
    private static func isOrdered(_ left: String, _ right: String) -> Bool {
        (left.utf8.count, 0) == (right.utf8.count, 0)
            ? left.utf8.lexicographicallyPrecedes(right.utf8) : left.utf8.count < right.utf8.count
    }

    /// What is wrong with it.
    private var problem: String? {
        guard !names.isEmpty else { return "a party has at least one name" }
        for count in [names.count, prefixes.count, roles.count, references.count, contacts.count]
        where count > PartyData.maximumCount {
            return "a list has more than \(PartyData.maximumCount) items"
        }
        let texts =
            names.flatMap { [$0.language, $0.text] } + references.flatMap { [$0.type, $0.number] } + contacts
        for text in texts where text.utf8.isEmpty || text.utf8.count > PartyData.maximumCount {
            return "a text has 1 to \(PartyData.maximumCount) bytes"
        }
        for (left, right) in zip(names, names.dropFirst()) where !PartyData.isOrdered(left.language, right.language) {
            return "there are two names in the language \(left.language)"
        }
        for prefix in prefixes
        where !(4...12).contains(prefix.utf8.count) || !prefix.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return "a GS1 company prefix has 4 to 12 digits, not \(prefix)"
        }
        for (left, right) in zip(prefixes, prefixes.dropFirst()) where !PartyData.isOrdered(left, right) {
            return "the prefix \(left) stands there twice"
        }
        for (left, right) in zip(roles, roles.dropFirst()) where left.rawValue >= right.rawValue {
            return "the role \(left.name) stands there twice"
        }
        guard references.allSatisfy({ ($0.validUntil ?? 0) <= TreeSize.maximum }) else {
            return "a time is above 2^63-1"
        }
        return nil
    }

    /// The name in `language`, or the first one.
    public func name(in language: String) -> String {
        (names.first { $0.language.hasSameUTF8(as: language) } ?? names.first)?.text ?? ""
    }
}

extension PartyData {
    func write(to writer: inout CBORWriter) {
        writer.map { map in
            map.entry(1) { writer in
                writer.map { map in
                    for name in names { map.entry(name.language) { $0.text(name.text) } }
                }
            }
            if !prefixes.isEmpty { map.entry(2) { $0.list(prefixes) { $0.text($1) } } }
            if !roles.isEmpty { map.entry(3) { $0.list(roles) { $0.unsigned($1.rawValue) } } }
            if !references.isEmpty { map.entry(4) { $0.list(references) { $1.write(to: &$0) } } }
            if !contacts.isEmpty { map.entry(5) { $0.list(contacts) { $0.text($1) } } }
        }
    }

    init(reading reader: inout CBORReader) throws(FormatError) {
        let start = reader
        var names: [Name] = []
        var prefixes: [String] = []
        var roles: [Role] = []
        var references: [Reference] = []
        var contacts: [String] = []
        for _ in 0..<(try reader.map()) {
            let place = reader
            switch try reader.integer() {
            case 1:
                for _ in 0..<(try reader.map()) {
                    names.append(Name(language: try reader.text(), text: try reader.text()))
                }
            case 2: prefixes = try reader.list { reader throws(FormatError) in try reader.text() }
            case 3:
                roles = try reader.list { reader throws(FormatError) in Role(rawValue: try reader.unsigned()) }
            case 4: references = try reader.list { reader throws(FormatError) in try Reference(reading: &reader) }
            case 5: contacts = try reader.list { reader throws(FormatError) in try reader.text() }
            case let key: throw place.refuse("key \(key) has no place in the data of a party")
            }
        }
        do throws(FormatError) {
            try self.init(names: names, prefixes: prefixes, roles: roles, references: references, contacts: contacts)
        } catch { throw start.refuse(error.reason) }
        guard self.prefixes.elementsEqual(prefixes, by: { $0.hasSameUTF8(as: $1) }), self.roles == roles else {
            throw start.refuse("prefixes and roles stand in ascending order")
        }
    }
}

extension PartyData.Reference {
    fileprivate func write(to writer: inout CBORWriter) {
        writer.map { map in
            map.entry(1) { $0.text(type) }
            map.entry(2) { $0.text(number) }
            if let validUntil { map.entry(3) { $0.unsigned(validUntil) } }
        }
    }

    fileprivate init(reading reader: inout CBORReader) throws(FormatError) {
        let count = try reader.map()
        guard count == 2 || count == 3, try reader.integer() == 1 else {
            throw reader.refuse("a reference has a type (1), a number (2) and perhaps a time (3)")
        }
        let type = try reader.text()
        guard try reader.integer() == 2 else { throw reader.refuse("the number (2) of a reference is missing") }
        let number = try reader.text()
        var validUntil: UInt64?
        if count == 3 {
            guard try reader.integer() == 3 else { throw reader.refuse("the third key of a reference is its time (3)") }
            validUntil = try reader.unsigned()
        }
        self.init(type: type, number: number, validUntil: validUntil)
    }
}

extension CBORWriter {
    /// An array of these items.
    mutating func list<Item>(_ items: [Item], _ write: (inout CBORWriter, Item) -> Void) {
        array(items.count)
        for item in items { write(&self, item) }
    }
}

extension CBORReader {
    /// A list of 1 to ``PartyData/maximumCount`` items: an empty one is left out.
    mutating func list<Item>(
        _ item: (inout CBORReader) throws(FormatError) -> Item
    ) throws(FormatError) -> [Item] {
        let place = self
        let count = try array()
        guard (1...PartyData.maximumCount).contains(count) else {
            throw place.refuse("a list has 1 to \(PartyData.maximumCount) items, and an empty one is left out")
        }
        var items: [Item] = []
        for _ in 0..<count { items.append(try item(&self)) }
        return items
    }
}
