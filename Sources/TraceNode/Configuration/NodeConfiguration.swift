public import TraceLedger
public import TraceProof
public import TraceReplication

/// Everything that a node is told, read from one YAML file (Docs/Node.md has every key).
///
/// Secrets are named by file or environment variable, never written here, so that the file can be shown and kept in
/// version control.
public struct NodeConfiguration: Sendable, Equatable {
    /// Where the node listens.
    public struct Address: Sendable, Equatable {
        /// A host name or an IP address; loopback unless said otherwise.
        public var host = "127.0.0.1"
        /// A TCP port; 0 takes a free one.
        public var port = 8080
    }

    /// The certificate that the node shows.
    public struct TLS: Sendable, Equatable {
        /// The path of a PEM file with the certificate and what leads to its root.
        public var certificate: String
        /// The path of a PEM file with its private key.
        public var key: String
    }

    /// Where a secret is.
    public enum Secret: Sendable, Hashable {
        /// The content of a file, without the line end behind it.
        case file(String)
        /// The value of an environment variable.
        case environment(String)
    }

    /// Somebody who may write, by a bearer token.
    public struct Token: Sendable, Equatable {
        /// What logs and metrics call its holder.
        public var name: String
        /// The token itself.
        public var secret: Secret
        /// The most requests a second, with bursts of as many; `nil`: no limit.
        public var rate: Double?
        /// The most entries in a day of UTC; `nil`: no limit.
        public var quota: UInt64?
    }

    /// Who may append without a token, by what is signed.
    public enum Admission: Sendable, Equatable {
        /// Nobody.
        case closed
        /// Anybody, anything: opaque entries.
        case any
        /// Statements of these issuers, and of those whom the ledger's registry admits.
        case statements(issuers: [String], registry: Bool)
    }

    /// What the node signs for its enterprise.
    public struct Capture: Sendable, Equatable {
        /// Who the enterprise is: a GLN, or a party identifier with a scheme.
        public var issuer: String
        /// The path of the enterprise's signing key (PKCS#8 PEM).
        public var key: String
        /// What the rules of Docs/Validation.md do with an event that breaks one.
        public var validation = Validation.strict
    }

    /// What happens to events that break a rule.
    public enum Validation: String, Sendable, CaseIterable {
        /// They are refused.
        case strict
        /// They are signed, and the problems told.
        case warn
        /// Nobody looks.
        case off
    }

    /// A ledger of the enterprise itself.
    public struct OwnLedger: Sendable, Equatable {
        /// The first segment of its URLs.
        public var path: String
        /// Its origin.
        public var origin: String
        /// Its directory, absolute.
        public var directory: String
        /// The path of the ledger's key (PKCS#8 PEM).
        public var key: String
        /// Who may append without a token.
        public var admission = Admission.closed
        /// What the node signs itself; `nil`: it takes signed statements only.
        public var capture: Capture?
        /// Who may write with a token.
        public var tokens: [Token] = []
        /// Whether whoever opened one of its items may say so here, without a token.
        public var activations = true
        /// So many seconds behind an activation the map of subjects is logged, so that proofs of completeness know of it; in a
        /// large ledger later.
        public var mapRootSeconds = 60.0
    }

    /// A partner's ledger that is replicated.
    public struct MirroredLedger: Sendable, Equatable {
        /// Its key, whose name is the origin.
        public var key: VerifierKey
        /// Where it is pulled from, the first that answers; none: it is only pushed here.
        public var urls: [String]
        /// How deep to look before anything is taken over.
        public var depth = CheckDepth.chains
        /// The seconds between two askings.
        public var interval = 10.0
        /// Where the ledger's own node takes activations; `nil`: below the host of the first URL.
        public var activations: String?
    }

    /// A cosigner of the node's own: a name and a key.
    public struct Cosigner: Sendable, Equatable {
        /// The name on its signature lines.
        public var name: String
        /// The path of its key (PKCS#8 PEM).
        public var key: String
    }

    /// What the node witnesses.
    public struct Witnessing: Sendable, Equatable {
        /// Who cosigns.
        public var cosigner: Cosigner
        /// The keys of the ledgers that are cosigned.
        public var ledgers: [VerifierKey]
    }

    /// Somebody who cosigns the node's own checkpoints: a witness, or a mirror that entries are pushed to.
    public struct Peer: Sendable, Equatable {
        /// Its cosignature key (type 0x04).
        public var key: VerifierKey
        /// Its submission prefix.
        public var url: String
        /// Its monitoring prefix, where that is another.
        public var monitoring: String?
        /// What is asked of it.
        public var role = TraceReplication.Cosigner.Role.witness
    }

    /// What the resolver of Digital Links shows beside the page, and to whom: the default tells no volumes and no serials.
    public struct Resolver: Sendable, Equatable {
        /// Who may have something.
        public enum Audience: String, Sendable, CaseIterable {
            /// Nobody.
            case off
            /// Whoever presents one of the resolver's tokens.
            case tokens
            /// Everybody.
            case `public`
        }

