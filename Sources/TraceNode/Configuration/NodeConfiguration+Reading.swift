internal import Foundation
internal import TraceLedger
internal import TraceProof
internal import TraceReplication
internal import TraceStatements
internal import Yams

extension NodeConfiguration {
    /// The largest file that is read.
    static let maximumByteCount = 1 << 20

    /// Reads a configuration file. Paths in it are relative to its folder, ledger directories to `data`.
    ///
    /// - Throws: ``ConfigurationProblems`` with everything that is wrong in it.
    public init(file: String) throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ConfigurationProblems(problems: [
                ConfigurationProblem(file: file, line: nil, reason: "it cannot be read")
            ])
        }
        try self.init(
            yaml: String(decoding: data.prefix(NodeConfiguration.maximumByteCount), as: UTF8.self),
            file: file
        )
    }

    init(yaml: String, file: String) throws {
        let list = ProblemList(file)
        do {
            if let root = try Yams.compose(yaml: yaml) {
                read(ConfigurationFields(root, "", list), URL(filePath: file).deletingLastPathComponent())
            } else {
                list.note(nil, "it is empty: Docs/Node.md has an example")
            }
        } catch let error as YamlError { list.note(nil, "not YAML: \(error)") }
        if list.problems.isEmpty { check(list) }
        guard list.problems.isEmpty else { throw ConfigurationProblems(problems: list.problems) }
    }

    private mutating func read(_ root: ConfigurationFields, _ folder: URL) {
        if let text = root.text("listen") { listen = NodeConfiguration.address(text, root) ?? listen }
        if let fields = root.fields("tls") {
            // Half of it must not become plain HTTP.
            if let certificate = fields.required("certificate"), let key = fields.required("key") {
                tls = TLS(
                    certificate: NodeConfiguration.absolute(certificate, folder),
                    key: NodeConfiguration.absolute(key, folder)
                )
            }
            fields.end()
        }
        url = root.url("url")
        data = root.path("data", in: folder) ?? ""
        for fields in root.list("ledgers") { if let ledger = ownLedger(fields, folder) { ledgers.append(ledger) } }
        for fields in root.list("mirrors") { if let ledger = mirrored(fields) { mirrors.append(ledger) } }
        mirror = root.fields("mirror").flatMap { cosigner($0, folder, ends: true) }
        if let fields = root.fields("witness") {
            let keys = fields.texts("ledgers").compactMap { fields.key("ledgers", $0) }
            if let own = cosigner(fields, folder, ends: false) { witness = Witnessing(cosigner: own, ledgers: keys) }
            fields.end()
        }
        for fields in root.list("cosigners") { if let peer = peer(fields) { cosigners.append(peer) } }
        if let path = root.path("policy", in: folder) { policy = NodeConfiguration.readPolicy(path, root) }
        watch = root.texts("watch").compactMap { root.checkedURL("watch", $0) }
        watchSeconds = root.number("watchSeconds", in: 0.1...86_400, default: watchSeconds)
        trustRoots = root.path("trustRoots", in: folder)
        readResolver(root, folder)
        if let fields = root.fields("limits") { readLimits(fields) }
        if let fields = root.fields("logging") {
            logging.level = fields.text("level") ?? logging.level
            if !["trace", "debug", "info", "notice", "warning", "error", "critical"].contains(logging.level) {
                fields.note(
                    "level",
                    "\(logging.level) is no level: trace, debug, info, notice, warning, error or critical"
                )
            }
            logging.format = fields.choice("format", default: logging.format)
            fields.end()
        }
        metrics = root.flag("metrics", default: true)
        root.end()
    }

    private mutating func readLimits(_ fields: ConfigurationFields) {
        let standard = Limits()
        limits = Limits(
            connections: fields.integer("connections", in: 1...1_000_000, default: standard.connections),
            connectionsPerAddress: fields.integer(
                "connectionsPerAddress",
                in: 1...1_000_000,
                default: standard.connectionsPerAddress
            ),
            headerSeconds: fields.number("headerSeconds", in: 1...3600, default: standard.headerSeconds),
            requestSeconds: fields.number("requestSeconds", in: 1...86_400, default: standard.requestSeconds),
            documentBytes: fields.integer("documentBytes", in: 1024...1 << 30, default: standard.documentBytes),
            cacheBytes: fields.integer("cacheBytes", in: 0...1 << 40, default: standard.cacheBytes),
            anonymousRate: fields.number("anonymousRate", in: 0...1e9),
            mirrorUpdates: fields.integer("mirrorUpdates", in: 1...256, default: standard.mirrorUpdates),
            keptActivations: fields.integer("keptActivations", in: 0...1_000_000, default: standard.keptActivations),
            subjects: fields.integer("subjects", in: 0...1 << 40, default: standard.subjects)
        )
        fields.end()
    }

    private func ownLedger(_ fields: ConfigurationFields, _ folder: URL) -> OwnLedger? {
        defer { fields.end() }
        let (path, origin) = (fields.required("path"), fields.required("origin"))
        let directory =
            fields.path("directory", in: URL(filePath: data, directoryHint: .isDirectory))
            ?? path.map { "\(data)/\($0)" }
        let key = fields.required("key").map { NodeConfiguration.absolute($0, folder) }
        let admission = NodeConfiguration.admission(fields)
        let capture = fields.fields("capture").flatMap { NodeConfiguration.capture($0, folder) }
        let tokens = fields.list("tokens").compactMap { NodeConfiguration.token($0, folder) }
        let activations = fields.flag("activations", default: true)
        let mapRootSeconds = fields.number("mapRootSeconds", in: 0...31_536_000, default: 60)
        guard let path, let origin, let directory, let key else { return nil }
        return OwnLedger(
            path: path,
            origin: origin,
            directory: directory,
            key: key,
            admission: admission,
            capture: capture,
            tokens: tokens,
            activations: activations,
            mapRootSeconds: mapRootSeconds
        )
    }

    private static func admission(_ fields: ConfigurationFields) -> Admission {
        let names = fields.texts("admission")
        if names == ["any"] { return .any }
        let issuers = names.filter { $0 != "registry" }
        for issuer in issuers {
            guard let problem = PartyIdentifier.problem(in: issuer) else { continue }
            fields.note("admission", "\(issuer): \(problem); `any` stands alone, `registry` beside others")
        }
        return names.isEmpty ? .closed : .statements(issuers: issuers, registry: names.contains("registry"))
    }

    private static func capture(_ fields: ConfigurationFields, _ folder: URL) -> Capture? {
        defer { fields.end() }
        let (issuer, key) = (fields.required("issuer"), fields.required("key"))
        let validation = fields.choice("validate", default: Validation.strict)
        guard let issuer, let key else { return nil }
        if let problem = PartyIdentifier.problem(in: issuer) { fields.note("issuer", "\(issuer): \(problem)") }
        return Capture(issuer: issuer, key: absolute(key, folder), validation: validation)
    }

    static func token(_ fields: ConfigurationFields, _ folder: URL) -> Token? {
        defer { fields.end() }
        let name = fields.required("name")
        let (file, variable) = (fields.path("file", in: folder), fields.text("environment"))
        let rate = fields.number("rate", in: 0...1e9, default: 0)
        let quota = fields.integer("quota", in: 0...Int.max, default: 0)
        if (file == nil) == (variable == nil) {
            fields.note("", "say with `file` or with `environment` where the token is, and never the token itself")
        }
        guard let name, let secret = file.map(Secret.file) ?? variable.map(Secret.environment) else { return nil }
        return Token(name: name, secret: secret, rate: rate > 0 ? rate : nil, quota: quota > 0 ? UInt64(quota) : nil)
    }

    private func mirrored(_ fields: ConfigurationFields) -> MirroredLedger? {
        defer { fields.end() }
        let text = fields.required("vkey")
        let urls = fields.texts("url").compactMap { fields.checkedURL("url", $0) }
        let depth = fields.choice("depth", default: CheckDepth.chains)
        let interval = fields.number("interval", in: 0.1...86_400, default: 10)
        let origin = fields.text("origin")
        let activations = fields.url("activations")
        guard let key = text.flatMap({ fields.key("vkey", $0) }) else { return nil }
        if key.publicKey == nil || key.type == .cosignature {
            fields.note("vkey", "this is not a ledger's key (type 0x01)")
        }
        if let origin, !origin.hasSameUTF8(as: key.name) { fields.note("origin", "the key's name is \(key.name)") }
        return MirroredLedger(key: key, urls: urls, depth: depth, interval: interval, activations: activations)
    }

    private func cosigner(_ fields: ConfigurationFields, _ folder: URL, ends: Bool) -> Cosigner? {
        defer { if ends { fields.end() } }
        guard let name = fields.required("name"), let key = fields.required("key") else { return nil }
        return Cosigner(name: name, key: NodeConfiguration.absolute(key, folder))
    }

    private func peer(_ fields: ConfigurationFields) -> Peer? {
        defer { fields.end() }
        let (text, url) = (fields.required("vkey"), fields.required("url").flatMap { fields.checkedURL("url", $0) })
        let monitoring = fields.url("monitoring")
        let role = fields.text("role") ?? "witness"
        guard let key = text.flatMap({ fields.key("vkey", $0) }), let url else { return nil }
        if key.type != .cosignature { fields.note("vkey", "this is not a cosigner's key (type 0x04)") }
        guard let role = TraceReplication.Cosigner.Role(rawValue: role) else {
            fields.note("role", "\(role) is neither witness nor mirror")
            return nil
        }
        return Peer(key: key, url: url, monitoring: monitoring, role: role)
    }

    private static func readPolicy(_ path: String, _ fields: ConfigurationFields) -> TrustPolicy? {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            fields.note("policy", "\(path) cannot be read")
            return nil
        }
        do { return try TrustPolicy(bytes: [UInt8](bytes)) } catch {
            fields.note("policy", "\(path): \(error)")
            return nil
        }
    }

    /// `HOST:PORT`, `[V6]:PORT`, or a port alone on loopback.
    private static func address(_ text: String, _ fields: ConfigurationFields) -> Address? {
        let colon = text.lastIndex(of: ":")
        var host = colon.map { String(text[..<$0]) } ?? "127.0.0.1"
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard let port = Int(colon.map { text[text.index(after: $0)...] } ?? text[...]), (0...65_535).contains(port),
            !host.isEmpty
        else {
            fields.note("listen", "\(text): an address and a port belong here, such as 127.0.0.1:8080")
            return nil
        }
        return Address(host: host, port: port)
    }

    static func absolute(_ path: String, _ folder: URL) -> String {
        URL(filePath: path, relativeTo: folder).standardizedFileURL.path(percentEncoded: false)
    }
}

extension ConfigurationFields {
    /// A path, made absolute.
    func path(_ key: String, in folder: URL) -> String? {
        text(key).map { NodeConfiguration.absolute($0, folder) }
    }

    /// A URL without the slash at its end.
    func url(_ key: String) -> String? { text(key).flatMap { checkedURL(key, $0) } }

    func checkedURL(_ key: String, _ text: String) -> String? {
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false,
            url.query() == nil, url.fragment() == nil, url.user() == nil
        else {
            note(key, "\(text) is no http or https URL of a host and a path")
            return nil
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// A verifier key.
    func key(_ name: String, _ text: String) -> VerifierKey? {
        do { return try VerifierKey(text: text) } catch {
            note(name, "\(text): \(error)")
            return nil
        }
    }
}
