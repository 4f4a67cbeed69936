import EPCISJSON
import Foundation
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements
import TraceVerification

/// What is in a file: its structure, and its diagnostic notation where it is CBOR.
struct DecodedFile {
    /// The structure; its first member is `type`.
    let structure: JSONValue
    /// Diagnostic notation (RFC 8949 section 8).
    var diagnostic: String?

    /// For `--json`.
    var document: JSONValue { diagnostic.map { structure.adding(["diagnostic": .text($0)]) } ?? structure }

    /// For people.
    var text: String { structure.outline + (diagnostic.map { "\n\($0)\n" } ?? "") }

    /// Decodes `bytes`; `path` tells tiles, which do not say what they are.
    init(_ bytes: [UInt8], path: String) throws {
        if let tile = path.range(of: "tile/", options: .backwards).map({ String(path[$0.lowerBound...]) }),
            let structure = try DecodedFile.tile(tile, bytes)
        {
            self.structure = structure
        } else if let text = try DecodedFile.text(bytes) {
            structure = text
        } else if let file = try Description.travellingFile(bytes) {
            structure = file
            // A registry of thousands of parties would be unreadable twice.
            diagnostic = bytes.count <= 1 << 16 ? try CBORDiagnostic.text(of: bytes, pretty: true) : nil
        } else {
            (structure, diagnostic) = try DecodedFile.cbor(bytes)
        }
    }

    private static func tile(_ path: String, _ bytes: [UInt8]) throws -> JSONValue? {
        if let coordinate = try? BundleCoordinate(path: path) {
            let bundle = try EntryBundle(decoding: bytes, width: coordinate.width)
            let entries = bundle.enumerated().map { position, entry in
                JSONValue.object(["index": .number(coordinate.firstEntry + UInt64(position))])
                    .adding(Description.entry(Array(entry)))
            }
            return .object(["type": .text("entry bundle"), "path": .text(path), "entries": .array(entries)])
        }
        guard let coordinate = try? TileCoordinate(path: path) else { return nil }
        let tile = try Tile(coordinate, decoding: bytes)
        return .object([
            "type": .text("tile"), "path": .text(path), "level": .number(UInt64(coordinate.level)),
            "index": .number(coordinate.index), "hashes": .array(tile.hashes.map { .text($0.description) }),
        ])
    }

    /// What is text: keys, notes, proofs, policies, `ledger.json`; `nil` for anything else.
    private static func text(_ bytes: [UInt8]) throws -> JSONValue? {
        if bytes.starts(with: "-----BEGIN PRIVATE KEY".utf8) {
            return Description.key(try SigningKey(pem: bytes).publicKey, "private key (not shown)")
        }
        if bytes.starts(with: "-----BEGIN".utf8) { return Description.key(try PublicKey(pem: bytes), "public key") }
        if bytes.starts(with: "c2sp.org/tlog-proof@".utf8) { return try Description.proof(TLogProof(bytes: bytes)) }
        // Its own refusal says more than that it is no CBOR.
        if CodeInput.isLink(String(decoding: bytes.prefix(8), as: UTF8.self)) {
            return try Description.items(Evidence(decoding: bytes))
        }
        guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty,
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" || $0 == "\r" || $0 == "\t" })
        else { return nil }
        if text.hasPrefix("{") || text.hasPrefix("[") { return try Description.json(bytes) }
        if text.contains("\n\n\u{2014} ") { return try Description.note(SignedNote(bytes: bytes)) }
        let line = text.hasSuffix("\n") ? String(text.dropLast()) : text
        if let key = try? VerifierKey(text: line) { return Description.vkey(key) }
        let words = ["log ", "witness ", "group ", "quorum ", "#"]
        if text.split(separator: "\n").contains(where: { line in words.contains { line.hasPrefix($0) } }) {
            return Description.policy(try TrustPolicy(bytes: bytes))
        }
        return nil
    }

    private static func cbor(_ bytes: [UInt8]) throws -> (JSONValue, String?) {
        var sequence = CBORSequence(bytes)
        var items: [[UInt8]] = []
        while let item = try sequence.next() { items.append(item.bytes) }
        guard let first = items.first else { throw CommandFailure(.usage, "the file is empty") }
        let diagnostic = try items.map { try CBORDiagnostic.text(of: $0, pretty: true) }.joined(separator: "\n")
        guard items.count > 1 else { return (Description.message(first), diagnostic) }
        let structure = JSONValue.object([
            "type": .text("CBOR sequence"), "items": .array(items.map(Description.message)),
        ])
        return (structure, diagnostic)
    }
}

extension JSONValue {
    /// The structure as an indented outline, a line a value; characters that could disturb a terminal are escaped.
    var outline: String {
        var text = ""
        write("", &text)
        return text
    }

    private func write(_ indent: String, _ text: inout String) {
        switch content {
        case .object(let members):
            for member in members { member.value.write(name: JSONValue.safe(member.name), indent, &text) }
        case .array(let items):
            for item in items { item.write(name: "-", indent, &text) }
        default: text += "\(indent)\(scalar)\n"
        }
    }

    private func write(name: String, _ indent: String, _ text: inout String) {
        switch content {
        case .object(let members) where !members.isEmpty:
            text += "\(indent)\(name)\n"
            write(indent + "  ", &text)
        case .array(let items) where !items.isEmpty:
            text += "\(indent)\(name)\n"
            write(indent + "  ", &text)
        default: text += "\(indent)\(name)  \(scalar)\n"
        }
    }

    private var scalar: String {
        switch content {
        case .string(let text): JSONValue.safe(text)
        default: String(decoding: serialized(), as: UTF8.self)
        }
    }

    /// What came from outside is shown in the quoting of diagnostic notation, without the quotes.
    private static func safe(_ text: String) -> String {
        let quoted = CBORDiagnostic.text(of: .text(text))
        return String(quoted.dropFirst().dropLast())
    }
}
