internal import NIOCore

/// An absolute URL that the node may fetch, read strictly (RFC 3986, RFC 9110 section 4.2): `http` or `https`, a host, and
/// nothing that two programs could read in two ways.
///
/// Refused are user names and passwords, fragments, dot segments, numbers that are no IPv4 address in its usual form, and
/// every byte that a URL does not have: names beyond ASCII are written as punycode.
struct HTTPURL: Hashable, Sendable {
    /// Where a connection leads.
    struct Host: Hashable, Sendable {
        let isSecure: Bool
        /// A name in small letters, or an address without brackets.
        let name: String
        let port: Int

        /// As the `Host` field has it.
        var header: String {
            let name = self.name.utf8.contains(UInt8(ascii: ":")) ? "[\(self.name)]" : self.name
            return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
        }

        /// Whether this is an address: TLS does not send one as a server name, and certificates list it apart.
        var isAddress: Bool { (try? SocketAddress(ipAddress: name, port: port)) != nil }
    }

    /// As it was given.
    let text: String
    let host: Host
    /// Path and query, as the request line has them.
    let target: String

    private static let maximumLength = 4096

    /// Reads a URL.
    init(_ text: String) throws(HTTPFailure) {
        func refuse(_ reason: String) -> HTTPFailure {
            HTTPFailure(
                text.utf8.count > 200 ? "\(text.prefix(200))…" : text,
                .url,
                "not a URL that this node fetches: \(reason)",
                remedy: "write it as https://host/path",
                retry: false
            )
        }
        let bytes = Array(text.utf8)
        guard bytes.count <= HTTPURL.maximumLength else { throw refuse("it has \(bytes.count) bytes") }
        if let wrong = bytes.first(where: { !HTTPURL.isAllowed($0) }) {
            throw refuse("the byte \(wrong) must be percent-encoded")
        }
        let scheme = text.prefix(8).lowercased()
        let isSecure = scheme == "https://"
        guard isSecure || scheme.hasPrefix("http://") else { throw refuse("its scheme is not http or https") }
        let rest = bytes.dropFirst(isSecure ? 8 : 7)
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        guard let host = HTTPURL.host(rest[..<end], isSecure: isSecure) else {
            throw refuse("\(String(decoding: rest[..<end], as: UTF8.self)) is not a host, or a host and a port")
        }
        let target = rest[end...]
        guard HTTPURL.isTarget(target) else { throw refuse("its path has dot segments or a bad percent-encoding") }
        self.text = text
        self.host = host
        let path = String(decoding: target, as: UTF8.self)
        self.target = path.hasPrefix("/") ? path : "/\(path)"
    }

    /// A printable byte that RFC 3986 has; `#` starts a fragment, which no server sees, so it is not one here.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"),
            UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            false
        default: byte > 0x20 && byte < 0x7F
        }
    }

    private static func host(_ authority: ArraySlice<UInt8>, isSecure: Bool) -> Host? {
        var name = authority
        var port = isSecure ? 443 : 80
        if authority.first == UInt8(ascii: "[") {
            guard let close = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            name = authority[..<authority.index(after: close)]
        } else if let colon = authority.firstIndex(of: UInt8(ascii: ":")) {
            name = authority[..<colon]
        }
        if name.endIndex < authority.endIndex {
            let digits = authority[name.endIndex...].dropFirst()
            guard authority[name.endIndex] == UInt8(ascii: ":"), digits.count <= 5, digits.allSatisfy(isDigit),
                let number = UInt16(String(decoding: digits, as: UTF8.self)), number > 0
            else { return nil }
            port = Int(number)
        }
        let text = String(decoding: name, as: UTF8.self).lowercased()
        if name.first == UInt8(ascii: "[") {
            let address = String(text.dropFirst().dropLast())
            guard !text.contains("%"), case .v6? = try? SocketAddress(ipAddress: address, port: port) else {
                return nil
            }
            return Host(isSecure: isSecure, name: address, port: port)
        }
        return isName(text, port) ? Host(isSecure: isSecure, name: text, port: port) : nil
    }

    private static func isName(_ text: String, _ port: Int) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isSpelled = labels.allSatisfy { label in
            !label.isEmpty && label.count <= 63 && label.first != UInt8(ascii: "-")
                && label.allSatisfy {
                    isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                }
        }
        guard isSpelled, text.utf8.count <= 253, let last = labels.last else { return false }
        // What the system would take for an address (127.1, 0x7f000001) must be one that everybody reads alike.
        guard last.allSatisfy(isDigit) || last.starts(with: "0x".utf8) else { return true }
        guard case .v4? = try? SocketAddress(ipAddress: text, port: port) else { return false }
        return labels.allSatisfy { $0.count == 1 || $0.first != UInt8(ascii: "0") }
    }

    private static func isTarget(_ target: ArraySlice<UInt8>) -> Bool {
        var rest = target
        while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
            guard rest[percent...].dropFirst().prefix(2).count(where: isHexDigit) == 2 else { return false }
            rest = rest[percent...].dropFirst(3)
        }
        let path = target.prefix { $0 != UInt8(ascii: "?") }
        return path.split(separator: UInt8(ascii: "/")).allSatisfy { segment in
            let plain = String(decoding: segment, as: UTF8.self).lowercased().split(
                separator: "%2e",
                omittingEmptySubsequences: false
            )
            .joined(separator: ".")
            return plain != "." && plain != ".."
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    private static func isLetter(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
    }
}
