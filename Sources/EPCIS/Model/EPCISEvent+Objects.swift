public import GS1
import TraceProof

extension EPCISEvent {
    /// Every object and class that the event names in its What dimension, in the order of the model's fields.
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
        let elements = identifier.elements.isEmpty ? ElementString(identifier.text)?.elements : identifier.elements
        return objects.contains { object in
            object.text.hasSameUTF8(as: identifier.text) || (elements.map { object.consists(of: $0) } ?? false)
        }
    }
}

extension Identifier {
    /// Whether this is a GS1 key of exactly these elements, compared byte by byte.
    fileprivate func consists(of other: [Element]) -> Bool {
        !elements.isEmpty && elements.count == other.count
            && zip(elements, other).allSatisfy { $0.ai == $1.ai && $0.value.hasSameUTF8(as: $1.value) }
    }
}
