internal import EPCISJSON
internal import Foundation
internal import GS1
internal import HTTPTypes
internal import TraceStatements

/// What a Digital Link says, and under which URL this node answers it.
struct ResolvedLink: Sendable {
    /// What is identified, and attributes.
    let link: DigitalLink
    /// The path without the query, in its canonical spelling.
    let path: String
    /// The path and the query of the elements: what leads back here.
    let target: String
    /// Scheme and host of this node, as the request or the configuration has them.
    let base: String
    /// `linkType` as the request has it.
    let linkType: String?

    /// The longest path and query that are read.
    static let maximumLength = Stamp.maximumLength

    /// Reads a request's path and query.
    ///
    /// - Throws: ``Problem`` 400 with the place and the remedy, 414 for one that no code has.
    init(target: String, base: String) throws(Problem) {
        guard target.utf8.count <= ResolvedLink.maximumLength else {
            throw Problem(
                .uriTooLong,
                "no code is that long",
                detail: "\(target.utf8.count) bytes, and a code has at most \(ResolvedLink.maximumLength)"
            )
        }
        let stem = "https://resolver.invalid"
        do { link = try DigitalLink(parsing: stem + target) } catch {
            let place = error.position - min(error.position, stem.utf8.count)
            throw Problem(
                .badRequest,
                "this is no GS1 Digital Link",
                detail: "character \(place + 1): \(error.reason). \(error.remedy)"
            )
        }
        let types = link.parameters.filter { $0.name == "linkType" }
        guard types.count <= 1 else { throw Problem(.badRequest, "`linkType` is there twice", detail: "ask for one") }
        linkType = types.first.flatMap { $0.value ?? "" }?.removingPercentEncoding
        let (path, query) = try ResolvedLink.spelled(link)
        (self.path, self.base) = (path, base)
        self.target = query.isEmpty ? path : "\(path)?\(query)"
    }

    /// Path and query of the elements alone.
    private static func spelled(_ link: DigitalLink) throws(Problem) -> (path: String, query: String) {
        do {
            let text = try DigitalLink(link.elements, stem: "https://x").text.dropFirst("https://x".count)
            let parts = text.split(separator: "?", maxSplits: 1)
            return (String(parts.first ?? ""), parts.count > 1 ? String(parts[1]) : "")
        } catch {
            throw Problem(.badRequest, "this is no GS1 Digital Link", detail: "\(error.reason). \(error.remedy)")
        }
    }

    private func value(_ ai: Int) -> String? { link.path.first { $0.ai == ai }?.value }

    /// AI 01.
    var gtin: String { value(1) ?? "" }
    /// AI 10.
    var lot: String? { value(10) }
    /// The item, where there is a serial number.
    var item: ItemIdentity? { ItemIdentity(link.path) }

    /// The name of the lot's pack below `packs`: the GTIN, a hyphen, the lot with all but letters, digits, `-`, `_` and `.`
    /// percent-encoded, `.pack`; `nil` without a lot.
    var packName: String? { lot.map { "\(gtin)-\(ResolvedLink.escaped($0)).pack" } }

    /// A text with all but letters, digits, `-`, `_` and `.` percent-encoded: a part of a file's name or of a query.
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: bytes.append(byte)
            default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A link that the resolver gives.
struct ResolverLink: Sendable {
    let type: LinkType
    /// An absolute URL.
    let href: String
    let title: String
    /// The media type behind it.
    let media: String
    /// The languages of what is for people.
    var languages: [String] = []

    var document: JSONValue {
        var members: [(String, JSONValue)] = [
            ("href", .text(href)), ("title", .text(title)), ("type", .text(media)),
        ]
        if !languages.isEmpty { members.append(("hreflang", .array(languages.map { .text($0) }))) }
        return .object(members)
    }
}

extension ResolvedLink {
    /// The linkset (RFC 9264) in the form of the GS1-Conformant resolver 1.2.
    func linkset(_ links: [ResolverLink]) -> JSONValue {
        var context: [(String, JSONValue)] = [
            ("anchor", .text(base + path)), ("description", .text(ElementString(link.path)?.text ?? "")),
        ]
        for type in LinkType.allCases {
            let own = links.filter { $0.type == type }
            if !own.isEmpty { context.append((type.uri, .array(own.map(\.document)))) }
        }
        return .object([("linkset", .array([.object(context)]))])
    }
}
