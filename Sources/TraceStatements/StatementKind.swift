/// What a statement's payload is: COSE header 3, a CoAP content-format number of the experimental range
/// (formats.md section 2). An unknown kind is kept, proved and shown as opaque bytes.
public struct StatementKind: RawRepresentable, Hashable, Sendable {
    /// The content-format number.
    public let rawValue: UInt64

    /// The kind with this number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The first entry of every ledger.
    public static let genesis = StatementKind(rawValue: 65000)
    /// An EPCIS event in its compact payload.
    public static let event = StatementKind(rawValue: 65001)
    /// An enrolment in a registry.
    public static let enrolment = StatementKind(rawValue: 65002)
    /// The first use of an item's hidden key; the only kind without a chain.
    public static let activation = StatementKind(rawValue: 65003)
    /// A recall.
    public static let recall = StatementKind(rawValue: 65004)
    /// A note in words.
    public static let note = StatementKind(rawValue: 65005)
    /// The root of the map from subjects to entries.
    public static let mapRoot = StatementKind(rawValue: 65006)

    /// The kind in one word, for people; `kind 65099` for one that this version does not know.
    public var name: String {
        switch self {
        case .genesis: "genesis"
        case .event: "event"
        case .enrolment: "enrolment"
        case .activation: "activation"
        case .recall: "recall"
        case .note: "note"
        case .mapRoot: "map root"
        default: "kind \(rawValue)"
        }
    }
}
