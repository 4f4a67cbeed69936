/// Why a ledger is not opened for writing: what its peers saw, or that they did not answer.
public enum RestoreRefusal: Error, Equatable, Sendable {
    /// Peers saw larger trees: the directory is an older state.
    case behind(String, size: UInt64, [Peer])
    /// A peer saw another tree: neither extends the other.
    case fork(String, evidence: String)
    /// Fewer answered than must, each with its failure.
    case tooFew(String, [String])
    /// Offline, and the directory is not where it was last known to be the newest.
    case moved(String)
    /// The ledger has peers, and whoever opened it did not name them.
    case notAsked(String)

    /// A peer and the size that it saw.
    public struct Peer: Equatable, Sendable {
        /// Its name.
        public let name: String
        /// The size of the tree.
        public let size: UInt64
    }

    static func behind(_ directory: String, size: UInt64, _ peers: [(name: String, size: UInt64)]) -> RestoreRefusal {
        .behind(directory, size: size, peers.map { Peer(name: $0.name, size: $0.size) })
    }
}

extension RestoreRefusal: CustomStringConvertible {
    /// What is wrong, and the remedy.
    public var description: String {
        switch self {
        case .behind(let directory, let size, let peers):
            let seen = peers.map { "\($0.name) saw size \($0.size)" }.joined(separator: ", ")
            return
                "\(directory): an older state of the ledger, of size \(size): \(seen); to append here would fork the "
                + "ledger: bring it up with `traceledger fsck \(directory) --repair-from MIRROR` "
                + "or `traceledger mirror MIRROR \(directory)`"
        case .fork(let reason, let evidence):
            return
                "\(reason): the ledger has two histories; nothing was written, and the evidence is kept in \(evidence)"
        case .tooFew(let directory, let failures):
            return "\(directory): too few of its witnesses and mirrors answered to know that this is the newest state: "
                + failures.joined(separator: "; ")
                + "; try again, or pass --offline where you are sure that no backup was put back"
        case .moved(let directory):
            return
                "\(directory): --offline works only in the place where the ledger was last known to be the newest, and "
                + "this directory is another one (device and inode); open it once with its witnesses and mirrors in reach"
        case .notAsked(let directory):
            return
                "\(directory)/\(Layout.peers): this ledger has witnesses or mirrors that are to be asked before it is "
                + "opened; name them (`peers:`)"
        }
    }
}
