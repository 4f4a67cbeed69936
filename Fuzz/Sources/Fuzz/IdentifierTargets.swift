import GS1
import TraceProof

/// The spellings of identifiers.
let identifierTargets: [FuzzTarget] = [
    FuzzTarget(name: "Identifier") { input in
        let text = String(decoding: input, as: UTF8.self)
        let identifier = Identifier(text)
        if !identifier.text.hasSameUTF8(as: text) { finding("an identifier lost its text") }
        _ = identifier.elementString(classLevel: true)
        if identifier.form != .verbatim {
            let again = Identifier(elements: identifier.elements, form: identifier.form)
            if again?.text.hasSameUTF8(as: text) != true { finding("an identifier's elements do not give its text") }
        }
        if let elements = ElementString(text), !elements.text.hasSameUTF8(as: text) {
            finding("an element string changes when rewritten")
        }
        let errors = ElementString.errors(bracketed: text)
        if errors.isEmpty != ((try? ElementString(bracketed: text)) != nil) { finding("errors and reader disagree") }
        do throws(GS1Error) {
            try Identifier.checkURN(text)
            if identifier.elements.isEmpty { finding("an EPC URN without a fault is not read") }
        } catch {
            if error.position < 0 || error.length < 0 || error.position + error.length > input.count {
                // Bytes that are no UTF-8 grow in the text.
                if String(validating: input, as: UTF8.self) != nil { finding("a fault lies outside the text") }
            }
        }
    },
    FuzzTarget(name: "DigitalLink") { input in
        let text = String(decoding: input, as: UTF8.self)
        for leniency: DigitalLink.Leniency in [[], [.shortNames, .shortGTINs, .unknownAttributes]] {
            guard let link = try? DigitalLink(parsing: text, allowing: leniency) else { continue }
            // Escapes and their order are the author's: what is written again must mean the same.
            guard (try? DigitalLink(parsing: link.text, allowing: leniency)) == link else {
                finding("a Digital Link changes when rewritten")
            }
            _ = ElementString(link.elements)?.associationErrors
            let canonical = link.canonical
            guard let again = try? DigitalLink(parsing: canonical, allowing: leniency),
                again.canonical.hasSameUTF8(as: canonical)
            else { finding("a canonical Digital Link is not canonical") }
        }
        _ = try? EPCBinary.expand(text)
    },
    FuzzTarget(name: "ScanData") { input in
        let text = String(decoding: input, as: UTF8.self)
        if let elements = try? ElementString(unbracketed: text) {
            guard (try? ElementString(unbracketed: elements.unbracketed)) == elements else {
                finding("an element string changes when it is written without brackets")
            }
            _ = elements.associationErrors
        }
        let errors = ElementString.errors(unbracketed: text)
        if errors.isEmpty != ((try? ElementString(unbracketed: text)) != nil) { finding("errors and reader disagree") }
        guard let scan = try? ScanData(text) else { return }
        do throws(GS1Error) {
            if try ScanData(scan.transmission) != scan { finding("scan data change when rewritten") }
        } catch {
            // A separator at an end, which said that this is no GTIN, is not written again.
            if error.code != .ambiguousScan { finding("our own scan data are refused") }
        }
    },
    FuzzTarget(name: "EPCBinary") { input in
        if let tag = try? EPCBinary(bytes: input) {
            // The padding, to a byte or to a word, is the tag's.
            let spelt = [tag.bytes(alignedTo: .byte), tag.bytes(alignedTo: .word)]
            if !spelt.contains(input) { finding("the memory of a tag changes when rewritten") }
            for compression in EPCBinary.Compression.allCases {
                guard (try? EPCBinary(compressed: tag.compressed(compression))) == tag else {
                    finding("a compressed EPC changes")
                }
            }
            if let link = tag.digitalLink() {
                let again = try? EPCBinary(
                    Identifier(link),
                    scheme: tag.scheme,
                    filter: tag.filter,
                    companyPrefixLength: tag.companyPrefixLength
                )
                if let again, again.elements != tag.elements { finding("a tag changes through its Digital Link") }
            }
        }
        let text = String(decoding: input, as: UTF8.self)
        _ = try? EPCBinary(hexadecimal: text)
        _ = try? EPCBinary(compressed: text)
    },
]
