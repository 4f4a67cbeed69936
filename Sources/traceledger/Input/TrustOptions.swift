import ArgumentParser
import TraceProof
import TraceSigning
import TraceVerification

/// Whom to believe: what `verify` and `bundle verify` take alike.
struct TrustOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Logs, witnesses and the quorum (C2SP tlog-policy).", valueName: "file"))
    var policy: String?
    @OptionGroup var registry: RegistryOption
    @Option(
        name: .customLong("log-key"),
        help: ArgumentHelp("A ledger's vkey; repeat it for several.", valueName: "vkey"),
        transform: LogKeyOption.read
    )
    var logKeys: [VerifierKey] = []
    @Option(
        name: .customLong("issuer-key"),
        help: ArgumentHelp("A key that speaks for an issuer, or for any; repeat it.", valueName: "[id=]pem")
    )
    var issuerKeys: [IssuerKeyArgument] = []

    /// The files that they name.
    var files: [String] { [policy, registry.registry].compactMap { $0 } }

    /// All that is believed, with the registry once it was verified under the rest.
    func anchors() throws -> TrustAnchors {
        let anchors = TrustAnchors(
            policy: try policy.map(EnrolPackCommand.readPolicy),
            logKeys: logKeys,
            issuerKeys: try issuerKeys.map { TrustAnchors.IssuerKey(issuer: $0.issuer, key: try $0.read()) }
        )
        return try registry.adding(to: anchors)
    }
}
