internal import TraceProof

/// A kind of link that the resolver knows: GS1's (GS1 Web Vocabulary), and ours.
enum LinkType: String, CaseIterable, Sendable {
    /// Where a request without a link type leads.
    case defaultLink
    /// What is to be known of the product: here, the page that verifies.
    case pip
    /// Where a serialised item is verified.
    case verificationService
    /// The events of an item.
    case traceability
    /// The recalls.
    case recallStatus
    /// The items of a lot, for whoever verifies without a network.
    case batchPack
    /// That one item is of its lot.
    case itemProof
    /// The proof of an item's openings.
    case activations
    /// Whose key is whose.
    case registryPack
    /// Whose cosignatures a checkpoint needs.
    case policy

    /// GS1's namespace of link types.
    static let gs1 = "https://gs1.org/voc/"
    /// Ours.
    static let own = "https://traceledger.dev/ns/links#"

    private var isOurs: Bool {
        switch self {
        case .batchPack, .itemProof, .activations, .registryPack, .policy: true
        case .defaultLink, .pip, .verificationService, .traceability, .recallStatus: false
        }
    }

    /// As a URI.
    var uri: String { (isOurs ? LinkType.own : LinkType.gs1) + rawValue }
    /// As a CURIE, which requests have.
    var curie: String { (isOurs ? "traceledger:" : "gs1:") + rawValue }

    /// The link type that a request names: as a CURIE or as a URI, GS1's also in its newer namespace.
    init?(request: String) {
        let found = LinkType.allCases.first { type in
            request.hasSameUTF8(as: type.curie) || request.hasSameUTF8(as: type.uri)
                || (!type.isOurs && request.hasSameUTF8(as: "https://ref.gs1.org/voc/" + type.rawValue))
        }
        guard let found else { return nil }
        self = found
    }
}
