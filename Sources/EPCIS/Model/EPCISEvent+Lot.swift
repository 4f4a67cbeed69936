public import GS1
import TraceProof

extension EPCISEvent {
    /// Whether the event is about the lot that `lot` names as a class, `(01)GTIN(10)LOT` in any spelling: it names that
    /// class, an instance whose identifier has the lot, or the GTIN with the lot in its master data
    /// (`ilmd`, `cbvmda:lotNumber`).
    ///
    /// A serial number alone does not say which lot it is of: an event that names only that is not found.
    public func concerns(lot: Identifier) -> Bool {
        let elements = lot.elements.isEmpty ? ElementString(lot.text)?.elements ?? [] : lot.elements
        guard let product = elements.first, product.ai == 1, let number = elements.first(where: { $0.ai == 10 })
        else { return names(lot) }
        let ofProduct = objects.filter { $0.has(product) }
        guard !ofProduct.isEmpty else { return false }
        return ofProduct.contains { $0.has(number) } || hasLotNumber(number.value)
    }

    private func hasLotNumber(_ number: String) -> Bool { lotNumbers.contains { $0.hasSameUTF8(as: number) } }

    private var lotNumbers: [String] {
        (ilmd ?? []).compactMap { field in
            guard EPCISEvent.isLotNumber(field.name), case .text(let value) = field.value else { return nil }
            return value
        }
    }

    /// Whether a field of `ilmd` is the lot number, whatever the document calls the namespace of CBV's master data.
    static func isLotNumber(_ field: String) -> Bool {
        let name = Array(field.utf8)
        return name.elementsEqual("lotNumber".utf8) || name.suffix(10).elementsEqual(":lotNumber".utf8)
    }

    /// The lot number in the master data of the objects (`ilmd`, `cbvmda:lotNumber`); `nil` where there is none.
    public var lotNumber: String? { lotNumbers.first }
}

extension Identifier {
    fileprivate func has(_ wanted: Element) -> Bool {
        elements.contains { $0.ai == wanted.ai && $0.value.hasSameUTF8(as: wanted.value) }
    }
}
