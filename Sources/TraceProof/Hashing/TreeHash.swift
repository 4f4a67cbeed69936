internal import CTraceHash

/// RFC 6962 section 2.1 (the same tree as RFC 9162): domain-separated leaf and node hashes.
public enum TreeHash {
    /// The hash of the tree without entries: SHA-256 of the empty string.
    public static let empty = SHA256.hash([])

    /// The leaf hash SHA-256(0x00 || entry).
    public static func leaf(_ entry: [UInt8]) -> Digest {
        unsafe entry.withUnsafeBytes { unsafe leaf($0) }
    }

    /// The leaf hash of an entry that stands inside an array, such as one of an ``EntryBundle``, without a copy.
    public static func leaf(_ entry: ArraySlice<UInt8>) -> Digest {
        unsafe entry.withUnsafeBytes { unsafe leaf($0) }
    }

    /// The leaf hash of the bytes of a span, without a copy.
    public static func leaf(_ entry: RawSpan) -> Digest {
        unsafe entry.withUnsafeBytes { unsafe leaf($0) }
    }

    /// The inner node SHA-256(0x01 || left || right).
    public static func node(_ left: Digest, _ right: Digest) -> Digest {
        var digest = Digest()
        unsafe left.withUnsafeBytes { leftBytes in
            unsafe right.withUnsafeBytes { rightBytes in
                unsafe digest.withUnsafeMutableBytes { output in
                    unsafe trace_hash_node(leftBytes.baseAddress, rightBytes.baseAddress, output.baseAddress)
                }
            }
        }
        return digest
    }

    private static func leaf(_ input: UnsafeRawBufferPointer) -> Digest {
        var digest = Digest()
        unsafe digest.withUnsafeMutableBytes { output in
            unsafe trace_sha256_prefixed(
                0x00,
                input.baseAddress?.assumingMemoryBound(to: UInt8.self),
                input.count,
                output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            )
        }
        return digest
    }
}
