internal import CTraceHash

/// SHA-256 (FIPS 180-4) through the C kernel.
public enum SHA256 {
    /// The digest of `bytes`.
    public static func hash(_ bytes: [UInt8]) -> Digest {
        var digest = Digest()
        unsafe bytes.withUnsafeBufferPointer { input in
            unsafe digest.withUnsafeMutableBytes { output in
                unsafe trace_sha256(input.baseAddress, input.count, output.baseAddress)
            }
        }
        return digest
    }
}

/// RFC 6962 section 2.1 (the same tree as RFC 9162): domain-separated leaf and node hashes.
public enum TreeHash {
    /// The hash of the tree without entries: SHA-256 of the empty string.
    public static let empty = SHA256.hash([])

    /// The leaf hash SHA-256(0x00 || entry).
    public static func leaf(_ entry: [UInt8]) -> Digest {
        var digest = Digest()
        unsafe entry.withUnsafeBufferPointer { input in
            unsafe digest.withUnsafeMutableBytes { output in
                unsafe trace_sha256_prefixed(0x00, input.baseAddress, input.count, output.baseAddress)
            }
        }
        return digest
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
}
