extension ValidationRule {
    /// What quantities, their units and the states that stay must be: EPCIS 2.0 section 7.3.
    static let quantities: [ValidationRule] = [
        ValidationRule(
            .structure,
            "quantity-not-positive",
            .error,
            "a quantity must be more than nothing",
            remedy: "correct the quantity, or leave it out where it is unknown",
            passing: quantity(#""quantity": 24"#),
            failing: quantity(#""quantity": -24"#)
        ) { examined, findings in
            examined.forEachQuantity { path, element in
                guard let quantity = element.quantity, let amount = Amount(quantity), amount.value <= 0 else { return }
                findings.add("\(path)/quantity", "the quantity is \(quantity.text)")
            }
        },
        ValidationRule(
            .structure,
            "count-fractional",
            .error,
            "a quantity without a unit counts pieces and must be a whole number",
            remedy: "add the unit in \"uom\", e.g. KGM, or count whole pieces",
            passing: quantity(#""quantity": 12.5, "uom": "KGM""#),
            failing: quantity(#""quantity": 12.5"#)
        ) { examined, findings in
            examined.forEachQuantity { path, element in
                guard element.uom == nil, let quantity = element.quantity, let amount = Amount(quantity) else {
                    return
                }
                if amount.value != amount.value.rounded() {
                    findings.add("\(path)/quantity", "\(quantity.text) pieces are no whole number of them")
                }
            }
        },
        ValidationRule(
            .structure,
            "unit-without-quantity",
            .error,
            "a unit stands without a quantity",
            remedy: "add the \"quantity\", or leave \"uom\" out",
            passing: quantity(#""quantity": 12.5, "uom": "KGM""#),
            failing: quantity(#""uom": "KGM""#)
        ) { examined, findings in
            examined.forEachQuantity { path, element in
                if element.quantity == nil, element.uom != nil { findings.add("\(path)/uom") }
            }
        },
        ValidationRule(
            .structure,
            "unit-unknown",
            .error,
            "the unit is not a code of UN/CEFACT recommendation 20",
            remedy: "write its two or three capitals and digits, e.g. KGM, GRM, TNE, LTR, H87",
            passing: quantity(#""quantity": 12.5, "uom": "KGM""#),
            failing: quantity(#""quantity": 12.5, "uom": "kg""#)
        ) { examined, findings in
            func check(_ path: String, _ uom: String?) {
                guard let uom, !UnitOfMeasure.isCode(uom) else { return }
                findings.add(
                    "\(path)/uom",
                    "\"\(uom)\" is not a code of UN/CEFACT recommendation 20",
                    remedy: UnitOfMeasure.code(forSymbol: uom).map { "write \"\($0)\"" }
                )
            }
            examined.forEachQuantity { path, element in check(path, element.uom) }
            for (index, element) in (examined.event.sensorElementList ?? []).enumerated() {
                for (number, report) in element.sensorReport.enumerated() {
                    check("/sensorElementList/\(index)/sensorReport/\(number)", report.uom)
                }
            }
        },
        ValidationRule(
            .structure,
            "persistent-disposition-empty",
            .error,
            "\"persistentDisposition\" neither sets nor unsets a state",
            remedy: "name the states in \"set\" or \"unset\", or leave the field out",
            passing: RuleExample.observing(#""persistentDisposition": {"set": ["recalled"]}"#),
            failing: RuleExample.observing(#""persistentDisposition": {"set": []}"#)
        ) { examined, findings in
            if let states = examined.event.persistentDisposition, states.set.isNilOrEmpty, states.unset.isNilOrEmpty {
                findings.add("/persistentDisposition")
            }
        },
        ValidationRule(
            .structure,
            "persistent-disposition-contradicts",
            .error,
            "the same state is set and unset at once",
            remedy: "keep the one that holds after the event",
            passing: RuleExample.observing(
                #""persistentDisposition": {"set": ["conformant"], "unset": ["unavailable"]}"#
            ),
            failing: RuleExample.observing(
                #""persistentDisposition": {"set": ["recalled"], "unset": ["recalled"]}"#
            )
        ) { examined, findings in
            guard let states = examined.event.persistentDisposition else { return }
            for (index, term) in (states.set ?? []).enumerated()
            where (states.unset ?? []).contains(where: { $0.text.utf8.elementsEqual(term.text.utf8) }) {
                findings.add("/persistentDisposition/set/\(index)", "\"\(term.text)\" is set and unset at once")
            }
        },
    ]

    private static func quantity(_ fields: String) -> String {
        RuleExample.object(
            #""action": "OBSERVE", "quantityList": [{"epcClass": "\#(RuleExample.lot)", \#(fields)}]"#
        )
    }
}
