import GS1

/// Who an issuer may be (formats.md section 2): a 13-digit GLN, or another party identifier with its scheme in front,
/// such as `uscc:91310000MA1FL0000X` for a unified social credit code.
public enum PartyIdentifier {
    private static let colon = UInt8(ascii: ":")

    /// What is wrong with `text` as the issuer of an event, with the remedy; `nil` for a good one.
    ///
    /// The scheme `item` is refused: it names the hidden keys of items, which issue nothing but activations.
    public static func problem(in text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: colon) else { return glnProblem(bytes) }
        let (scheme, value) = (bytes[..<colon], bytes[(colon + 1)...])
        guard let first = scheme.first, isLowerCase(first), scheme.allSatisfy({ isLowerCase($0) || isDigit($0) }) else {
            return "the scheme before the colon is lower-case letters and digits, e.g. uscc:91310000MA1FL0000X"
        }
        guard !value.isEmpty, value.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return "what follows the scheme is printable ASCII without spaces"
        }
        guard bytes.count <= StatementHeader.maximumTextLength else {
            return "an issuer has at most \(StatementHeader.maximumTextLength) bytes"
        }
        if scheme.elementsEqual("item".utf8) { return "the scheme item: names items, not parties: use a GLN" }
        if scheme.elementsEqual("uscc".utf8), value.count != 18 || !value.allSatisfy({ isDigit($0) || isUpperCase($0) })
        {
            return "a unified social credit code has 18 digits and upper-case letters"
        }
        return nil
    }

    private static func glnProblem(_ bytes: [UInt8]) -> String? {
        guard bytes.count == 13, bytes.allSatisfy(isDigit) else {
            return "an issuer is a 13-digit GLN, or a party identifier with a scheme, e.g. uscc:91310000MA1FL0000X"
        }
        guard let expected = CheckDigit.mod10(bytes.dropLast()), expected != bytes.last else { return nil }
        return "the check digit of the GLN is wrong: it should end in \(expected - 0x30)"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLowerCase(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isUpperCase(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
}
