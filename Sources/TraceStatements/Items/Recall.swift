public import GS1
public import TraceProof

/// A recall, as the payload of a statement (kind 65004): what is recalled, why, and what whoever has it should do.
///
/// The classes and their clocks are those of China's food recall measures: class 1 starts within 24 hours and is finished in
/// 10 working days, class 2 in 48 hours and 20 days, class 3 in 72 hours and 30 days.
public struct Recall: Hashable, Sendable {
    /// How severe it is.
    public enum Class: UInt64, Hashable, Sendable, CaseIterable {
        /// Has harmed, or may harm gravely: start within 24 hours.
        case first = 1
        /// May harm: start within 48 hours.
        case second = 2
        /// Wrongly labelled: start within 72 hours.
        case third = 3

        /// Within how many hours the recall starts.
        public var hoursToStart: UInt64 { rawValue * 24 }
        /// Within how many working days it is finished.
        public var workingDaysToFinish: UInt64 { rawValue * 10 }
    }

    /// The most scopes of one recall.
    public static let maximumScopes = 256
    /// The most bytes of a text.
    public static let maximumTextLength = 2048

    /// What its maker calls it: what later statements about the same recall name.
    public let identifier: String
    /// How severe it is.
    public let level: Class
    /// What is recalled; at least one.
    public let scopes: [RecallScope]
    /// Why, in words for consumers.
    public let reason: String
    /// What to do with it, in words for consumers.
    public let instruction: String
    /// When the recall was decided, in seconds since 1970: its clock starts here.
    public let opened: UInt64

    /// A recall.
    ///
    /// - Throws: ``FormatError`` for no scope or too many, an empty text or one that is too long, and a time above 2^63-1.
    public init(
        identifier: String,
        level: Class,
        scopes: [RecallScope],
        reason: String,
        instruction: String,
        opened: UInt64
    ) throws(FormatError) {
        guard (1...Recall.maximumScopes).contains(scopes.count) else {
            throw FormatError(
                "recall",
                at: .whole,
                "\(scopes.count) scopes, and a recall has 1 to \(Recall.maximumScopes)"
            )
        }
        for (name, text, most) in [
            ("identifier", identifier, 128), ("reason", reason, Recall.maximumTextLength),
            ("instruction", instruction, Recall.maximumTextLength),
        ] where text.utf8.isEmpty || text.utf8.count > most {
            throw FormatError("recall", at: .whole, "the \(name) has \(text.utf8.count) bytes, and 1 to \(most) may be")
        }
        guard opened <= TreeSize.maximum else { throw FormatError("recall", at: .whole, "the time is above 2^63-1") }
        (self.identifier, self.level, self.scopes) = (identifier, level, scopes)
        (self.reason, self.instruction, self.opened) = (reason, instruction, opened)
    }

    /// Until when the recall must have started, in seconds since 1970.
    public var startDeadline: UInt64 { opened + level.hoursToStart * 3600 }

    /// `sub` of its statement: the first scope.
    public var subject: String { scopes[0].text }

    /// Whether an item with these elements is recalled.
    public func covers(_ code: [Element]) -> RecallScope.Cover {
        var cover = RecallScope.Cover.no
        for scope in scopes {
            switch scope.covers(code) {
            case .yes: return .yes
            case .open(let what): cover = .open(what)
            case .no: continue
            }
        }
        return cover
    }

    /// The payload's bytes.
    public var encoded: [UInt8] {
        var writer = CBORWriter(capacity: 256)
        writer.map { map in
            map.entry(1) { $0.unsigned(Recall.open) }
            map.entry(2) { $0.text(identifier) }
            map.entry(3) { $0.unsigned(level.rawValue) }
            map.entry(4) { writer in
                writer.array(scopes.count)
                for scope in scopes { scope.write(to: &writer) }
            }
            map.entry(5) { $0.text(reason) }
            map.entry(6) { $0.text(instruction) }
            map.entry(7) { $0.unsigned(opened) }
        }
        return writer.output
    }

    /// What the statement does: it opens a recall. Others are for later versions.
    private static let open: UInt64 = 1

    /// Reads the payload.
    public init(decoding payload: [UInt8]) throws(FormatError) {
        var reader = try CBORReader(validating: payload, format: "recall")
        guard try reader.map() == 7 else { throw reader.refuse("the map does not have exactly the keys 1 to 7") }
        try reader.expectKey(1)
        let place = reader
        guard try reader.unsigned() == Recall.open else {
            throw place.refuse("an action that is not known here: update this program to read it")
        }
        try reader.expectKey(2)
        let identifier = try reader.text()
        try reader.expectKey(3)
        let levelPlace = reader
        guard let level = Class(rawValue: try reader.unsigned()) else {
            throw levelPlace.refuse("the classes are 1, 2 and 3")
        }
        try reader.expectKey(4)
        var scopes: [RecallScope] = []
        let count = try reader.array()
        guard count <= Recall.maximumScopes else { throw reader.refuse("more than \(Recall.maximumScopes) scopes") }
        for _ in 0..<count { scopes.append(try RecallScope(reading: &reader)) }
        try reader.expectKey(5)
        let reason = try reader.text()
        try reader.expectKey(6)
        let instruction = try reader.text()
        try reader.expectKey(7)
        let opened = try reader.unsigned()
        do {
            self = try Recall(
                identifier: identifier,
                level: level,
                scopes: scopes,
                reason: reason,
                instruction: instruction,
                opened: opened
            )
        } catch { throw reader.refuse(error.reason) }
    }
}
