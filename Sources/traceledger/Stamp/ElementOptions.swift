import ArgumentParser
import GS1
import TraceProof
import TraceStatements

/// `--gtin`, `--lot`, `--serial`, `--expiry`, `--market` and `--attribute`: what a code says of an item.
struct ElementOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The product (01): 14 digits; of 8, 12 or 13 zeros are put in front.", valueName: "gtin")
    )
    var gtin: String?
    @Option(help: ArgumentHelp("The lot (10).", valueName: "lot")) var lot: String?
    @Option(help: ArgumentHelp("The serial number (21).", valueName: "serial")) var serial: String?
    @Option(help: ArgumentHelp("The expiry date (17); day 00 is the last of the month.", valueName: "yymmdd"))
    var expiry: String?
    @Option(help: ArgumentHelp("The market (91): two letters of ISO 3166-1.", valueName: "cc")) var market: String?
    @Option(help: ArgumentHelp("Another element, e.g. 3103=000500; repeat it.", valueName: "ai=value"))
    var attribute: [String] = []

    func validate() throws { _ = try elements() }

    /// The elements in the order of the options; each value is right by itself.
    func elements() throws -> [Element] {
        var elements: [Element] = []
        for (name, value) in [
            ("gtin", gtin), ("lot", lot), ("serial", serial), ("expiry", expiry), ("market", market),
        ] {
            guard let value, let ai = LotColumns.named[name] else { continue }
            do { elements.append(try LotColumns.element(ai, value)) } catch {
                throw ValidationError("--\(name) \(value.onOneLine): \(error)")
            }
        }
        for text in attribute {
            let parts = text.split(separator: "=", maxSplits: 1).map { String($0) }
            guard parts.count == 2, let ai = LotColumns.ai(parts[0]) else {
                throw ValidationError("--attribute \(text.onOneLine): write AI=VALUE with an AI of the GS1 dictionary")
            }
            do { elements.append(try LotColumns.element(ai, parts[1])) } catch {
                throw ValidationError("--attribute \(text.onOneLine): \(error)")
            }
        }
        for (place, element) in elements.enumerated() where elements[..<place].contains(where: { $0.ai == element.ai })
        {
            throw ValidationError("(\(element.aiText)) is given twice")
        }
        return elements
    }
}
