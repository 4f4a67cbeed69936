extension ValidationRule {
    /// What the dimensions of an event must say: EPCIS 2.0 sections 7.3 and 7.4.
    static let dimensions: [ValidationRule] =
        [
            ValidationRule(
                .structure,
                "objects-missing",
                .error,
                "the event does not say which objects it is about",
                remedy:
                    "name them in \"epcList\" or \"quantityList\"; sensor readings of a place need its \"readPoint\"",
                passing: RuleExample.object(#""action": "OBSERVE", "epcList": ["\#(RuleExample.item)"]"#),
                failing: RuleExample.object(#""action": "OBSERVE", "bizStep": "shipping""#)
            ) { examined, findings in
                let event = examined.event
                guard event.kind == .object, event.epcList.isNilOrEmpty, event.quantityList.isNilOrEmpty else { return }
                if event.sensorElementList.isNilOrEmpty || event.readPoint == nil { findings.add("") }
            },
            ValidationRule(
                .structure,
                "parent-missing",
                .error,
                "the event has no \"parentID\"",
                remedy: "name the container or carrier; only an AggregationEvent that observes can do without",
                passing: RuleExample.aggregation(
                    #""action": "ADD", "parentID": "\#(RuleExample.pallet)", "childEPCs": ["\#(RuleExample.item)"]"#
                ),
                failing: RuleExample.aggregation(#""action": "ADD", "childEPCs": ["\#(RuleExample.item)"]"#)
            ) { examined, findings in
                let event = examined.event
                guard event.parentID == nil else { return }
                if event.kind == .association || (event.kind == .aggregation && event.action != .observe) {
                    findings.add("")
                }
            },
            ValidationRule(
                .structure,
                "children-missing",
                .error,
                "the event names no children",
                remedy:
                    "list them in \"childEPCs\" or \"childQuantityList\"; only DELETE without children is allowed: it "
                    + "takes everything out",
                passing: RuleExample.aggregation(#""action": "DELETE", "parentID": "\#(RuleExample.pallet)""#),
                failing: RuleExample.aggregation(#""action": "ADD", "parentID": "\#(RuleExample.pallet)""#)
            ) { examined, findings in
                let event = examined.event
                guard event.kind == .aggregation || event.kind == .association, event.action != .delete else { return }
                if event.childEPCs.isNilOrEmpty, event.childQuantityList.isNilOrEmpty { findings.add("") }
            },
            ValidationRule(
                .structure,
                "parent-is-child",
                .error,
                "the parent is one of its own children",
                remedy: "correct the parent, or take it out of the list of children",
                passing: RuleExample.aggregation(
                    #""action": "ADD", "parentID": "\#(RuleExample.pallet)", "childEPCs": ["\#(RuleExample.item)"]"#
                ),
                failing: RuleExample.aggregation(
                    #""action": "ADD", "parentID": "\#(RuleExample.pallet)", "childEPCs": ["\#(RuleExample.pallet)"]"#
                )
            ) { examined, findings in
                guard let parent = examined.event.parentID.map(ObjectKey.init) else { return }
                for (index, child) in (examined.event.childEPCs ?? []).enumerated() where ObjectKey(child) == parent {
                    findings.add("/childEPCs/\(index)")
                }
            },
            ValidationRule(
                .structure,
                "transactions-missing",
                .error,
                "a TransactionEvent without a business transaction says nothing",
                remedy: "name the order, despatch advice or invoice in \"bizTransactionList\"",
                passing: RuleExample.transaction(
                    #""action": "ADD", "epcList": ["\#(RuleExample.item)"], "#
                        + #""bizTransactionList": [{"type": "po", "bizTransaction": "https://farm.example/po/7"}]"#
                ),
                failing: RuleExample.transaction(#""action": "ADD", "epcList": ["\#(RuleExample.item)"]"#)
            ) { examined, findings in
                if examined.event.kind == .transaction, examined.event.bizTransactionList.isNilOrEmpty {
                    findings.add(examined.event.bizTransactionList == nil ? "" : "/bizTransactionList")
                }
            },
            ValidationRule(
                .structure,
                "transformation-side-missing",
                .error,
                "a transformation needs inputs and outputs",
                remedy: "add what is missing, or join the events of one transformation with a \"transformationID\"",
                passing: RuleExample.transformation(
                    #""inputEPCList": ["\#(RuleExample.item)"], "outputEPCList": ["\#(RuleExample.otherItem)"]"#
                ),
                failing: RuleExample.transformation(#""inputEPCList": ["\#(RuleExample.item)"]"#)
            ) { examined, findings in
                let event = examined.event
                guard event.kind == .transformation, event.transformationID == nil else { return }
                if event.inputEPCList.isNilOrEmpty, event.inputQuantityList.isNilOrEmpty {
                    findings.add("", "the transformation has no inputs")
                }
                if event.outputEPCList.isNilOrEmpty, event.outputQuantityList.isNilOrEmpty {
                    findings.add("", "the transformation has no outputs")
                }
            },
            ValidationRule(
                .structure,
                "transformation-empty",
                .error,
                "the transformation has neither inputs nor outputs",
                remedy: "name what went in or what came out",
                passing: RuleExample.transformation(
                    #""transformationID": "urn:epc:id:gdti:9521101.00501.7", "inputEPCList": ["\#(RuleExample.item)"]"#
                ),
                failing: RuleExample.transformation(#""transformationID": "urn:epc:id:gdti:9521101.00501.7""#)
            ) { examined, findings in
                let event = examined.event
                if event.kind == .transformation, event.transformationID != nil, event.inputEPCList.isNilOrEmpty,
                    event.inputQuantityList.isNilOrEmpty, event.outputEPCList.isNilOrEmpty,
                    event.outputQuantityList.isNilOrEmpty
                {
                    findings.add("")
                }
            },
            ValidationRule(
                .structure,
                "ilmd-without-add",
                .error,
                "master data (\"ilmd\") comes only with objects that are made: action ADD",
                remedy: "leave \"ilmd\" out, or record the making of the objects with ADD",
                passing: RuleExample.object(
                    #""action": "ADD", "epcList": ["\#(RuleExample.item)"], "ilmd": {"cbvmda:lotNumber": "L1"}"#
                ),
                failing: RuleExample.observing(#""ilmd": {"cbvmda:lotNumber": "L1"}"#)
            ) { examined, findings in
                if examined.event.kind == .object, examined.event.ilmd != nil, examined.event.action != .add {
                    findings.add("/ilmd")
                }
            },
            ValidationRule(
                .structure,
                "list-empty",
                .warning,
                "the list is empty",
                remedy: "leave the field out",
                passing: RuleExample.observing(
                    #""quantityList": [{"epcClass": "\#(RuleExample.lot)", "quantity": 2}]"#
                ),
                failing: RuleExample.observing(#""quantityList": []"#)
            ) { examined, findings in
                let event = examined.event
                // EPCIS 1.2 wrote the children of an unpacking of everything as an empty list.
                let isUnpacking = event.kind == .aggregation && event.action == .delete
                for list in examined.objectLists
                where list.ids.isEmpty && !(isUnpacking && list.name.begins(with: "child")) {
                    findings.add("/\(list.name)")
                }
                for list in examined.quantityLists where list.elements.isEmpty { findings.add("/\(list.name)") }
                if event.bizTransactionList?.isEmpty == true, event.kind != .transaction {
                    findings.add("/bizTransactionList")
                }
                if event.sourceList?.isEmpty == true { findings.add("/sourceList") }
                if event.destinationList?.isEmpty == true { findings.add("/destinationList") }
                if event.sensorElementList?.isEmpty == true { findings.add("/sensorElementList") }
            },
            ValidationRule(
                .structure,
                "object-repeated",
                .warning,
                "the same object stands in the list twice",
                remedy: "name it once, and check whether another was meant",
                passing: RuleExample.object(
                    #""action": "OBSERVE", "epcList": ["\#(RuleExample.item)", "\#(RuleExample.otherItem)"]"#
                ),
                failing: RuleExample.object(
                    #""action": "OBSERVE", "epcList": ["\#(RuleExample.item)", "\#(RuleExample.item)"]"#
                )
            ) { examined, findings in
                for list in examined.objectLists where list.ids.count > 1 {
                    var seen: Set<ObjectKey> = []
                    for (index, id) in list.ids.enumerated() where !seen.insert(ObjectKey(id)).inserted {
                        findings.add("/\(list.name)/\(index)", "\(id.spoken) stands in \"\(list.name)\" twice")
                    }
                }
            },
        ] + quantities
}

extension Optional where Wrapped: Collection {
    /// Whether there is nothing in it, if it is there at all.
    var isNilOrEmpty: Bool { self?.isEmpty ?? true }
}
