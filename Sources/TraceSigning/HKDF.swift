internal import CSodium

/// HKDF with SHA-256 (RFC 5869) on libsodium's HMAC: its own HKDF came with version 1.0.19.
///
/// What is secret in it stands in guarded memory that one derivation after the other uses, and is wiped behind each.
package struct HKDF: ~Copyable {
    /// The length of a hash, and of a block of the output, in bytes.
    package static let blockByteCount = Int(crypto_auth_hmacsha256_BYTES)
    /// The most bytes that one derivation gives (RFC 5869 section 2.3).
    package static let maximumByteCount = 255 * blockByteCount

    /// The HMAC's state takes a multiple of its alignment, so that it stands right wherever a guarded allocation begins.
    private static let stateByteCount = (MemoryLayout<crypto_auth_hmacsha256_state>.size + 15) & ~15

    /// The HMAC's state, the pseudorandom key, and the block that was derived last.
    private var room = SecretMemory(count: HKDF.stateByteCount + 2 * HKDF.blockByteCount)

    /// Room for derivations.
    package init() {}

    /// Fills `output` with what is derived from `input`: extract with `salt`, expand with `info`.
    ///
    /// - Precondition: `output` has at most ``maximumByteCount`` bytes.
    package mutating func derive(
        from input: [UInt8],
        salt: [UInt8],
        info: [UInt8],
        into output: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(output.count <= HKDF.maximumByteCount, "RFC 5869 section 2.3")
        unsafe room.withMutableBytes { room in
            guard let base = room.baseAddress else { return }
            let state = unsafe UnsafeMutableRawPointer(base)
                .bindMemory(to: crypto_auth_hmacsha256_state.self, capacity: 1)
            let key = unsafe base + HKDF.stateByteCount
            let block = unsafe key + HKDF.blockByteCount

            _ = unsafe crypto_auth_hmacsha256_init(state, salt, salt.count)
            _ = unsafe crypto_auth_hmacsha256_update(state, input, UInt64(input.count))
            _ = unsafe crypto_auth_hmacsha256_final(state, key)

            for (number, start) in stride(from: 0, to: output.count, by: HKDF.blockByteCount).enumerated() {
                _ = unsafe crypto_auth_hmacsha256_init(state, key, HKDF.blockByteCount)
                if start > 0 { _ = unsafe crypto_auth_hmacsha256_update(state, block, UInt64(HKDF.blockByteCount)) }
                _ = unsafe crypto_auth_hmacsha256_update(state, info, UInt64(info.count))
                _ = unsafe crypto_auth_hmacsha256_update(state, [UInt8(truncatingIfNeeded: number + 1)], 1)
                _ = unsafe crypto_auth_hmacsha256_final(state, block)
                for offset in 0..<min(HKDF.blockByteCount, output.count - start) {
                    unsafe output[start + offset] = block[offset]
                }
            }
            unsafe sodium_memzero(base, room.count)
        }
    }
}
