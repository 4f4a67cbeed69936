import TraceProof

extension CBORWriter {
    mutating func items(_ items: ItemTreeRoot) {
        array(2)
        unsigned(items.count)
        bytes(items.root.bytes)
    }
}

extension CBORReader {
    mutating func items() throws(FormatError) -> ItemTreeRoot {
        try array(count: 2)
        let count = try unsigned()
        guard let items = ItemTreeRoot(count: count, root: try digest()) else {
            throw refuse("an event has 1 to \(ItemTreeRoot.maximumCount) items")
        }
        return items
    }
}

extension PayloadScan {
    mutating func items(_ bytes: Span<UInt8>) -> Bool {
        guard skip(bytes, 0x82), let count = head(bytes, 0), (1...ItemTreeRoot.maximumCount).contains(count),
            let root = string(bytes, 2)
        else { return false }
        return root.count == Digest.byteCount
    }
}
