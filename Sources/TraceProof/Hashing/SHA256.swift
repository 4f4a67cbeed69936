internal import CTraceHash

/// SHA-256 (FIPS 180-4) through the C kernel.
public enum SHA256 {
    /// The digest of `bytes`.
    public static func hash(_ bytes: [UInt8]) -> Digest {
        unsafe bytes.withUnsafeBytes { unsafe hash($0) }
    }

    /// The digest of a part of an array, without a copy.
    public static func hash(_ bytes: ArraySlice<UInt8>) -> Digest {
        unsafe bytes.withUnsafeBytes { unsafe hash($0) }
    }

    /// The digest of the bytes of a span, without a copy.
    public static func hash(_ bytes: RawSpan) -> Digest {
        unsafe bytes.withUnsafeBytes { unsafe hash($0) }
    }

    private static func hash(_ input: UnsafeRawBufferPointer) -> Digest {
        var digest = Digest()
        unsafe digest.withUnsafeMutableBytes { output in
            unsafe trace_sha256(
                input.baseAddress?.assumingMemoryBound(to: UInt8.self),
                input.count,
                output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            )
        }
        return digest
    }
}
