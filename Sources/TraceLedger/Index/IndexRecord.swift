internal import TraceProof

/// One record of the index: the first 8 bytes of a leaf hash or content hash, and where the entry stands.
///
/// Eight bytes find a candidate; what decides is the entry itself, compared on all 256 bits.
struct IndexRecord: Comparable, Sendable {
    static let byteCount = 16

    let fingerprint: UInt64
    let index: UInt64

    init(_ digest: Digest, _ index: UInt64) {
        fingerprint = digest.firstWord
        self.index = index
    }

    init(fingerprint: UInt64, index: UInt64) { (self.fingerprint, self.index) = (fingerprint, index) }

    static func < (left: IndexRecord, right: IndexRecord) -> Bool {
        (left.fingerprint, left.index) < (right.fingerprint, right.index)
    }
}
