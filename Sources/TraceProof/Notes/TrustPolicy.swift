/// Whose checkpoints to believe: known logs, known witnesses, and the quorum of witnesses that must have cosigned
/// (C2SP tlog-policy).
///
///     log example.com/log+4e8c3d72+AQ...
///     witness factory W1+0a1b2c3d+BA...
///     witness customs W2+11223344+BA...  https://witness.example
///     group both all factory customs
///     quorum both
///
/// A checkpoint is valid when any one of the logs signed it and the quorum is reached. Log and witness may share a key as
/// far as the standard goes; such a witness witnesses nothing.
public struct TrustPolicy: Hashable, Sendable {
    /// The largest file accepted: 4 MiB.
    public static let maximumByteCount = 1 << 22
    /// The most logs, the most witnesses and the most groups accepted, of each. The standard recommends at least 32.
    public static let maximumCount = 1024

    /// A name or a URL in the file: octets without spaces and control characters, not necessarily UTF-8. Two are the same
    /// when their octets are.
    public struct Token: Hashable, Sendable, CustomStringConvertible {
        /// The octets.
        public let bytes: [UInt8]

        /// A token of these octets.
        ///
        /// - Throws: when it is empty or has an octet outside 21-7E and 80-FF.
        public init(_ bytes: some Collection<UInt8>) throws(FormatError) {
            guard !bytes.isEmpty, bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
                throw TrustPolicy.refusal("a name or URL is empty or has a space or control character")
            }
            self.bytes = Array(bytes)
        }

        /// A token of this text.
        ///
        /// - Throws: when it is empty or has a space or control character.
        public init(_ text: String) throws(FormatError) { try self.init(text.utf8) }

        /// The octets as UTF-8 text, for people; wrong sequences show as U+FFFD.
        public var description: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// A known log.
    public struct Log: Hashable, Sendable {
        /// Its key, whose name is the log's origin.
        public let key: VerifierKey
        /// Where it is found; the meaning is the application's.
        public let url: Token?
    }

    /// A known witness.
    public struct Witness: Hashable, Sendable {
        /// What this policy calls it; nothing outside of it does.
        public let name: Token
        /// Its key, with the name on its signature lines.
        public let key: VerifierKey
        /// Where it is found, by custom its submission prefix.
        public let url: Token?
    }

    /// A group witnesses a checkpoint when at least `threshold` of its members do.
    public struct Group: Hashable, Sendable {
        /// Its name, in one namespace with the witnesses'.
        public let name: Token
        /// At least 1 and at most the number of members.
        public let threshold: Int
        /// Witnesses and groups that were defined before.
        public let members: [Member]
    }

    /// A witness or a group, by its place in ``witnesses`` or ``groups``.
    public enum Member: Hashable, Sendable {
        /// The witness at this place.
        case witness(Int)
        /// The group at this place.
        case group(Int)
    }

    /// The known logs; any one of them is accepted.
    public private(set) var logs: [Log] = []
    /// The known witnesses.
    public private(set) var witnesses: [Witness] = []
    /// The groups, each after its members.
    public private(set) var groups: [Group] = []
    /// What must have witnessed; `nil` is `quorum none`: no cosignature is required.
    public private(set) var quorum: Member?

    /// A policy that knows no log and demands no witness: no checkpoint is valid by it until a log is added.
    public init() {}

    /// Adds a log.
    ///
    /// - Throws: for a key of a cosigner (type 0x04), a key that another log has, and too many logs.
    public mutating func addLog(key: VerifierKey, url: Token? = nil) throws(FormatError) {
        guard key.type != .cosignature else {
            throw TrustPolicy.refusal("a log signs with a key of type 0x01; this is a cosigner's (type 0x04)")
        }
        guard !logs.contains(where: { $0.key.keyBytes == key.keyBytes }) else {
            throw TrustPolicy.refusal("another log has the same public key")
        }
        try TrustPolicy.requireRoom(logs.count)
        logs.append(Log(key: key, url: url))
    }

    /// Adds a witness.
    ///
    /// - Throws: for a name that is taken, a key that is not a cosigner's (types 0x04 and 0x06) or that another witness
    ///   has, and too many witnesses.
    public mutating func addWitness(_ name: Token, key: VerifierKey, url: Token? = nil) throws(FormatError) {
        try requireFree(name)
        guard key.type == .cosignature || key.type == .mlDSA44 else {
            throw TrustPolicy.refusal("a witness cosigns with a key of type 0x04 or 0x06; this is another's")
        }
        guard !witnesses.contains(where: { $0.key.keyBytes == key.keyBytes }) else {
            throw TrustPolicy.refusal("another witness has the same public key")
        }
        try TrustPolicy.requireRoom(witnesses.count)
        witnesses.append(Witness(name: name, key: key, url: url))
    }

    /// Adds a group.
    ///
    /// - Parameter threshold: how many of the members must have witnessed, from 1 to all.
    /// - Throws: for a name that is taken, a member that is not defined or is already a member of this or another group, a
    ///   threshold out of bounds, and too many groups.
    public mutating func addGroup(_ name: Token, threshold: Int, members: [Token]) throws(FormatError) {
        try requireFree(name)
        guard (1...max(1, members.count)).contains(threshold), !members.isEmpty else {
            throw TrustPolicy.refusal("the threshold of a group is a number from 1 to that of its members")
        }
        try TrustPolicy.requireRoom(groups.count)
        var resolved: [Member] = []
        for token in members {
            guard let member = member(named: token) else {
                throw TrustPolicy.refusal("\(token.description) is no witness or group defined before this line")
            }
            guard !resolved.contains(member), !groups.contains(where: { $0.members.contains(member) }) else {
                throw TrustPolicy.refusal("\(token.description) is a group member twice, so it could count twice")
            }
            resolved.append(member)
        }
        groups.append(Group(name: name, threshold: threshold, members: resolved))
    }

    /// Says which witness or group must have witnessed; `nil` or `none` for no one.
    ///
    /// - Throws: for a name that is not defined.
    public mutating func setQuorum(_ name: Token?) throws(FormatError) {
        guard let name, !TrustPolicy.isNone(name) else {
            quorum = nil
            return
        }
        guard let member = member(named: name) else {
            throw TrustPolicy.refusal("\(name.description) is no witness or group defined before this line")
        }
        quorum = member
    }

    /// The name of a witness or group of this policy.
    public func name(of member: Member) -> Token {
        switch member {
        case .witness(let place): witnesses[place].name
        case .group(let place): groups[place].name
        }
    }

    private func member(named name: Token) -> Member? {
        if let place = witnesses.firstIndex(where: { $0.name == name }) { return .witness(place) }
        return groups.firstIndex(where: { $0.name == name }).map { .group($0) }
    }

    private func requireFree(_ name: Token) throws(FormatError) {
        guard !TrustPolicy.isNone(name) else { throw TrustPolicy.refusal("`none` is not a name one can define") }
        guard member(named: name) == nil else {
            throw TrustPolicy.refusal("\(name.description) is defined twice")
        }
    }

    private static func requireRoom(_ count: Int) throws(FormatError) {
        guard count < maximumCount else { throw refusal("more than \(maximumCount) definitions of one kind") }
    }

    static func isNone(_ name: Token) -> Bool { name.bytes.elementsEqual("none".utf8) }

    static func refusal(_ reason: String) -> FormatError { FormatError("tlog-policy", at: .whole, reason) }
}
