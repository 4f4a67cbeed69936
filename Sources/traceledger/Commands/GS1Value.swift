import ArgumentParser
import GS1

/// A GS1 identifier that somebody typed, scanned or read from a tag: what it is spelt as, and what it says.
struct GS1Value {
    /// A spelling. The raw value is what `--as` takes and JSON says.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case elementString = "element-string"
        case scanData = "scan-data"
        case digitalLink = "digital-link"
        case compressedLink = "compressed-link"
        case urn
        case epcBinary = "epc-binary"

        /// All of them, for messages.
        static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
    }

    let kind: Kind
    /// In the order of the input; empty for a general identifier (GID), which is no GS1 key.
    let elements: [Element]
    /// How many digits the company prefix has, where the spelling tells it.
    var companyPrefixLength: Int?
    /// The Digital Link, where it is spelt as one.
    var link: DigitalLink?
    /// What a tag holds, where it is spelt as one.
    var tag: EPCBinary?
    /// The symbology that was scanned, where the scanner said so.
    var symbology: SymbologyIdentifier?

    private init(_ kind: Kind, _ elements: [Element]) {
        self.kind = kind
        self.elements = elements
    }

    /// The Digital Link of all elements. Throws where they have none, e.g. without a key.
    func digitalLink() throws(GS1Error) -> DigitalLink { if let link { link } else { try DigitalLink(elements) } }

    /// The canonical Digital Link behind any stem, which has the same order and escapes behind each.
    func canonicalLink(stem: String? = nil) throws(GS1Error) -> String {
        let link = try digitalLink()
        guard let stem else { return link.canonical }
        // Also checks the stem, and takes the slash from its end.
        let checked = try DigitalLink(link.path, stem: stem).stem
        return checked + link.canonical.dropFirst(DigitalLink.canonicalStem.count)
    }

    /// The EPC URN; nil where there is none for this key, or the length is not known.
    func urn(companyPrefixLength length: Int?) -> String? {
        if let tag, tag.generalIdentifier != nil { return tag.identifier?.text }
        guard let length, let path = try? digitalLink().path else { return nil }
        return Identifier(elements: path, form: .urn(companyPrefixLength: length))?.text
    }

    /// A character as it may go to a terminal; the separator of scan data as `^`.
    static func shown(_ character: Character) -> String {
        if character == "\u{1D}" { return "^" }
        return character.unicodeScalars.contains { $0.properties.generalCategory == .control } ? "?" : String(character)
    }
}

extension GS1Value {
    /// Reads a value.
    ///
    /// - Parameters:
    ///   - kind: what it is; without it that is told from the text.
    ///   - strict: whether older and sloppier spellings of Digital Link, which can be read, are refused.
    /// - Throws: ``GS1Problem`` for what is wrong, `CommandFailure` for what is no GS1 identifier or two.
    init(reading text: String, as kind: Kind?, strict: Bool = false) throws {
        switch try kind ?? Kind(of: text) {
        case .elementString:
            self.init(
                .elementString,
                try GS1Problem.of { () throws(GS1Error) in
                    try ElementString(bracketed: text).elements
                }
            )
        case .scanData: try self.init(scan: text, strict: strict)
        case .digitalLink: try self.init(link: text, strict: strict)
        case .compressedLink: try self.init(compressed: text)
        case .urn: try self.init(urn: text)
        case .epcBinary:
            try self.init(
                tag: try GS1Problem.of(text) { () throws(EPCBinaryError) in
                    try EPCBinary(hexadecimal: text)
                }
            )
        }
    }

    private init(scan text: String, strict: Bool) throws {
        let scan: ScanData
        do { scan = try ScanData(Self.transmission(text), allowing: strict ? [] : .all) } catch {
            switch error.code {
            // Not wrong, but nobody can tell what it says.
            case .ambiguousScan:
                throw CommandFailure(.usage, "\(error.reason). \(error.remedy) ]E0 in front means a GTIN, ^ elements")
            case .unknownSymbology, .malformedSymbologyIdentifier:
                throw CommandFailure(.usage, "\(error)")
            default: throw GS1Problem(error)
            }
        }
        guard !scan.elements.isEmpty else { throw GS1Value.unknown }
        self.init(.scanData, scan.elements)
        if case .digitalLink(let link) = scan.content { self.link = link }
        symbology = scan.symbology
    }

