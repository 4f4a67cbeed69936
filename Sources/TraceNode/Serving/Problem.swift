internal import EPCIS
internal import EPCISJSON
internal import HTTPTypes
internal import Hummingbird

/// An error in the form of RFC 9457: `application/problem+json`.
struct Problem: Error, Sendable {
    let status: HTTPResponse.Status
    /// A name that programs go by, as a URI reference.
    var type = "about:blank"
    /// What is wrong.
    let title: String
    /// Where, and the remedy.
    var detail: String?
    var headers = HTTPFields()

    init(
        _ status: HTTPResponse.Status,
        _ title: String,
        detail: String? = nil,
        type: String = "about:blank",
        headers: HTTPFields = HTTPFields()
    ) {
        (self.status, self.title, self.detail, self.type, self.headers) = (status, title, detail, type, headers)
    }

    var response: Response {
        var document: [(String, JSONValue)] = [
            ("type", .text(type)), ("title", .text(title)), ("status", .number(UInt64(status.code))),
        ]
        if let detail { document.append(("detail", .text(detail))) }
        return Response(
            json: JSONValue.object(document),
            status: status,
            type: "application/problem+json",
            headers: headers
        )
    }

    static let notFound = Problem(.notFound, "there is nothing here")

    /// Another method is what this resource has.
    static func method(_ allowed: String) -> Problem {
        Problem(.methodNotAllowed, "this resource has \(allowed)", headers: [.allow: allowed])
    }

    /// Too often, or too much; again after so many seconds.
    static func tooMany(_ title: String, after seconds: Double) -> Problem {
        Problem(.tooManyRequests, title, headers: [.retryAfter: "\(Int(min(86_400, max(1, seconds.rounded(.up)))))"])
    }

    /// The node cannot at the moment.
    static func unavailable(_ title: String, detail: String? = nil, after seconds: Int = 5) -> Problem {
        Problem(.serviceUnavailable, title, detail: detail, headers: [.retryAfter: "\(seconds)"])
    }
}

extension Response {
    /// A JSON document.
    init(
        json: JSONValue,
        status: HTTPResponse.Status = .ok,
        type: String = "application/json",
        headers: HTTPFields = HTTPFields()
    ) {
        self.init(bytes: json.serialized() + [0x0A], type: type, status: status, headers: headers)
    }

    /// Bytes of a media type, never cached unless the headers say so.
    init(bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields()) {
        var headers = headers
        headers[.contentType] = type
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        self.init(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
