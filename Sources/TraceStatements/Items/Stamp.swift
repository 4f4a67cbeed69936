public import GS1
public import TraceProof

/// The code on the pack (formats.md section 5): a GS1 Digital Link whose private key `S` is the kid and the signature of
/// whoever issued exactly this identity.
///
/// ```swift
/// let stamp = try Stamp(parsing: scanned)
/// print(stamp.elementString)  // (01)09506000134352(10)ABC123(21)K7Q2M9(17)261231
/// ```
/// What is signed are the elements alone. Host, its case and the order of attributes are not: a dead domain does not kill a
/// code, and whoever serves the domain does not decide what the code says.
public struct Stamp: Hashable, Sendable {
    /// The name of the private key.
    public static let parameter = "S"
    /// How many characters its value has: base32 of kid and signature.
    public static let valueLength = 116
    /// The most bytes of a code.
    public static let maximumLength = 2048
    /// The AI that says for which market an item was made, as an ISO 3166-1 alpha-2 code: company-internal information, since
    /// GS1 has no AI for it that may stand beside a GTIN alone.
    public static let marketAI = 91

    /// Key and qualifiers in the order of the path, then the attributes in the order of their AIs.
    public let elements: [Element]
    /// The kid of the key that signed.
    public let keyID: KeyID
    /// The signature over ``message(of:)``.
    public let signature: Signature

    /// The stamp on these elements, in any order.
    ///
    /// - Throws: ``FormatError`` for elements that no stamp may have (``order(_:)``).
    public init(elements: [Element], keyID: KeyID, signature: Signature) throws(FormatError) {
        self.elements = try Stamp.order(elements)
        (self.keyID, self.signature) = (keyID, signature)
    }

    /// Reads the text of a code.
    ///
    /// - Throws: ``FormatError`` for anything but an `http(s)` Digital Link of a GTIN whose values are what GS1 allows, with
    ///   exactly one canonical `S`, and nothing else that is not signed but `linkType` and `context`, which only a resolver reads.
    public init(parsing text: String) throws(FormatError) {
        guard text.utf8.count <= Stamp.maximumLength else {
            throw Stamp.refusal("\(text.utf8.count) bytes, and a code has at most \(Stamp.maximumLength)")
        }
        let link: DigitalLink
        do { link = try DigitalLink(parsing: text) } catch {
            throw FormatError("stamp", at: .offset(error.position), telling: "\(error.reason). \(error.remedy)")
        }
        guard link.fragment == nil else { throw Stamp.refusal("a part behind #, which nothing signs: take it away") }
        var value: String?
        for parameter in link.parameters {
            if parameter.name.hasSameUTF8(as: "linkType") || parameter.name.hasSameUTF8(as: "context") { continue }
            guard parameter.name.hasSameUTF8(as: Stamp.parameter) else {
                throw Stamp.refusal("the parameter \(parameter.name) is not signed: take it away")
            }
            guard value == nil else { throw Stamp.refusal("two signatures (S)") }
            value = parameter.value ?? ""
        }
        guard let value else {
            throw Stamp.refusal("there is no signature (S): this is a plain GS1 Digital Link, which anybody can make")
        }
        guard value.utf8.count == Stamp.valueLength, let bytes = Base32.decode(Array(value.utf8)),
            let keyID = KeyID(bytes[..<KeyID.byteCount]), let signature = Signature(bytes[KeyID.byteCount...])
        else {
            throw Stamp.refusal(
                "the signature (S) is not \(Stamp.valueLength) characters of canonical upper-case base32: the code was cut or "
                    + "altered"
            )
        }
        try self.init(elements: link.elements, keyID: keyID, signature: signature)
    }

    /// The order in which elements are signed: the path's, then attributes by their numbers.
    ///
    /// - Throws: ``FormatError`` where there is no GTIN (01), where a value is not what GS1 allows, where AIs may not stand
    ///   together, and for a market that is no country.
    public static func order(_ elements: [Element]) throws(FormatError) -> [Element] {
        let link: DigitalLink
        do {
            link = try DigitalLink(elements)
            try ElementString(link.elements)?.checkAssociations()
        } catch { throw refusal(error.description) }
        guard link.path.first?.ai == 1 else { throw refusal("a stamp is on a GTIN (01)") }
        if let market = link.attributes.first(where: { $0.ai == marketAI })?.value {
            guard market.utf8.count == 2, market.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
                throw refusal("(\(marketAI)) is the market, two capital letters of ISO 3166-1, not \(market)")
            }
        }
        return link.path + link.attributes.sorted { $0.ai < $1.ai }
    }

    /// The bytes that are signed for elements in their order: `traceledger/stamp/v1`, a line feed, and the element string.
    public static func message(of elements: [Element]) -> [UInt8] {
        Array("traceledger/stamp/v1\n".utf8) + Array((ElementString(elements)?.text ?? "").utf8)
    }

    /// The bytes that ``signature`` is over.
    public var signedBytes: [UInt8] { Stamp.message(of: elements) }

    /// The elements as a canonical element string.
    public var elementString: String { ElementString(elements)?.text ?? "" }

    /// The code's text for a host, upper-case in scheme and host so that QR codes stay small.
    ///
    /// - Throws: ``FormatError`` for a host that cannot stand in a URI.
    public func uri(host: String) throws(FormatError) -> String {
        let upper = String(decoding: host.utf8.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
        do {
            return try DigitalLink(
                elements,
                stem: "HTTPS://" + upper,
                parameters: [.init(name: Stamp.parameter, value: Base32.encode(keyID.bytes + signature.bytes))]
            ).text
        } catch { throw Stamp.refusal("the host \(host): \(error.description)") }
    }

    /// The value of one AI; `nil` where the stamp does not have it.
    public func value(ofAI ai: Int) -> String? { elements.first { $0.ai == ai }?.value }

    /// AI 01.
    public var gtin: String { elements[0].value }
    /// AI 10.
    public var lot: String? { value(ofAI: 10) }
    /// AI 21.
    public var serial: String? { value(ofAI: 21) }
    /// AI 17, `YYMMDD`.
    public var expiry: String? { value(ofAI: 17) }
    /// The market, an ISO 3166-1 alpha-2 code.
    public var market: String? { value(ofAI: Stamp.marketAI) }
    /// The item, where the stamp has a serial number.
    public var item: ItemIdentity? { ItemIdentity(elements) }

    private static func refusal(_ reason: String) -> FormatError { FormatError("stamp", at: .whole, telling: reason) }
}

#if !hasFeature(Embedded)
extension Stamp {
    /// Signs an identity.
    ///
    /// - Throws: ``FormatError`` for elements that no stamp may have; whatever `signer` throws.
    public static func sign(_ elements: [Element], with signer: any Signer) async throws -> Stamp {
        let elements = try order(elements)
        let signature = try await signer.signature(for: message(of: elements))
        return try Stamp(elements: elements, keyID: KeyID(of: signer.publicKey), signature: signature)
    }
}
#endif
