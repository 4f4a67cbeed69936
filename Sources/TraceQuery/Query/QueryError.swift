/// Why a query was refused, in the standard's own terms (EPCIS 2.0 section 8.2.6 and its OpenAPI): what a server puts into
/// its RFC 9457 problem details.
public struct QueryError: Error, Equatable, Sendable {
    /// The standard's exceptions that a query can meet here.
    public enum Problem: Sendable, CaseIterable {
        /// A parameter is unknown, not supported, repeated where it may not be, or its value is not what it must be.
        case parameter
        /// More parameters or values than one query may have.
        case tooComplex
        /// The query string is too long.
        case tooLong

        /// `type` of the problem details: the standard's name.
        public var type: String {
            switch self {
            case .parameter: "epcisException:QueryParameterException"
            case .tooComplex: "epcisException:QueryTooComplexException"
            case .tooLong: "epcisException:URITooLongException"
            }
        }

        /// `title` of the problem details.
        public var title: String {
            switch self {
            case .parameter: "Query parameter refused"
            case .tooComplex: "Query too complex"
            case .tooLong: "URI too long"
            }
        }

        /// The HTTP status that the standard gives it.
        public var status: Int {
            switch self {
            case .parameter: 400
            case .tooComplex: 413
            case .tooLong: 414
            }
        }
    }

    /// Which exception.
    public let problem: Problem
    /// The parameter at fault, printable ASCII and at most 64 characters of it; `nil` where it is the query as a whole.
    public let parameter: String?
    /// What is wrong and the remedy, without the parameter's name.
    public let reason: String

    init(_ problem: Problem = .parameter, _ parameter: String? = nil, _ reason: String) {
        self.problem = problem
        self.parameter = parameter.map { QueryError.shown($0) }
        self.reason = reason
    }

    /// A text of the client as an answer or a log may repeat it.
    static func shown(_ text: String) -> String {
        let limit = 64
        var bytes = text.utf8.prefix(limit).map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
        if text.utf8.count > limit { bytes += "...".utf8 }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension QueryError: CustomStringConvertible {
    /// `EQ_action: "SHIP" is none of ADD, OBSERVE and DELETE`.
    public var description: String { parameter.map { "\($0): \(reason)" } ?? reason }
}
