import ArgumentParser
import TraceProof
import TraceSigning
import TraceVerification

/// `--registry` and `--max-age`, shared by all commands that ask whose key is whose.
struct RegistryOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("A registry pack: whose key is whose, since when, until when.", valueName: "pack")
    )
    var registry: String?
    @Option(
        name: .customLong("max-age"),
        help: ArgumentHelp("How old the registry may be: a number with s, m, h or d.", valueName: "duration"),
        transform: RegistryOption.seconds
    )
    var maximumAge: UInt64?

    @Option(
        name: .customLong("registry-origin"),
        help: ArgumentHelp("The registry to believe where a bundle brings its pack along.", valueName: "origin")
    )
    var registryOrigin: String?

    func validate() throws {
        if maximumAge != nil, registry == nil, registryOrigin == nil {
            throw ValidationError("--max-age is about the pack of --registry")
        }
        if registryOrigin != nil, registry != nil {
            throw ValidationError("--registry and --registry-origin: which of them is to be believed?")
        }
    }

    /// `90s`, `30m`, `12h` or `7d` in seconds.
    static func seconds(_ text: String) throws -> UInt64 {
        let units: [Character: UInt64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = UInt64(text.dropLast()),
            case let (seconds, overflow) = count.multipliedReportingOverflow(by: unit), !overflow
        else { throw ValidationError("a duration is a number with s, m, h or d behind it, e.g. 7d") }
        return seconds
    }

    /// The same anchors with the registry of the pack, once it was verified under them.
    func adding(to anchors: TrustAnchors) throws -> TrustAnchors {
        var anchors = anchors
        (anchors.registryOrigin, anchors.maximumRegistryAge) = (registryOrigin, maximumAge)
        guard let path = registry else { return anchors }
        anchors.registry = try EnrolPackCommand.verify(EnrolPackCommand.read(path), anchors, name: path)
        return anchors
    }
}
