public import GS1
import TraceProof

extension EPCISEvent {
    /// Every object and class that the event names in its What dimension, in the order of the fields.
    public var objects: [Identifier] {
        var all: [Identifier] = []
        if let parentID { all.append(parentID) }
        for list in [epcList, childEPCs, inputEPCList, outputEPCList] { all += list ?? [] }
        for list in [quantityList, childQuantityList, inputQuantityList, outputQuantityList] {
            for element in list ?? [] { all.append(element.epcClass) }
        }
        return all
    }

    /// Whether one of ``objects`` is what `identifier` names, spelt as an element string, an EPC URN, a Digital Link or
    /// as in the event. A class does not stand for its instances: it is matched as a class only.
    public func names(_ identifier: Identifier) -> Bool {
        let elements =
            identifier.elements.isEmpty ? ElementString(identifier.text)?.elements ?? [] : identifier.elements
        return objects.contains {
            $0.text.hasSameUTF8(as: identifier.text) || ($0.elements == elements && !elements.isEmpty)
        }
    }
}
