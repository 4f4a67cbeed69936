/// Why bytes or text from outside were refused: which format, where in it, and what is wrong.
///
/// Every decoder of this package throws this one type, so that a caller can always print the place.
public struct FormatError: Error, Equatable, Sendable {
    /// Where in the input the problem stands.
    public enum Place: Equatable, Sendable {
        /// Bytes from the start of the input.
        case offset(Int)
        /// Line, counted from 1.
        case line(Int)
        /// The input as a whole.
        case whole
    }

    /// One reference: every `try` of a decoder hands the error on, and what it hands on is code in each of these places.
    private let content: Content

    private final class Content: Sendable {
        let format: String
        let place: Place
        let reason: String

        init(_ format: String, _ place: Place, _ reason: String) {
            (self.format, self.place, self.reason) = (format, place, reason)
        }
    }

    /// The format that was being read, e.g. `CBOR` or `checkpoint`.
    public var format: String { content.format }
    /// Where the problem stands.
    public var place: Place { content.place }
    /// What is wrong, in one sentence that needs no source code to be understood.
    public var reason: String { content.reason }

    #if TRACE_TERSE
    /// An error in `format` at `place`. For a browser (`TRACE_TERSE`) the reason is left out and its code with it: there the format
    /// and the place are what is told.
    @inline(__always)
    public init(_ format: String, at place: Place, _ reason: @autoclosure () -> String) {
        self.init(format, at: place, telling: "")
    }
    #else
    /// An error in `format` at `place`.
    public init(_ format: String, at place: Place, _ reason: String) { self.init(format, at: place, telling: reason) }
    #endif

    /// An error whose reason people read wherever they are: in what they type or scan themselves.
    public init(_ format: String, at place: Place, telling reason: String) { content = Content(format, place, reason) }

    /// Whether both say the same.
    public static func == (left: FormatError, right: FormatError) -> Bool {
        left.place == right.place && left.format.hasSameUTF8(as: right.format)
            && left.reason.hasSameUTF8(as: right.reason)
    }

    /// The same error with its offset counted from the start of an outer input that holds this one at `base`.
    public func moved(by base: Int) -> FormatError {
        guard case .offset(let offset) = place else { return self }
        return FormatError(format, at: .offset(base + offset), telling: reason)
    }
}

extension FormatError: CustomStringConvertible {
    /// `CBOR, byte 17: the map keys are not in order`.
    public var description: String {
        let reason = reason.utf8.isEmpty ? "this is not what the format has" : reason
        return switch place {
        case .offset(let offset): "\(format), byte \(offset): \(reason)"
        case .line(let line): "\(format), line \(line): \(reason)"
        case .whole: "\(format): \(reason)"
        }
    }
}
