extension Element {
    /// The width of the AIs whose value is digits and of one width only, as far as a compact encoding knows them, e.g. 14 for
    /// `(01)`; nil for all others.
    ///
    /// Not asked of the dictionary: ``packed`` and so the bytes of event payloads rest on it, and a new edition of the
    /// dictionary must not change them.
    public static func fixedNumericWidth(ofAI ai: Int) -> Int? {
        switch ai {
        case 0, 8006, 8017, 8018: 18
        case 402: 17
        case 1, 2: 14
        case 410...417: 13
        case 11, 12, 13, 15, 16, 17: 6
        default: nil
        }
    }

    /// Whether the value is right for its AI in length, characters and check digits: what ``Identifier`` asks, whose meaning
    /// is frozen. The whole check is ``ApplicationIdentifier/check(_:)``. Nil where the AI is not in the dictionary.
    var isWellFormed: Bool? { DictionaryEntry.of(ai).map(isWellFormed(as:)) }

    /// The same for an AI whose entry is known.
    func isWellFormed(as entry: DictionaryEntry) -> Bool {
        // A model number of nothing but check characters is none.
        entry.fault(in: value.utf8.span, digitsOnly: true) == nil && (ai != 8013 || value.utf8.count > 2)
    }
}