    /// Scan data with separators. No value can hold ^, so it may stand for one, which is hard to type.
    static func transmission(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 == 0x5E ? 0x1D : $0 }, as: UTF8.self)
    }

    private init(link text: String, strict: Bool) throws {
        let link = try GS1Problem.of { () throws(GS1Error) in
            try DigitalLink(parsing: text, allowing: strict ? [] : .all)
        }
        self.init(.digitalLink, link.elements)
        self.link = link
    }

    private init(compressed text: String) throws {
        let path = text.prefix { $0 != "?" && $0 != "#" }
        let segment = String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
        let tag: EPCBinary
        do { tag = try EPCBinary(compressed: segment) } catch {
            // Many a word begins like this; where not even the header is right, it is one.
            guard error.bit != 0 else { throw GS1Value.unknown }
            throw GS1Problem(error, in: segment)
        }
        self.init(.compressedLink, tag.elements + tag.data)
        if segment.utf8.count < text.utf8.count {
            let expanded = try GS1Problem.of(segment) { () throws(EPCBinaryError) in try EPCBinary.expand(text) }
            link = try GS1Problem.of { () throws(GS1Error) in
                try DigitalLink(parsing: expanded, allowing: .unknownAttributes)
            }
        }
        companyPrefixLength = tag.companyPrefixLength
        self.tag = tag
    }

    private init(urn text: String) throws {
        let identifier = Identifier(text)
        if identifier.elements.isEmpty, let tag = try? EPCBinary(identifier, scheme: .gid96) {
            self.init(.urn, [])
            self.tag = tag
            return
        }
        do throws(GS1Error) { try Identifier.checkURN(text) } catch {
            throw error.code == .notAGS1Scheme ? GS1Value.unknown : GS1Problem(error)
        }
        self.init(.urn, identifier.elements)
        // Counted in the text: of one with small hexadecimal digits the form does not tell.
        companyPrefixLength = text.split(separator: ":", omittingEmptySubsequences: false)[4].prefix { $0 != "." }.count
    }

    private init(tag: EPCBinary) throws {
        self.init(.epcBinary, tag.elements + tag.data)
        companyPrefixLength = tag.companyPrefixLength
        self.tag = tag
    }
}

extension GS1Value.Kind {
    /// What a text is spelt as, which its characters tell, not whether it is right.
    init(of text: String) throws {
        let bytes = Array(text.utf8)
        func begins(_ prefix: String) -> Bool { text.lowercased().hasPrefix(prefix) }
        if begins("(") {
            self = .elementString
        } else if begins("urn:epc:") {
            self = .urn
        } else if begins("http://") || begins("https://") {
            self = try GS1Value.Kind(ofURI: text)
        } else if begins("]") || bytes.contains(0x1D) || begins("^") {
            self = .scanData
        } else if begins("eh") || begins("ex") {
            self = .compressedLink
        } else {
            self = try GS1Value.Kind(ofBare: text)
        }
    }

    private init(ofURI text: String) throws {
        do { _ = try DigitalLink(parsing: text, allowing: .all) } catch {
            guard error.code == .noPrimaryKey || error.code == .uriHost else {
                self = .digitalLink
                return
            }
            let path = text.prefix { $0 != "?" && $0 != "#" }.split(separator: "/", omittingEmptySubsequences: false)
            guard let segment = path.dropFirst(3).last, segment.hasPrefix("eh") || segment.hasPrefix("ex") else {
                throw GS1Value.unknown
            }
            self = .compressedLink
            return
        }
        self = .digitalLink
    }

    /// Digits and letters alone may be scan data or the memory of a tag. Where they are both, nobody can tell.
    private init(ofBare text: String) throws {
        let isHexadecimal = !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isHexDigit }
        let isTag = isHexadecimal && (try? EPCBinary(hexadecimal: text)) != nil
        let isScan = (try? ScanData(GS1Value.transmission(text))) != nil
        switch (isTag, isScan) {
        case (true, true):
            throw CommandFailure(
                .usage,
                "this can be read as scan data and as the memory of a tag: choose with --as scan-data or --as epc-binary"
            )
        case (true, false): self = .epcBinary
        case (false, true): self = .scanData
        case (false, false):
            // Which of the two is wrong? A tag begins with a header, scan data with an application identifier.
            let header = UInt8(text.prefix(2), radix: 16).flatMap(EPCBinary.Scheme.init(rawValue:))
            if isHexadecimal, header != nil, text.contains(where: \.isLetter) {
                self = .epcBinary
            } else if GS1Value.beginsWithAI(text) {
                self = .scanData
            } else {
                throw GS1Value.unknown
            }
        }
    }
}

extension GS1Value {
    /// What to say of text that is nothing of GS1.
    fileprivate static var unknown: CommandFailure {
        CommandFailure(
            .usage,
            "this is no GS1 identifier in a spelling that is known; write it as (01)09506000134352, "
                + "https://id.gs1.org/01/09506000134352, urn:epc:id:sgtin:9506000.013435.1, as scanned, or as the "
                + "hexadecimal memory of a tag"
        )
    }

    /// Whether the first two to four digits are an application identifier and something follows.
    fileprivate static func beginsWithAI(_ text: String) -> Bool {
        (2...4).contains { length in
            let digits = text.prefix(length)
            guard digits.count == length, text.count > length, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
                length == 2 || digits.first != "0"
            else { return false }
            return Int(digits).flatMap(ApplicationIdentifier.init) != nil
        }
    }
}

extension DigitalLink.Leniency {
    /// Everything that can be read.
    fileprivate static let all: Self = [.shortNames, .shortGTINs, .unknownAttributes]
}
