internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Synchronization
internal import TraceProof

/// The page that verifies in the browser, as `scripts/page` laid it into one file: read when it changes, compressed once, and
/// allowed to run what it holds and nothing else.
final class VerifyingPage: Sendable {
    private struct Content: Sendable {
        let entityTag: String
        let plain: ByteBuffer
        let gzip: ByteBuffer?
        let policy: String
    }

    /// The directory with `verify.html` and `sw.js`.
    private let directory: String
    private let content = Mutex<Content?>(nil)

    /// The longest page that is served.
    private static let limit = 8 << 20

    init(_ directory: String) { self.directory = directory }

    /// The page; `nil` where the file is not there.
    func response(to headers: HTTPFields, with more: HTTPFields) throws -> Response? {
        guard let content = try current() else { return nil }
        var fields = more.merging(PageHeaders.fields(policy: content.policy))
        (fields[.eTag], fields[.cacheControl]) = (content.entityTag, "no-cache")
        fields[.vary] = more[.vary].map { "\($0), Accept-Encoding" } ?? "Accept-Encoding"
        if headers.hasETag(content.entityTag) { return Response(status: .notModified, headers: fields) }
        fields[.contentType] = "text/html; charset=utf-8"
        guard let gzip = content.gzip, headers.accepts("gzip") else {
            return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: content.plain))
        }
        fields[.contentEncoding] = "gzip"
        return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: gzip))
    }

    /// What keeps the page for later visits.
    func serviceWorker(_ headers: HTTPFields) -> Response? {
        ServedFile("\(directory)/sw.js")?.response(
            to: headers,
            type: "text/javascript; charset=utf-8",
            with: PageHeaders.fields(policy: "default-src 'none'; connect-src 'self'; script-src 'self'")
        )
    }

    private func current() throws -> Content? {
        guard let file = ServedFile("\(directory)/verify.html") else { return nil }
        if let known = content.withLock({ $0 }), known.entityTag == file.entityTag { return known }
        guard let bytes = try file.read(upTo: VerifyingPage.limit) else { return nil }
        let made = Content(
            entityTag: file.entityTag,
            plain: ByteBuffer(bytes: bytes),
            gzip: Gzip.compressed(bytes).map { ByteBuffer(bytes: $0) },
            policy: PageHeaders.policy(of: bytes)
        )
        content.withLock { $0 = made }
        return made
    }
}

/// What a browser is told beside a page.
enum PageHeaders {
    /// The fields: the page loads nothing that `policy` does not name, tells nobody where it was, and may use the camera alone.
    static func fields(policy: String) -> HTTPFields {
        [
            .contentSecurityPolicy: policy, .referrerPolicy: "no-referrer",
            .permissionsPolicy:
                "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), accelerometer=(), gyroscope=()",
            .crossOriginOpenerPolicy: "same-origin", .crossOriginResourcePolicy: "same-origin",
        ]
    }

    /// The policy of a page of one file: its own scripts and styles by their hashes, WebAssembly, its own site, and pictures that
    /// somebody chose.
    static func policy(of page: [UInt8]) -> String {
        let scripts = hashes(of: "script", in: page)
        let styles = hashes(of: "style", in: page)
        return [
            "default-src 'none'", "script-src \((scripts + ["'wasm-unsafe-eval'"]).joined(separator: " "))",
            "style-src \(styles.isEmpty ? "'none'" : styles.joined(separator: " "))", "img-src 'self' data: blob:",
            "media-src blob:", "connect-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'none'",
            "frame-ancestors 'none'",
        ].joined(separator: "; ")
    }

    /// The hashes of the inline elements of this name (CSP 3, `hash-source`).
    private static func hashes(of element: String, in page: [UInt8]) -> [String] {
        let lower = page.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        let (open, close) = (Array("<\(element)".utf8), Array("</\(element)".utf8))
        var (found, place): ([String], Int) = ([], 0)
        while let start = find(open, in: lower, from: place) {
            guard let body = lower[start...].firstIndex(of: UInt8(ascii: ">")).map({ $0 + 1 }),
                let end = find(close, in: lower, from: body)
            else { break }
            found.append("'sha256-\(Base64.encode(SHA256.hash(Array(page[body..<end])).bytes))'")
            place = end + close.count
        }
        return found
    }

    private static func find(_ word: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = word.first else { return nil }
        var place = start
        while let next = bytes[min(place, bytes.count)...].firstIndex(of: first) {
            if bytes[next...].starts(with: word) { return next }
            place = next + 1
        }
        return nil
    }
}

extension HTTPFields {
    /// These fields and others, which take the place of those of their names.
    func merging(_ others: HTTPFields) -> HTTPFields {
        var fields = self
        for field in others { fields[field.name] = field.value }
        return fields
    }
}

extension HTTPField.Name {
    static let permissionsPolicy = HTTPField.Name("Permissions-Policy") ?? .accept
    static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy") ?? .accept
    static let crossOriginResourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy") ?? .accept
}
