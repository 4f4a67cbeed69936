/// One application identifier with its value, e.g. `(01)09506000134352`.
public struct Element: Hashable, Sendable {
    /// The application identifier's number: 1 for `(01)`, 0 for `(00)`, 8003 for `(8003)`. Text form: ``aiText``.
    public let ai: Int
    /// The value without escapes; check digits included.
    public let value: String

    /// The element `(ai)value`, unchecked.
    public init(ai: Int, value: String) {
        self.ai = ai
        self.value = value
    }

    /// The application identifier as printed: at least two digits, since only 00 to 09 have a leading zero.
    public var aiText: String { ai < 10 ? "0\(ai)" : "\(ai)" }
}
