extension ValidationRule {
    /// Which fields an event of each type has: EPCIS 2.0 section 7.4.
    static let fields: [ValidationRule] = [
        ValidationRule(
            .structure,
            "action-missing",
            .error,
            "the event has no \"action\"",
            remedy: "say ADD, OBSERVE or DELETE; only a TransformationEvent has none",
            passing: RuleExample.object(#""action": "OBSERVE", "epcList": ["\#(RuleExample.item)"]"#),
            failing: RuleExample.object(#""epcList": ["\#(RuleExample.item)"]"#)
        ) { examined, findings in
            if examined.event.kind != .transformation, examined.event.action == nil { findings.add("") }
        },
        ValidationRule(
            .structure,
            "field-forbidden",
            .error,
            "an event of this type does not have this field",
            remedy: "leave the field out, or record an event of the type that has it",
            passing: RuleExample.aggregation(
                #""action": "ADD", "parentID": "\#(RuleExample.pallet)", "childEPCs": ["\#(RuleExample.item)"]"#
            ),
            failing: RuleExample.object(
                #""action": "ADD", "epcList": ["\#(RuleExample.pallet)"], "childEPCs": ["\#(RuleExample.item)"]"#
            ),
            check: checkForbiddenFields
        ),
        ValidationRule(
            .structure,
            "field-unknown",
            .error,
            "EPCIS has no such field",
            remedy: "correct the name, or write a field of your own as prefix:name with the prefix in \"@context\"",
            passing: RuleExample.observing(#""bizStep": "shipping""#),
            failing: RuleExample.observing(#""bizstep": "shipping""#),
            check: checkUnknownFields
        ),
        ValidationRule(
            .structure,
            "prefix-undeclared",
            .warning,
            "the prefix of the field is not declared",
            remedy: "bind the prefix to its namespace in \"@context\"",
            passing: RuleExample.observing(
                #""@context": {"farm": "https://ns.farm.example/"}, "farm:barn": 3"#
            ),
            failing: RuleExample.observing(#""farm:barn": 3"#)
        ) { examined, findings in
            forEachExtension(examined.event) { path, field in
                guard let prefix = field.name.prefixBeforeColon, !isImplied(prefix),
                    !examined.event.namespaces.contains(where: { $0.prefix.utf8.elementsEqual(prefix.utf8) }),
                    examined.event.context == nil
                else { return }
                findings.add(path, "the prefix \"\(prefix)\" of \"\(field.name)\" is not declared")
            }
        },
        ValidationRule(
            .structure,
            "event-id-no-uri",
            .error,
            "the event ID is not a URI",
            remedy: "write urn:uuid: and a UUID, or the event's hash as ni:///sha-256;...?ver=CBV2.0",
            passing: RuleExample.observing(#""eventID": "urn:uuid:6ee7d26b-d214-49ae-a4b4-8ab163450b68""#),
            failing: RuleExample.observing(#""eventID": "6ee7d26b-d214-49ae-a4b4-8ab163450b68""#)
        ) { examined, findings in
            if let id = examined.event.eventID, !id.hasURIScheme { findings.add("/eventID") }
            for (index, id) in (examined.event.errorDeclaration?.correctiveEventIDs ?? []).enumerated()
            where !id.hasURIScheme { findings.add("/errorDeclaration/correctiveEventIDs/\(index)") }
        },
        ValidationRule(
            .structure,
            "event-hash-malformed",
            .error,
            "the event ID begins as a CBV event hash and does not go on as one",
            remedy: "write ni:///sha-256; then 64 lower-case hexadecimal digits, then ?ver=CBV2.0",
            passing: RuleExample.observing(
                #""eventID": "ni:///sha-256;"#
                    + "8cce757cec0790f7cc6eb427eb857faf996218e911542d6e6f37b897a468c4ea" + #"?ver=CBV2.0""#
            ),
            failing: RuleExample.observing(#""eventID": "ni:///sha-256;8cce757c?ver=CBV2.0""#)
        ) { examined, findings in
            let start = "ni:///sha-256;"
            guard let id = examined.event.eventID, id.begins(with: start) else { return }
            let digits = id.utf8.dropFirst(start.utf8.count).prefix(64)
            let isHexadecimal = digits.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
            let rest = id.utf8.dropFirst(start.utf8.count + 64)
            if digits.count != 64 || !isHexadecimal || !rest.starts(with: "?ver=CBV2.".utf8) {
                findings.add("/eventID")
            }
        },
        ValidationRule(
            .structure,
            "error-declaration-id",
            .error,
            "the error declaration does not say which event was wrong",
            remedy: "repeat the wrong event with its \"eventID\" and add the error declaration to it",
            passing: RuleExample.observing(
                #""eventID": "urn:uuid:6ee7d26b-d214-49ae-a4b4-8ab163450b68", "#
                    + #""errorDeclaration": {"declarationTime": "2026-03-01T12:00:00+08:00"}"#
            ),
            failing: RuleExample.observing(
                #""errorDeclaration": {"declarationTime": "2026-03-01T12:00:00+08:00"}"#
            ),
            isOfDeclarations: true
        ) { examined, findings in
            if examined.event.errorDeclaration != nil, examined.event.eventID == nil {
                findings.add("/errorDeclaration")
            }
        },
        ValidationRule(
            .structure,
            "items-misplaced",
            .error,
            "an item tree stands in an event that commissions nothing",
            remedy: "put it into the ObjectEvent with action ADD that brings the items into being",
            passing: RuleExample.object(
                #""action": "ADD", "quantityList": [{"epcClass": "\#(RuleExample.lot)", "quantity": 3}], "#
                    + itemsExample
            ),
            failing: RuleExample.observing(itemsExample)
        ) { examined, findings in
            let event = examined.event
            guard let name = event.shownItems?.field.name, event.kind != .object || event.action != .add else { return }
            findings.add("/\(name.pointerToken)")
        },
    ]

    private static let itemsExample =
        #""@context": {"traceledger": "https://traceledger.dev/ns/epcis#"}, "#
        + #""traceledger:items": {"count": 3, "#
        + #""root": "8cce757cec0790f7cc6eb427eb857faf996218e911542d6e6f37b897a468c4ea"}"#

    private static func checkForbiddenFields(_ examined: ExaminedEvent, _ findings: inout Findings) {
        let event = examined.event
        let (kind, type) = (event.kind, event.kind.typeName)
        func refuse(_ name: String, _ isThere: Bool, unless allowed: EPCISEvent.Kind...) {
            guard isThere, !allowed.contains(kind) else { return }
            findings.add("/\(name)", "\(type) does not have \"\(name)\"")
        }
        refuse("action", event.action != nil, unless: .object, .aggregation, .transaction, .association)
        refuse("epcList", event.epcList != nil, unless: .object, .transaction)
        refuse("quantityList", event.quantityList != nil, unless: .object, .transaction)
        refuse("parentID", event.parentID != nil, unless: .aggregation, .transaction, .association)
        refuse("childEPCs", event.childEPCs != nil, unless: .aggregation, .association)
        refuse("childQuantityList", event.childQuantityList != nil, unless: .aggregation, .association)
        refuse("inputEPCList", event.inputEPCList != nil, unless: .transformation)
        refuse("inputQuantityList", event.inputQuantityList != nil, unless: .transformation)
        refuse("outputEPCList", event.outputEPCList != nil, unless: .transformation)
        refuse("outputQuantityList", event.outputQuantityList != nil, unless: .transformation)
        refuse("transformationID", event.transformationID != nil, unless: .transformation)
        refuse("ilmd", event.ilmd != nil, unless: .object, .transformation)
    }

    /// The names of EPCIS 2.0 that an event, or a part of it with further fields, may have: to suggest one of them.
    private static let names = [
        "type", "eventTime", "eventTimeZoneOffset", "recordTime", "eventID", "errorDeclaration", "certificationInfo",
        "action", "epcList", "quantityList", "parentID", "childEPCs", "childQuantityList", "inputEPCList",
        "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID", "bizStep", "disposition",
        "persistentDisposition", "bizTransactionList", "sourceList", "destinationList", "readPoint", "bizLocation",
        "sensorElementList", "ilmd", "id", "epcClass", "quantity", "uom", "sensorMetadata", "sensorReport", "time",
        "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules",
        "exception", "microorganism", "chemicalSubstance", "value", "component", "stringValue", "booleanValue",
        "hexBinaryValue", "uriValue", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue",
        "coordinateReferenceSystem", "declarationTime", "reason", "correctiveEventIDs", "bizTransaction", "source",
        "destination",
    ]

    private static func checkUnknownFields(_ examined: ExaminedEvent, _ findings: inout Findings) {
        // Another context may define bare names, and it is never fetched.
        guard examined.event.context == nil else { return }
        forEachExtension(examined.event) { path, field in
            guard !field.name.has(":"), !field.name.begins(with: "@") else { return }
            // A known name is here because its value had another shape that EPCIS allows.
            guard !names.contains(where: { $0.utf8.elementsEqual(field.name.utf8) }) else { return }
            let nearest = NearestTerm.of(field.name, in: names)
            findings.add(
                path,
                "EPCIS has no field \"\(field.name)\"",
                remedy: nearest.map { "write \"\($0)\"" }
            )
        }
    }

    /// Calls `body` with each field that the model does not know, at the outermost level of every part that may have such.
    private static func forEachExtension(_ event: EPCISEvent, _ body: (String, Field) -> Void) {
        func visit(_ path: String, _ fields: [Field]?) {
            for field in fields ?? [] { body("\(path)/\(field.name.pointerToken)", field) }
        }
        func visit<Part: Extensible>(_ name: String, _ parts: [Part]?) {
            for (index, part) in (parts ?? []).enumerated() { visit("/\(name)/\(index)", part.extensions) }
        }
        visit("", event.extensions)
        visit("/errorDeclaration", event.errorDeclaration?.extensions)
        visit("/readPoint", event.readPoint?.extensions)
        visit("/bizLocation", event.bizLocation?.extensions)
        visit("quantityList", event.quantityList)
        visit("childQuantityList", event.childQuantityList)
        visit("inputQuantityList", event.inputQuantityList)
        visit("outputQuantityList", event.outputQuantityList)
        visit("bizTransactionList", event.bizTransactionList)
        visit("sourceList", event.sourceList)
        visit("destinationList", event.destinationList)
        for (index, element) in (event.sensorElementList ?? []).enumerated() {
            let path = "/sensorElementList/\(index)"
            visit(path, element.extensions)
            visit("\(path)/sensorMetadata", element.sensorMetadata?.extensions)
            for (number, report) in element.sensorReport.enumerated() {
                visit("\(path)/sensorReport/\(number)", report.extensions)
            }
        }
    }

    /// Prefixes that GS1's own context binds.
    private static func isImplied(_ prefix: Substring) -> Bool {
        ["cbv", "cbvmda", "dcterms", "epcis", "gs1", "owl", "rdf", "rdfs", "xsd", "http", "https", "urn"].contains {
            $0.utf8.elementsEqual(prefix.utf8)
        }
    }
}

extension String {
    /// What stands before the first colon; `nil` where there is none.
    fileprivate var prefixBeforeColon: Substring? {
        utf8.firstIndex(of: 0x3A).map { self[..<$0] }
    }
}

extension EPCISEvent.Kind {
    /// The type in a sentence, with its article.
    fileprivate var typeName: String {
        switch self {
        case .object: "an ObjectEvent"
        case .aggregation: "an AggregationEvent"
        case .transaction: "a TransactionEvent"
        case .transformation: "a TransformationEvent"
        case .association: "an AssociationEvent"
        }
    }
}
