internal import CSodium
internal import TraceProof

/// The textual encoding of RFC 7468, strict: one object, lines of 64 characters, canonical base64, LF or CRLF. Text may
/// stand before the BEGIN line (section 2), nothing after the END line.
enum PEM {
    /// Longer texts are no key files.
    static let maximumByteCount = 65_536

    /// What an object is, by its label.
    enum Label: String {
        case privateKey = "PRIVATE KEY"
        case publicKey = "PUBLIC KEY"
    }

    /// Base64 characters a line, and the bytes that they encode.
    private static let (columns, bytesPerLine) = (64, 48)

    /// The bytes of the one object in `text`, which must be labelled `label`.
    static func decode(_ text: borrowing Span<UInt8>, as label: Label) throws(FormatError) -> SecretMemory {
        guard text.count <= maximumByteCount else {
            throw FormatError("PEM", at: .whole, "a key file has at most \(maximumByteCount) bytes")
        }
        var lines = Lines(text)
        let begin = try findBegin(&lines, in: text, label)
        let body = try measureBody(&lines, in: text, begin: begin, label)
        try finish(&lines, in: text)

        // Each line is a whole number of base64 groups, so each is decoded by itself, straight into guarded memory.
        var object = SecretMemory(count: body.byteCount)
        lines = body.lines
        var offset = 0
        while offset < body.byteCount, let line = lines.next(in: text) {
            let expected = min(bytesPerLine, body.byteCount - offset)
            guard decode(text, line, into: &object, at: offset, expected) else {
                throw FormatError("PEM", at: .line(lines.number), "this is not canonical base64")
            }
            offset += expected
        }
        return object
    }

    /// The whole text: BEGIN line, base64 in lines of 64, END line, each ended by LF.
    static func encode(_ object: borrowing SecretMemory, as label: Label) -> SecretMemory {
        let begin = Array("-----BEGIN \(label.rawValue)-----\n".utf8)
        let end = Array("-----END \(label.rawValue)-----\n".utf8)
        let characters = (object.count + 2) / 3 * 4
        let lineCount = (characters + columns - 1) / columns
        var text = SecretMemory(count: begin.count + characters + lineCount + end.count)
        unsafe object.withBytes { bytes in
            unsafe text.withMutableBytes { text in
                var position = unsafe text.update(fromContentsOf: begin)
                for start in stride(from: 0, to: bytes.count, by: bytesPerLine) {
                    position += unsafe encodeLine(
                        unsafe UnsafeBufferPointer(rebasing: bytes[start..<min(start + bytesPerLine, bytes.count)]),
                        into: unsafe UnsafeMutableBufferPointer(rebasing: text[position...])
                    )
                }
                _ = unsafe UnsafeMutableBufferPointer(rebasing: text[position...]).update(fromContentsOf: end)
            }
        }
        return text
    }

    // MARK: Reading

    private static func findBegin(
        _ lines: inout Lines,
        in text: borrowing Span<UInt8>,
        _ label: Label
    ) throws(FormatError) -> Int {
        while let line = lines.next(in: text) {
            guard text.hasPrefix("-----BEGIN ", in: line) else { continue }
            guard text.isEqual("-----BEGIN \(label.rawValue)-----", in: line) else {
                let found = line.prefix(80).map { text[$0] }
                throw FormatError("PEM", at: .line(lines.number), remedy(for: found, label))
            }
            return lines.number
        }
        let der = text.count > 0 && text[0] == 0x30
        throw FormatError(
            "PEM",
            at: .whole,
            der
                ? "this looks like DER; convert it with `openssl pkey -inform DER -in FILE`\(label == .publicKey ? " and -pubin" : "")"
                : "no line begins with -----BEGIN \(label.rawValue)-----"
        )
    }

    /// Where the body's lines begin and how many bytes they encode, if their form is right.
    private static func measureBody(
        _ lines: inout Lines,
        in text: borrowing Span<UInt8>,
        begin: Int,
        _ label: Label
    ) throws(FormatError) -> (lines: Lines, byteCount: Int) {
        let start = lines
        var byteCount = 0
        var isLast = false
        while let line = lines.next(in: text) {
            func refuse(_ reason: String) -> FormatError { FormatError("PEM", at: .line(lines.number), reason) }
            if text.hasPrefix("-----", in: line) {
                guard text.isEqual("-----END \(label.rawValue)-----", in: line) else {
                    throw refuse("the line -----END \(label.rawValue)----- should stand here")
                }
                guard byteCount > 0 else { throw refuse("there is nothing between the BEGIN and END lines") }
                return (start, byteCount)
            }
            guard !isLast else {
                throw refuse("only the last line of base64 may be shorter than \(columns) characters")
            }
            guard !line.isEmpty, line.count <= columns, line.count.isMultiple(of: 4) else {
                throw refuse(
                    "a line of base64 has \(columns) characters, the last one a multiple of 4; this has \(line.count)"
                )
            }
            // libsodium 1.0.18 takes some bytes above 0x7F for digits where char is signed (found by the mutation test).
            guard line.allSatisfy({ text[$0] < 0x80 }) else { throw refuse("this is not canonical base64") }
            let padding = line.suffix(2).count { text[$0] == 0x3D }
            isLast = line.count < columns || padding > 0
            byteCount += line.count / 4 * 3 - padding
        }
        throw FormatError("PEM", at: .line(begin), "the END line of this object is missing: the file is cut off")
    }