        /// Batch packs: they tell how many items a lot has, and their serials.
        public var packs = Audience.off
        /// The proof of one item, made from its lot's pack: it tells how many items the lot has, and whether this serial
        /// number is one of them.
        public var proofs = Audience.off
        /// The events of one item.
        public var history = Audience.off
        /// The path of the own ledger that histories are from; `nil`: the first that holds events.
        public var ledger: String?
        /// Who may have what takes a token.
        public var tokens: [Token] = []
    }

    /// The files that a verifier in somebody's page begins with.
    public struct Trust: Sendable, Equatable {
        /// The registry pack.
        public var registry: String?
        /// The tlog-policy file that it is verified under.
        public var policy: String?
        /// The recall pack.
        public var recalls: String?
    }

    /// What clients may use of the node.
    public struct Limits: Sendable, Equatable {
        /// Connections in all.
        public var connections = 1024
        /// Connections of one address.
        public var connectionsPerAddress = 256
        /// Seconds from the opening of a connection, or the end of an answer, to the end of the next request's header.
        public var headerSeconds = 15.0
        /// Seconds from a request's header to the end of its answer.
        public var requestSeconds = 120.0
        /// The bytes of a captured document.
        public var documentBytes = 16 << 20
        /// The bytes of tiles and bundles kept in memory.
        public var cacheBytes = 64 << 20
        /// Requests to write from one address in a second, without a token; 0: no limit; `nil`: 50, and no limit on a ledger that
        /// admits anything from anybody.
        public var anonymousRate: Double?
        /// How many mirrored ledgers are updated at a time.
        public var mirrorUpdates = 4
        /// How many activations of mirrored ledgers wait for their receipts, and how many receipts are kept.
        public var keptActivations = 10_000
        /// How many subjects of one ledger are kept in memory for proofs of completeness.
        public var subjects = 1_000_000
    }

    /// What is written to standard error.
    public struct Logging: Sendable, Equatable {
        /// How the lines look.
        public enum Format: String, Sendable, CaseIterable {
            /// For people.
            case text
            /// A JSON object a line.
            case json
        }

        /// The least severe level: trace, debug, info, notice, warning, error or critical.
        public var level = "info"
        /// How the lines look.
        public var format = Format.text
    }

    /// Where the node listens.
    public var listen = Address()
    /// Its certificate; `nil`: plain HTTP.
    public var tls: TLS?
    /// The URL under which others reach the node; `nil`: where it listens.
    public var url: String?
    /// The directory of everything that the node keeps, absolute.
    public var data = ""
    /// The own ledgers.
    public var ledgers: [OwnLedger] = []
    /// The mirrored ones.
    public var mirrors: [MirroredLedger] = []
    /// Who cosigns what is mirrored; `nil`: nobody.
    public var mirror: Cosigner?
    /// What is witnessed; `nil`: nothing.
    public var witness: Witnessing?
    /// Who cosigns the own checkpoints.
    public var cosigners: [Peer] = []
    /// Whose cosignatures a checkpoint needs before it is shown; `nil`: nobody's.
    public var policy: TrustPolicy?
    /// Monitoring prefixes of others, whose view of the ledgers here is compared with the node's own.
    public var watch: [String] = []
    /// The seconds between two such comparisons.
    public var watchSeconds = 30.0
    /// The directory of the page that verifies in the browser (`verify.html`, `sw.js`); `nil`: a plain page.
    public var page: String?
    /// The directory of batch packs.
    public var packs: String?
    /// What the resolver shows beside the page.
    public var resolver = Resolver()
    /// What verifiers begin with.
    public var trust = Trust()
    /// Further roots of certificates, a PEM file, for partners with a private authority.
    public var trustRoots: String?
    /// What clients may use.
    public var limits = Limits()
    /// What is logged.
    public var logging = Logging()
    /// Whether `/metrics` answers.
    public var metrics = true
}

extension NodeConfiguration {
    /// The mirrored ledgers, each with its directory.
    var mirrorSettings: [MirrorSettings] {
        mirrors.map {
            MirrorSettings(
                key: $0.key,
                urls: $0.urls,
                depth: $0.depth,
                interval: .seconds($0.interval),
                directory: directory(of: $0)
            )
        }
    }

    /// The mirrored ledgers, each with where its own node takes activations.
    var activationTargets: [ActivationDesk.Target] {
        mirrors.map { mirror in
            let derived = mirror.urls.first.flatMap { try? HTTPURL($0) }.map { url in
                "\(url.host.isSecure ? "https" : "http")://\(url.host.header)/activations"
            }
            return .init(key: mirror.key, directory: directory(of: mirror), url: mirror.activations ?? derived)
        }
    }

    /// Where a mirrored ledger is kept.
    func directory(of mirror: MirroredLedger) -> String {
        "\(data)/mirror/\(SHA256.hash(Array(mirror.key.name.utf8)))"
    }
}
