import GS1
import TraceProof

extension EPCISEvent {
    /// What the event is about, as text for a statement's `sub` claim: a bracketed GS1 element string such as
    /// `(01)09506000134352(10)ABC123`, or the URI of what is not GS1.
    ///
    /// The primary objects are the first of these that is not empty (`Docs/Formats/EventPayload.md`):
    /// - Aggregation and Association: the parent; then child EPCs, then child quantities;
    /// - Transformation: output EPCs, output quantities, input EPCs, input quantities; then the transformation ID;
    /// - Object and Transaction: EPCs, then quantities; then the parent.
    ///
    /// One object is named as it is. Several objects of one class are named by the class: key and qualifiers without
    /// serials, and without the lot where it is not the same for all. Objects of several classes are named by the class of the first.
    /// Without objects it is the read point, then the business location, then the event ID, then `-`.
    public var subject: String {
        let objects = primaryObjects
        guard let first = objects.first else { return eventID ?? "-" }
        guard objects.contains(where: { !$0.text.hasSameUTF8(as: first.text) }) else {
            return first.elementString ?? first.text
        }
        let sameClass = objects.filter { $0.isOfSameProduct(as: first) }
        var elements = first.classElements
        guard !elements.isEmpty else { return first.text }
        if sameClass.contains(where: { !$0.classElements.isSame(as: elements) }) {
            elements.removeAll { $0.ai == 10 || $0.ai == 22 }
        }
        return ElementString(elements)?.text ?? first.text
    }

    /// The identifiers that the subject is taken from.
    private var primaryObjects: [Identifier] {
        let lists: [[Identifier]] =
            switch kind {
            case .aggregation, .association:
                [[parentID].compactMap { $0 }, childEPCs ?? [], childQuantityList.classes]
            case .transformation:
                [
                    outputEPCList ?? [], outputQuantityList.classes, inputEPCList ?? [], inputQuantityList.classes,
                    [transformationID].compactMap { $0 },
                ]
            case .object, .transaction:
                [epcList ?? [], quantityList.classes, [parentID].compactMap { $0 }]
            }
        if let objects = lists.first(where: { !$0.isEmpty }) { return objects }
        return [readPoint?.id ?? bizLocation?.id].compactMap { $0 }
    }
}

extension [QuantityElement]? {
    fileprivate var classes: [Identifier] { self?.map { $0.epcClass } ?? [] }
}

extension Identifier {
    /// Whether both have one key and value, serials aside.
    fileprivate func isOfSameProduct(as other: Identifier) -> Bool {
        guard let key = classElements.first, let otherKey = other.classElements.first else {
            return text.hasSameUTF8(as: other.text)
        }
        return key.ai == otherKey.ai && key.value.hasSameUTF8(as: otherKey.value)
    }
}
