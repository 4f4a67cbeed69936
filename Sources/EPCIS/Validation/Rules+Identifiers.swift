import GS1

extension ValidationRule {
    /// What the identifiers of objects must be: the GS1 standards and CBV 2.0 section 8.
    static let identifiers: [ValidationRule] = [
        ValidationRule(
            .identifiers,
            "not-uri",
            .error,
            "the identifier is not a URI",
            remedy:
                "write it as a GS1 Digital Link, e.g. https://id.gs1.org/01/09521101530018/21/A1, or as another URI",
            passing: RuleExample.object(#""action": "OBSERVE", "epcList": ["\#(RuleExample.item)"]"#),
            failing: RuleExample.object(#""action": "OBSERVE", "epcList": ["(01)09521101530018(21)A1"]"#)
        ) { examined, findings in
            forEachIdentifier(examined) { path, id in
                guard id.elements.isEmpty, !id.text.hasURIScheme else { return }
                let link = ElementString(id.text).flatMap {
                    Identifier(elements: $0.elements, form: .digitalLink(stem: "https://id.gs1.org"))
                }
                findings.add(
                    path(),
                    "\(id.spoken) is not a URI",
                    remedy: link.map { "write \($0.text)" } ?? GS1Fault.remedy(forBareKey: id.text)
                )
            }
        },
        ValidationRule(
            .identifiers,
            "gs1-malformed",
            .error,
            "the identifier looks like a GS1 key and is none",
            remedy: "correct the key; its check digit is calculated from the other digits",
            passing: RuleExample.object(#""action": "OBSERVE", "epcList": ["\#(RuleExample.item)"]"#),
            failing: RuleExample.object(
                #""action": "OBSERVE", "epcList": ["https://id.gs1.org/01/09521101530017/21/A1"]"#
            )
        ) { examined, findings in
            forEachIdentifier(examined) { path, id in
                guard let fault = id.elements.isEmpty ? GS1Fault.of(id.text) : GS1Fault.ofValues(id) else { return }
                findings.add(path(), "\(id.spoken): \(fault.sentence)", remedy: fault.remedy)
            }
        },
        ValidationRule(
            .identifiers,
            "link-query",
            .error,
            "the query of the Digital Link is not as GS1 defines it",
            remedy: "correct the query, or leave it out: it is not part of what identifies the object",
            passing: RuleExample.object(#""action": "OBSERVE", "epcList": ["\#(RuleExample.item)?17=271231"]"#),
            failing: RuleExample.object(#""action": "OBSERVE", "epcList": ["\#(RuleExample.item)?17=271331"]"#)
        ) { examined, findings in
            forEachIdentifier(examined) { path, id in
                guard !id.elements.isEmpty, id.text.has("?"), GS1Fault.ofValues(id) == nil else { return }
                do throws(GS1Error) {
                    _ = try DigitalLink(parsing: id.text, allowing: [.shortNames, .shortGTINs])
                } catch {
                    let fault = GS1Fault(placed: error)
                    findings.add(path(), "\(id.spoken): \(fault.sentence)", remedy: fault.remedy)
                }
            }
        },
        ValidationRule(
            .identifiers,
            "elements-excluded",
            .error,
            "the Digital Link says two things that may not stand together on one object",
            remedy: "take one of the two out of the query",
            passing: RuleExample.object(#""action": "OBSERVE", "epcList": ["\#(RuleExample.item)?3103=000195"]"#),
            failing: RuleExample.object(
                #""action": "OBSERVE", "epcList": ["\#(RuleExample.item)?3103=000195&3105=019500"]"#
            )
        ) { examined, findings in
            forEachAssociationError(examined) { path, id, error in
                guard error.code == .excludedAI else { return }
                findings.add(path, "\(id.spoken): \(error.reason)")
            }
        },
        ValidationRule(
            .identifiers,
            "elements-missing",
            .error,
            "the Digital Link lacks what must stand beside one of its elements",
            remedy: "add what is missing, or take the element out of the query",
            passing: RuleExample.object(
                #""action": "OBSERVE", "epcList": ["\#(RuleExample.pallet)?02=09521101530018&17=271231&37=24"]"#
            ),
            failing: RuleExample.object(#""action": "OBSERVE", "epcList": ["\#(RuleExample.pallet)?17=271231"]"#)
        ) { examined, findings in
            forEachAssociationError(examined) { path, id, error in
                guard error.code == .requiredAI || error.code == .serialisedKeyRequired else { return }
                findings.add(path, "\(id.spoken): \(error.reason)")
            }
        },
        ValidationRule(
            .identifiers,
            "class-in-epc-list",
            .warning,
            "a list of single objects holds a class of them",
            remedy: "add the serial, or record the lot or product in the list of quantities",
            passing: RuleExample.object(
                #""action": "OBSERVE", "quantityList": [{"epcClass": "\#(RuleExample.lot)", "quantity": 24}]"#
            ),
            failing: RuleExample.object(#""action": "OBSERVE", "epcList": ["\#(RuleExample.lot)"]"#)
        ) { examined, findings in
            examined.forEachObject { name, index, id in
                guard id.isClass else { return }
                findings.add(ExaminedEvent.path(name, index), "\(id.spoken) names a class, not one object")
            }
        },
        ValidationRule(
            .identifiers,
            "instance-in-quantity-list",
            .error,
            "a quantity is of a class, and this identifier names one object",
            remedy: "record it in the list of single objects, or name its product or lot",
            passing: RuleExample.object(
                #""action": "OBSERVE", "quantityList": [{"epcClass": "\#(RuleExample.lot)", "quantity": 24}]"#
            ),
            failing: RuleExample.object(
                #""action": "OBSERVE", "quantityList": [{"epcClass": "\#(RuleExample.item)", "quantity": 24}]"#
            )
        ) { examined, findings in
            examined.forEachQuantity { path, element in
                guard !element.epcClass.elements.isEmpty, !element.epcClass.isClass else { return }
                findings.add("\(path)/epcClass", "\(element.epcClass.spoken) names one object, not a class")
            }
        },
    ]

    /// Calls `body` with what is wrong with the elements of a Digital Link as a company (General Specifications 4.13, 4.14).
    ///
    /// The syntax of the path says what a key and its qualifiers need, so only what the query adds is asked.
    private static func forEachAssociationError(
        _ examined: ExaminedEvent,
        _ body: (String, Identifier, GS1Error) -> Void
    ) {
        forEachIdentifier(examined) { path, id in
            guard !id.elements.isEmpty, id.text.has("?"),
                let link = try? DigitalLink(parsing: id.text, allowing: [.shortNames, .shortGTINs])
            else { return }
            for error in ElementString(link.elements)?.associationErrors ?? []
            where error.code != .requiredAI || !link.path.contains(where: { $0.ai == error.ai }) {
                body(path(), id, error)
            }
        }
    }

    /// Calls `body` with each identifier of an object, place, party, document or device, and a way to its path.
    private static func forEachIdentifier(_ examined: ExaminedEvent, _ body: (() -> String, Identifier) -> Void) {
        let event = examined.event
        examined.forEachObject { name, index, id in body({ ExaminedEvent.path(name, index) }, id) }
        for list in examined.quantityLists {
            for (index, element) in list.elements.enumerated() {
                body({ "/\(list.name)/\(index)/epcClass" }, element.epcClass)
            }
        }
        if let id = event.transformationID { body({ "/transformationID" }, id) }
        if let place = event.readPoint { body({ "/readPoint/id" }, place.id) }
        if let place = event.bizLocation { body({ "/bizLocation/id" }, place.id) }
        for (index, transaction) in (event.bizTransactionList ?? []).enumerated() {
            body({ "/bizTransactionList/\(index)/bizTransaction" }, transaction.bizTransaction)
        }
        for (index, end) in (event.sourceList ?? []).enumerated() { body({ "/sourceList/\(index)/source" }, end.id) }
        for (index, end) in (event.destinationList ?? []).enumerated() {
            body({ "/destinationList/\(index)/destination" }, end.id)
        }
        for (index, element) in (event.sensorElementList ?? []).enumerated() {
            if let id = element.sensorMetadata?.deviceID {
                body({ "/sensorElementList/\(index)/sensorMetadata/deviceID" }, id)
            }
            for (number, report) in element.sensorReport.enumerated() {
                guard let id = report.deviceID else { continue }
                body({ "/sensorElementList/\(index)/sensorReport/\(number)/deviceID" }, id)
            }
        }
    }
}

extension Identifier {
    /// How messages name it: the text, cut where it is very long.
    var spoken: String {
        text.utf8.count <= 100 ? text : "\(String(decoding: text.utf8.prefix(96), as: UTF8.self))..."
    }

    /// Whether this is a GS1 key of a class of objects: a product, a lot, a type of asset or document.
    var isClass: Bool {
        guard let key = elements.first else {
            return text.begins(with: "urn:epc:class:") || text.begins(with: "urn:epc:idpat:")
        }
        switch key.ai {
        case 1, 8006: return !elements.contains { $0.ai == 21 || $0.ai == 235 }
        case 8010: return !elements.contains { $0.ai == 8011 }
        case 8003: return key.value.utf8.count == 14
        case 253, 255: return key.value.utf8.count == 13
        case 8013: return true
        default: return false
        }
    }
}