    private static func finish(_ lines: inout Lines, in text: borrowing Span<UInt8>) throws(FormatError) {
        guard let line = lines.next(in: text) else { return }
        throw FormatError(
            "PEM",
            at: .line(lines.number),
            text.hasPrefix("-----BEGIN ", in: line)
                ? "a second object begins here; keep one key in a file" : "nothing may follow the END line"
        )
    }

    private static func remedy(for line: [UInt8], _ label: Label) -> String {
        let name = String(decoding: line.dropFirst(11), as: UTF8.self)
        func found(_ label: String) -> Bool { line.elementsEqual("-----BEGIN \(label)-----".utf8) }
        if found("ENCRYPTED PRIVATE KEY") {
            return "the key is encrypted; decrypt it with `openssl pkey -in FILE -out NEWFILE`"
        }
        if found("PRIVATE KEY") {
            return "this is a private key where a public key is wanted; `openssl pkey -in FILE -pubout` gives that"
        }
        if found("PUBLIC KEY") {
            return "this is a public key where a private key is wanted"
        }
        for other in ["RSA", "EC", "DSA"] where found("\(other) PRIVATE KEY") || found("\(other) PARAMETERS") {
            return "this is a key for \(other), not Ed25519; make one with `openssl genpkey -algorithm ed25519`"
        }
        if found("OPENSSH PRIVATE KEY") {
            return "this is OpenSSH's format, not PKCS#8; make a key with `openssl genpkey -algorithm ed25519`"
        }
        if found("CERTIFICATE") {
            return "this is a certificate; `openssl x509 -in FILE -noout -pubkey` gives its public key"
        }
        return "this begins \(name.debugDescription), not \(label.rawValue)"
    }

    // MARK: Base64, by libsodium: in constant time, since the characters are secret

    private static func decode(
        _ text: borrowing Span<UInt8>,
        _ line: Range<Int>,
        into object: inout SecretMemory,
        at offset: Int,
        _ expected: Int
    ) -> Bool {
        unsafe text.withUnsafeBufferPointer { text in
            unsafe object.withMutableBytes { object in
                guard let from = text.baseAddress, let into = object.baseAddress else { return false }
                var count = 0
                let result = unsafe (from + line.lowerBound).withMemoryRebound(to: CChar.self, capacity: line.count) {
                    unsafe sodium_base642bin(
                        into + offset,
                        expected,
                        $0,
                        line.count,
                        nil,
                        &count,
                        nil,
                        sodium_base64_VARIANT_ORIGINAL
                    )
                }
                return result == 0 && count == expected
            }
        }
    }

    /// One line and its LF; gives their length.
    private static func encodeLine(
        _ bytes: UnsafeBufferPointer<UInt8>,
        into line: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        guard let from = bytes.baseAddress, let into = line.baseAddress else { return 0 }
        let count = (bytes.count + 2) / 3 * 4
        _ = unsafe into.withMemoryRebound(to: CChar.self, capacity: count + 1) {
            // It writes a NUL after the characters, which the LF replaces.
            unsafe sodium_bin2base64($0, count + 1, from, bytes.count, sodium_base64_VARIANT_ORIGINAL)
        }
        unsafe into[count] = 0x0A
        return count + 1
    }
}

/// The lines of a text, ended by LF or CRLF; the last one may have no end.
private struct Lines {
    private var position = 0
    private let end: Int
    /// The number of the last line given, from 1.
    private(set) var number = 0

    init(_ text: borrowing Span<UInt8>) { end = text.count }

    mutating func next(in text: borrowing Span<UInt8>) -> Range<Int>? {
        guard position < end else { return nil }
        let start = position
        var stop = start
        while stop < end, text[stop] != 0x0A { stop += 1 }
        position = min(stop + 1, end)
        number += 1
        if stop < end, stop > start, text[stop - 1] == 0x0D { stop -= 1 }
        return start..<stop
    }
}

extension Span<UInt8> {
    fileprivate func hasPrefix(_ prefix: String, in line: Range<Int>) -> Bool {
        line.count >= prefix.utf8.count && isEqual(prefix, in: line.prefix(prefix.utf8.count))
    }

    fileprivate func isEqual(_ text: String, in line: Range<Int>) -> Bool {
        line.count == text.utf8.count && zip(line, text.utf8).allSatisfy { self[$0] == $1 }
    }
}
