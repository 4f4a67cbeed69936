public import TraceProof

/// From when on a key does not count any more, and how far what it signed still does.
public struct KeyEnd: Hashable, Sendable {
    /// Why, by the numbers of RFC 5280 section 5.3.1.
    public struct Reason: RawRepresentable, Hashable, Sendable {
        /// The number in the payload.
        public let rawValue: UInt64

        /// The reason with this number.
        public init(rawValue: UInt64) { self.rawValue = rawValue }

        /// No reason is given.
        public static let unspecified = Reason(rawValue: 0)
        /// Somebody else has the key, or may have it.
        public static let keyCompromise = Reason(rawValue: 1)
        /// Another key took its place.
        public static let superseded = Reason(rawValue: 4)
        /// The party does not sign any more.
        public static let cessationOfOperation = Reason(rawValue: 5)

        private static let names: [(number: UInt64, name: String)] = [
            (0, "unspecified"), (1, "keyCompromise"), (3, "affiliationChanged"), (4, "superseded"),
            (5, "cessationOfOperation"), (9, "privilegeWithdrawn"),
        ]

        /// The reason of this name, as RFC 5280 spells it.
        public init?(name: String) {
            guard let found = Reason.names.first(where: { $0.name.hasSameUTF8(as: name) }) else { return nil }
            rawValue = found.number
        }

        /// The name in RFC 5280, `reason 99` for a number without one.
        public var name: String {
            Reason.names.first { $0.number == rawValue }?.name ?? "reason \(rawValue)"
        }
    }

    /// The last that counts in one ledger. For a key that signs events its sequence number and leaf hash; for a ledger's key
    /// the size and the root of the tree.
    public struct LastGood: Hashable, Sendable {
        /// The ledger.
        public let origin: String
        /// The position in the signer's chain, or the size of the tree.
        public let number: UInt64
        /// The leaf hash, or the root.
        public let hash: Digest

        /// `number` with `hash`, in the ledger with this origin.
        public init(origin: String, number: UInt64, hash: Digest) {
            (self.origin, self.number, self.hash) = (origin, number, hash)
        }

        /// Whether both say the same, the ledger compared byte for byte.
        public static func == (left: LastGood, right: LastGood) -> Bool {
            left.number == right.number && left.hash == right.hash && left.origin.hasSameUTF8(as: right.origin)
        }
    }

    /// The most ledgers that are listed.
    public static let maximumCount = 1024

    /// The key.
    public let key: PublicKey
    /// The moment, in seconds since 1970, by the clock of cosigners: what they had seen before it counts.
    public let moment: UInt64
    /// Why.
    public let reason: Reason
    /// In the authority's words; empty for none.
    public let comment: String
    /// The last that counts, one a ledger; where a ledger is not here, the moment decides.
    public let lastGood: [LastGood]

    /// Whether both say the same, texts compared byte for byte.
    public static func == (left: KeyEnd, right: KeyEnd) -> Bool {
        left.key == right.key && left.moment == right.moment && left.reason == right.reason
            && left.lastGood == right.lastGood && left.comment.hasSameUTF8(as: right.comment)
    }

    /// The end of a key.
    ///
    /// - Throws: ``FormatError`` for a ledger twice, more than ``maximumCount``, a comment above 1,024 bytes, and numbers above
    ///   2^63-1.
    public init(
        key: PublicKey,
        moment: UInt64,
        reason: Reason = .unspecified,
        comment: String = "",
        lastGood: [LastGood] = []
    ) throws(FormatError) {
        (self.key, self.moment, self.reason, self.comment) = (key, moment, reason, comment)
        self.lastGood = lastGood
        let longest = StatementHeader.maximumTextLength
        guard lastGood.count <= KeyEnd.maximumCount, comment.utf8.count <= longest,
            lastGood.allSatisfy({ (1...longest).contains($0.origin.utf8.count) && $0.number <= TreeSize.maximum }),
            moment <= TreeSize.maximum
        else { throw FormatError("enrolment", at: .whole, "the end of a key has numbers or texts that are too large") }
        for (place, last) in lastGood.enumerated()
        where lastGood[..<place].contains(where: { $0.origin.hasSameUTF8(as: last.origin) }) {
            throw FormatError("enrolment", at: .whole, "the ledger \(last.origin) is listed twice")
        }
    }

    /// The last that counts in the ledger with this origin; `nil` where it is not listed.
    public func lastGood(in origin: String) -> LastGood? {
        lastGood.first { $0.origin.hasSameUTF8(as: origin) }
    }

    /// What both ends leave: the earlier moment, and in each ledger the lower last good; `nil` where they cannot be put
    /// together. Reason and comment are this one's.
    public func stricter(than other: KeyEnd) -> KeyEnd? {
        var all = lastGood
        for last in other.lastGood {
            if let place = all.firstIndex(where: { $0.origin.hasSameUTF8(as: last.origin) }) {
                if last.number < all[place].number { all[place] = last }
            } else {
                all.append(last)
            }
        }
        let moment = min(moment, other.moment)
        return try? KeyEnd(key: key, moment: moment, reason: reason, comment: comment, lastGood: all)
    }

    func write(to writer: inout CBORWriter) {
        writer.map { map in
            map.entry(1) { $0.bytes(key.bytes) }
            map.entry(2) { $0.unsigned(moment) }
            if reason != .unspecified { map.entry(3) { $0.unsigned(reason.rawValue) } }
            if !comment.utf8.isEmpty { map.entry(4) { $0.text(comment) } }
            if !lastGood.isEmpty {
                map.entry(5) { writer in
                    writer.map { map in
                        for last in lastGood {
                            map.entry(last.origin) { writer in
                                writer.array(2)
                                writer.unsigned(last.number)
                                writer.bytes(last.hash)
                            }
                        }
                    }
                }
            }
        }
    }

    init(reading reader: inout CBORReader) throws(FormatError) {
        let start = reader
        var key: PublicKey?
        var moment: UInt64?
        var reason = Reason.unspecified
        var comment = ""
        var lastGood: [LastGood] = []
        for _ in 0..<(try reader.map()) {
            let place = reader
            switch try reader.integer() {
            case 1: key = PublicKey(try reader.byteString(count: PublicKey.byteCount))
            case 2: moment = try reader.unsigned()
            case 3:
                reason = Reason(rawValue: try reader.unsigned())
                guard reason != .unspecified else { throw place.refuse("the reason 0 is left out") }
            case 4:
                comment = try reader.text()
                guard !comment.utf8.isEmpty else { throw place.refuse("an empty comment is left out") }
            case 5:
                let count = try reader.map()
                guard (1...KeyEnd.maximumCount).contains(count) else {
                    throw place.refuse("1 to \(KeyEnd.maximumCount) ledgers are listed, or the key 5 is left out")
                }
                for _ in 0..<count {
                    let origin = try reader.text()
                    try reader.array(count: 2)
                    lastGood.append(LastGood(origin: origin, number: try reader.unsigned(), hash: try reader.digest()))
                }
            case let other: throw place.refuse("key \(other) has no place in the end of a key")
            }
        }
        guard let key, let moment else { throw start.refuse("the end of a key has a key (1) and a moment (2)") }
        do {
            try self.init(key: key, moment: moment, reason: reason, comment: comment, lastGood: lastGood)
        } catch { throw start.refuse(error.reason) }
    }
}
