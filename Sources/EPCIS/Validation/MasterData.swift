/// The dates and the lot in the master data (ILMD) of an event, by the names that CBV 2.0 section 9 and common practice
/// give them. Only in GS1's namespaces: what a word means in another one is its owner's matter, and nothing is guessed.
struct MasterData {
    /// A field that holds a day.
    struct Day {
        let name: String
        /// When the day begins and ends, in milliseconds since 1970, as if it were at UTC.
        let start: Int64
        var end: Int64 { start + 86_400_000 - 1 }
    }

    private(set) var lot: (name: String, text: String)?
    /// The earliest of the days until which the goods are good.
    private(set) var expiry: Day?
    /// The latest of the days on which they were made.
    private(set) var production: Day?

    /// `nil` where the event has no master data.
    init?(_ event: EPCISEvent) {
        guard let fields = event.ilmd, !fields.isEmpty else { return nil }
        for field in fields {
            guard field.isOfGS1, case .text(let text) = field.value else { continue }
            let name = field.name.localName
            if name.utf8.elementsEqual("lotNumber".utf8) { lot = (field.name, text) }
            guard let start = MasterData.day(text) else { continue }
            let day = Day(name: field.name, start: start)
            if MasterData.isOne(name, of: MasterData.expiries), start < expiry?.start ?? .max { expiry = day }
            if MasterData.isOne(name, of: MasterData.productions), start > production?.start ?? .min {
                production = day
            }
        }
    }

    /// The beginning of the day that `YYYY-MM-DD`, alone or with a time behind it, names.
    static func day(_ text: String) -> Int64? {
        guard text.utf8.count == 10 || Timestamp(text) != nil else { return nil }
        return Timestamp("\(String(decoding: text.utf8.prefix(10), as: UTF8.self))T00:00:00Z")?.milliseconds
    }

    private static func isOne(_ name: Substring, of names: [String]) -> Bool {
        names.contains { $0.utf8.elementsEqual(name.utf8) }
    }

    private static let expiries = [
        "itemExpirationDate", "expirationDate", "expiryDate", "bestBeforeDate", "sellByDate", "useByDate",
    ]
    private static let productions = [
        "productionDate", "manufacturingDate", "packagingDate", "harvestStartDate", "harvestEndDate",
        "firstFreezeDate", "slaughterDate",
    ]
}
