import GS1

extension ValidationRule {
    /// Amounts that go into a transformation and come out of it.
    static let amounts: [ValidationRule] = [
        ValidationRule(
            .sense,
            "more-out-than-in",
            .error,
            "more comes out of the transformation than went into it",
            remedy: "check decimal points and units, or name what else went in",
            passing: transforming("1000, \"uom\": \"KGM\"", "0.95, \"uom\": \"TNE\""),
            failing: transforming("1000, \"uom\": \"KGM\"", "9.5, \"uom\": \"TNE\"")
        ) { examined, findings in
            guard let balance = Balance(examined.event) else { return }
            let out = balance.outputs + balance.declared
            guard out > balance.inputs * (1 + Balance.tolerance) else { return }
            findings.add(
                "/outputQuantityList",
                "\(balance.text(out)) come out where \(balance.text(balance.inputs)) went in"
            )
        },
        ValidationRule(
            .sense,
            "amount-missing",
            .warning,
            "outputs and declared losses of the transformation are less than what went into it",
            remedy: "check decimal points and units, or declare the rest as a loss or by-product",
            passing: transforming("1000, \"uom\": \"KGM\"", "250, \"uom\": \"KGM\"", loss: 750),
            failing: transforming("1000, \"uom\": \"KGM\"", "250, \"uom\": \"KGM\"", loss: 75)
        ) { examined, findings in
            guard let balance = Balance(examined.event), balance.declared > 0 else { return }
            let out = balance.outputs + balance.declared
            guard out < balance.inputs * (1 - Balance.tolerance) else { return }
            findings.add(
                "/outputQuantityList",
                "\(balance.text(balance.inputs - out)) of \(balance.text(balance.inputs)) are missing"
            )
        },
    ]

    private static func transforming(_ input: String, _ output: String, loss: Int? = nil) -> String {
        let ilmd = loss.map {
            #", "ilmd": {"farm:loss": {"farm:quantity": \#($0), "farm:uom": "KGM"}}, "#
                + #""@context": {"farm": "https://ns.farm.example/"}"#
        }
        return RuleExample.transformation(
            #""inputQuantityList": [{"epcClass": "\#(RuleExample.lot)", "quantity": \#(input)}], "#
                + #""outputQuantityList": [{"epcClass": "https://id.gs1.org/01/09521101530025/10/L2", "#
                + #""quantity": \#(output)}]"# + (ilmd ?? "")
        )
    }
}

/// The two sides of a transformation in one unit.
struct Balance {
    /// Differences up to one part in a hundred are weighing.
    static let tolerance = 0.01

    let dimension: UnitOfMeasure.Dimension
    private(set) var inputs = 0.0
    private(set) var outputs = 0.0
    /// Losses and by-products: every object in the master data or extensions that has a quantity and its unit.
    private(set) var declared = 0.0

    /// `nil` where the sides cannot be compared: single objects, unknown quantities, units of several dimensions, pieces
    /// (a piece does not become a piece), or a transformation that several events tell.
    init?(_ event: EPCISEvent) {
        guard event.kind == .transformation, event.inputEPCList.isNilOrEmpty, event.outputEPCList.isNilOrEmpty,
            let first = event.inputQuantityList?.first, let unit = UnitOfMeasure(first.uom), unit.dimension != .count,
            let outputs = event.outputQuantityList, !outputs.isEmpty
        else { return nil }
        dimension = unit.dimension
        for element in event.inputQuantityList ?? [] {
            guard let amount = amount(element.quantity, element.uom) else { return nil }
            inputs += amount
        }
        for element in outputs {
            guard let amount = amount(element.quantity, element.uom) else { return nil }
            self.outputs += amount
        }
        for field in (event.ilmd ?? []) + event.extensions { add(declared: field.value) }
    }

    func text(_ amount: Double) -> String { "\(Amount.text(amount)) \(dimension.unit)" }

    private func amount(_ quantity: Number?, _ uom: String?) -> Double? {
        guard let quantity, let value = Amount(quantity)?.value, let unit = UnitOfMeasure(uom),
            unit.dimension == dimension
        else { return nil }
        return value * unit.factor
    }

    private mutating func add(declared value: FieldValue) {
        guard case .fields(let fields) = value else { return }
        var quantity: Number?
        var uom: String?
        for field in fields {
            let name = field.name.localName.utf8
            if case .number(let number) = field.value, name.elementsEqual("quantity".utf8) { quantity = number }
            if case .text(let text) = field.value, name.elementsEqual("uom".utf8) { uom = text }
        }
        if let uom, let amount = amount(quantity, uom) { declared += amount }
    }
}
