import EPCIS
import Foundation
import GS1

/// The query parameters by their definitions (EPCIS 2.0 section 8.2.7.1), over decoded events, one after the other: what the
/// index must come to. Knows nothing of names, roles or SQL.
struct NaiveQuery {
    var parameters: [String: [String]]

    func matches(_ event: EPCISEvent, recordTime: UInt64) -> Bool {
        parameters.allSatisfy { name, values in
            switch name {
            case "eventType": values.contains("\(event.kind)".capitalized + "Event")
            case "EQ_action": event.action.map { values.contains("\($0)".uppercased()) } ?? false
            case "EQ_bizStep": event.bizStep.map { isTerm($0, values, event, "BizStep-", "bizstep:") } ?? false
            case "EQ_disposition": event.disposition.map { isTerm($0, values, event, "Disp-", "disp:") } ?? false
            case "EQ_readPoint": event.readPoint.map { isSame($0.id, values) } ?? false
            case "EQ_bizLocation": event.bizLocation.map { isSame($0.id, values) } ?? false
            case "EQ_eventID": values.contains(event.eventID ?? event.hashID())
            case "GE_eventTime": event.eventTime.milliseconds >= milliseconds(values)
            case "LT_eventTime": event.eventTime.milliseconds < milliseconds(values)
            case "GE_recordTime": Int64(recordTime) * 1000 >= milliseconds(values)
            case "LT_recordTime": Int64(recordTime) * 1000 < milliseconds(values)
            case "MATCH_epc": isAny([event.epcList, event.childEPCs], values)
            case "MATCH_parentID": isAny([event.parentID.map { [$0] }], values)
            case "MATCH_inputEPC": isAny([event.inputEPCList], values)
            case "MATCH_outputEPC": isAny([event.outputEPCList], values)
            case "MATCH_anyEPC":
                isAny(
                    [
                        event.epcList, event.childEPCs, event.parentID.map { [$0] }, event.inputEPCList,
                        event.outputEPCList,
                    ],
                    values
                )
            case "MATCH_epcClass": isAny(classes([event.quantityList, event.childQuantityList]), values)
            case "MATCH_inputEPCClass": isAny(classes([event.inputQuantityList]), values)
            case "MATCH_outputEPCClass": isAny(classes([event.outputQuantityList]), values)
            case "MATCH_anyEPCClass":
                isAny(
                    classes([
                        event.quantityList, event.childQuantityList, event.inputQuantityList, event.outputQuantityList,
                    ]),
                    values
                )
            default: true
            }
        }
    }

    private func milliseconds(_ values: [String]) -> Int64 { known(Timestamp(values[0])).milliseconds }

    private func classes(_ lists: [[QuantityElement]?]) -> [[Identifier]?] { lists.map { $0?.map(\.epcClass) } }

    // MARK: Terms

    private func isTerm(_ term: Term, _ values: [String], _ event: EPCISEvent, _ web: String, _ urn: String) -> Bool {
        let own = word(expand(term.text, event.namespaces), web, urn)
        return values.contains { word($0, web, urn) == own }
    }

    private func word(_ text: String, _ web: String, _ urn: String) -> String {
        for prefix in ["https://ref.gs1.org/cbv/" + web, "urn:epcglobal:cbv:" + urn, "cbv:" + web]
        where text.hasPrefix(prefix) {
            return String(text.dropFirst(prefix.count))
        }
        return text
    }

    private func expand(_ text: String, _ namespaces: [Namespace]) -> String {
        for namespace in namespaces where text.hasPrefix(namespace.prefix + ":") {
            return namespace.uri + text.dropFirst(namespace.prefix.count + 1)
        }
        return text
    }

    // MARK: Identifiers

    private func isAny(_ lists: [[Identifier]?], _ values: [String]) -> Bool {
        lists.contains { list in list?.contains { isSame($0, values) } ?? false }
    }

    private func isSame(_ identifier: Identifier, _ values: [String]) -> Bool {
        values.contains { value in
            guard value.hasPrefix("urn:epc:idpat:"), value.hasSuffix("*") else {
                return key(identifier) == key(Identifier(value))
            }
            return fits(identifier, value)
        }
    }

    /// Key and finest qualifier: with a serial a lot says nothing.
    private func key(_ identifier: Identifier) -> [String] {
        let elements = identifier.elements
        guard let first = elements.first else { return [identifier.text] }
        let rest = elements.dropFirst()
        let finest = rest.first { $0.ai == 21 } ?? rest.first { $0.ai == 10 } ?? rest.first
        return ([first] + [finest].compactMap { $0 }).map { "\($0.ai)=\($0.value)" }
    }

    /// Part by part, in the EPC URN of any length of company prefix.
    private func fits(_ identifier: Identifier, _ pattern: String) -> Bool {
        let wanted = pattern.split(separator: ":").dropFirst(3)
        let finest = key(identifier).compactMap { text in
            identifier.elements.first { "\($0.ai)=\($0.value)" == text }
        }
        return (6...12).contains { length in
            guard let urn = Identifier(elements: finest, form: .urn(companyPrefixLength: length))?.text else {
                return false
            }
            let own = urn.split(separator: ":").dropFirst(3)
            guard own.first == wanted.first, let parts = own.last?.split(separator: ".", maxSplits: 2),
                let stars = wanted.last?.split(separator: ".")
            else { return false }
            return parts.count == stars.count && zip(parts, stars).allSatisfy { $1 == "*" || $0 == $1 }
        }
    }
}
