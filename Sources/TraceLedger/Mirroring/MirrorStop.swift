/// Why a mirror stops following a ledger: what the source shows contradicts what the ledger signed before. Waiting does
/// not mend it, and what was verified before stays and stays served.
public struct MirrorStop: Error, Sendable {
    /// What kind of contradiction.
    public enum Kind: String, Sendable {
        /// Two heads that the ledger signed of which neither extends the other.
        case fork
        /// An older head than was shown before.
        case rollback
        /// An entry that does not continue its signer's chain, or that its signer did not sign.
        case statement
    }

    /// What kind of contradiction.
    public let kind: Kind
    /// Which source, and what contradicts what.
    public let reason: String
    /// The directory with both checkpoints and what proves the contradiction.
    public let evidence: String
}

extension MirrorStop: CustomStringConvertible {
    /// What is wrong, and where the evidence is.
    public var description: String {
        "\(reason); nothing was taken over, and the evidence is kept in \(evidence): show it to the ledger's owner "
            + "and to others who follow it"
    }
}
