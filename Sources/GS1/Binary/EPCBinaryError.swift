/// Why an EPC in binary was refused, or why values could not be written as one.
public struct EPCBinaryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The bit at which the problem stands, counted from the header's first bit; nil where the problem is not in bits.
    public let bit: Int?
    /// What is wrong, in one sentence.
    public let reason: String

    init(bit: Int? = nil, _ reason: String) {
        self.bit = bit
        self.reason = reason
    }

    /// `bit 11: the partition value 7 is reserved`
    public var description: String {
        guard let bit else { return reason }
        return "bit \(bit): \(reason)"
    }
}
