internal import TraceProof

/// Signatures are the host's to check. A first call records each question and assumes that the answer is yes, so that
/// all questions are asked; the host checks them and calls again with the digests of those that hold.
///
/// Answers are found by what was asked, not by its turn: an answer can never stand for another question.
final class RecordedChecker: SignatureChecker, @unchecked Sendable {  // A module instance has one thread.
    /// One signature to check.
    struct Question {
        let key: PublicKey
        let signature: Signature
        let message: [UInt8]

        /// What names the question: SHA-256 of key, signature and message.
        var digest: Digest { SHA256.hash(key.bytes + signature.bytes + message) }
    }

    private let valid: [Digest]?
    private(set) var questions: [Question] = []

    /// A checker that records; or one that answers yes to `valid` and no to everything else.
    init(valid: [Digest]?) { self.valid = valid }

    /// Whether this is the first call: nothing was checked, and no result may be believed.
    var isRecording: Bool { valid == nil }

    /// The project's rule, as far as bytes tell it, then the host's answer.
    func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool {
        let scalar = [UInt8](signature.bytes[32...])
        guard isValidPoint(key.bytes), isValidPoint(signature.pointBytes), EdwardsBytes.isCanonicalScalar(scalar) else {
            return false
        }
        let question = Question(key: key, signature: signature, message: message)
        if let valid { return valid.contains(question.digest) }
        questions.append(question)
        return true
    }

    /// Canonical and not of small order. A point with a small-order part is not seen: that needs curve arithmetic, and
    /// admission to a ledger has refused it (Docs/Security.md).
    func isValidPoint(_ bytes: [UInt8]) -> Bool {
        EdwardsBytes.isCanonicalPoint(bytes) && !EdwardsBytes.isSmallOrder(bytes)
    }
}

/// What the encodings of RFC 8032 tell without arithmetic on the curve. WebCrypto, OpenSSL and others accept the
/// identity as a key, for which any message verifies; libsodium, whose rule is ours, does not.
enum EdwardsBytes {
    // 2^255 - 19, and the order of the base point: little-endian.
    private static let prime = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
    private static let order: [UInt8] =
        [
            0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
        ] + [UInt8](repeating: 0, count: 15) + [0x10]
    // The y of a point of order 8; the other one is its negative, p - y.
    private static let orderEight: [UInt8] = [
        0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
        0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
    ]

    /// Whether y is below p (RFC 8032 section 5.1.3).
    static func isCanonicalPoint(_ bytes: [UInt8]) -> Bool { bytes.count == 32 && isBelow(y(bytes), prime) }

    /// Whether S is below the group's order (RFC 8032 section 5.1.7).
    static func isCanonicalScalar(_ bytes: [UInt8]) -> Bool { bytes.count == 32 && isBelow(bytes, order) }

    /// Whether a canonical point is one of the eight of small order: y is 0, 1, p - 1, or that of a point of order 8.
    static func isSmallOrder(_ bytes: [UInt8]) -> Bool {
        let y = y(bytes)
        let one = [1] + [UInt8](repeating: 0, count: 31)
        let small = [[UInt8](repeating: 0, count: 32), one, orderEight]
        return small.contains(y) || small.contains(negative(y))
    }

    private static func y(_ bytes: [UInt8]) -> [UInt8] {
        var y = bytes
        if !y.isEmpty { y[y.count - 1] &= 0x7F }
        return y
    }

    /// p - y for a y below p.
    private static func negative(_ y: [UInt8]) -> [UInt8] {
        var borrow = 0
        return zip(prime, y).map { left, right in
            let difference = Int(left) - Int(right) - borrow
            borrow = difference < 0 ? 1 : 0
            return UInt8(truncatingIfNeeded: difference)
        }
    }

    private static func isBelow(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        for (low, high) in zip(left.reversed(), right.reversed()) where low != high { return low < high }
        return false
    }
}
