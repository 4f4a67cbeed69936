/// Why a label cannot be made, or a picture cannot be read.
public struct LabelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What it is about, e.g. `QR code` or `PNG, byte 33`.
    public let subject: String
    /// What is wrong and what helps, in one sentence.
    public let reason: String

    init(_ subject: String, _ reason: String) {
        self.subject = subject
        self.reason = reason
    }

    /// `QR code: 4,000 bytes do not fit into any version at level M`.
    public var description: String { "\(subject): \(reason)" }
}
