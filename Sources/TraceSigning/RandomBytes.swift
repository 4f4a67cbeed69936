internal import CSodium

/// Random bytes from the system's cryptographic source.
public enum RandomBytes {
    /// `count` random bytes (libsodium's `randombytes_buf`): salts, nonces and seeds.
    ///
    /// - Precondition: `count` is not negative.
    public static func make(_ count: Int) -> [UInt8] {
        Sodium.start()
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            if let base = buffer.baseAddress { unsafe randombytes_buf(base, count) }
            filled = count
        }
    }

    /// Overwrites `bytes` with zeros in a way that the compiler does not remove, then empties the array.
    ///
    /// For seeds that had to pass through an array. It reaches this array's storage only: copies made earlier stay.
    public static func wipe(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes { buffer in
            if let base = buffer.baseAddress { unsafe sodium_memzero(base, buffer.count) }
        }
        bytes = []
    }
}
