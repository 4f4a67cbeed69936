/// What is wrong with a value and where, before it is known whose value it is.
struct Fault {
    let code: GS1Error.Code
    let position: Int
    let length: Int

    init(_ code: GS1Error.Code, _ position: Int, _ length: Int) {
        self.code = code
        self.position = position
        self.length = length
    }

    /// The same fault where the part that has it begins at `start`.
    func moved(by start: Int) -> Fault { Fault(code, position &+ start, length) }
}

extension Span<UInt8> {
    /// The fault of the first byte that is not in the set.
    func fault(_ code: GS1Error.Code, outside set: ASCIISet) -> Fault? {
        for position in 0..<count where !set.contains(self[position]) { return Fault(code, position, 1) }
        return nil
    }

    /// The fault of all bytes together.
    func fault(_ code: GS1Error.Code) -> Fault { Fault(code, 0, count) }

    /// The number that these bytes spell, which must be digits, at most 9: an Int may have 32 bits.
    var number: Int {
        var number = 0
        for position in 0..<count { number = number &* 10 &+ Int(self[position] &- 0x30) }
        return number
    }
}
