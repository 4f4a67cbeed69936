#include "trace_hash_kernel.h"

const uint32_t trace_sha256_k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

const uint32_t trace_sha256_iv[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static int portable_only = 0;

void trace_hash_force_portable(int on) { __atomic_store_n(&portable_only, on, __ATOMIC_RELAXED); }

int trace_hash_is_accelerated(void) {
#ifdef TRACE_HASH_SHANI
    return trace_shani_present() && !__atomic_load_n(&portable_only, __ATOMIC_RELAXED);
#else
    return 0;
#endif
}

static inline uint32_t rotr(uint32_t x, int n) { return (x >> n) | (x << (32 - n)); }

/// Word `i` of the message schedule in a ring of sixteen.
#define SCHEDULE(i) \
    (w[(i) & 15] += (rotr(w[((i) + 14) & 15], 17) ^ rotr(w[((i) + 14) & 15], 19) ^ (w[((i) + 14) & 15] >> 10)) + \
                    w[((i) + 9) & 15] + \
                    (rotr(w[((i) + 1) & 15], 7) ^ rotr(w[((i) + 1) & 15], 18) ^ (w[((i) + 1) & 15] >> 3)))
/// A round; the callers turn the letters, so that nothing is moved between registers.
#define ROUND(a, b, c, d, e, f, g, h, i, word) \
    h += (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + (g ^ (e & (f ^ g))) + trace_sha256_k[i] + (word); \
    d += h; \
    h += (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) | (c & (a | b)))
#define EIGHT(i, word) \
    ROUND(a, b, c, d, e, f, g, h, i, word(i)); \
    ROUND(h, a, b, c, d, e, f, g, i + 1, word(i + 1)); \
    ROUND(g, h, a, b, c, d, e, f, i + 2, word(i + 2)); \
    ROUND(f, g, h, a, b, c, d, e, i + 3, word(i + 3)); \
    ROUND(e, f, g, h, a, b, c, d, i + 4, word(i + 4)); \
    ROUND(d, e, f, g, h, a, b, c, i + 5, word(i + 5)); \
    ROUND(c, d, e, f, g, h, a, b, i + 6, word(i + 6)); \
    ROUND(b, c, d, e, f, g, h, a, i + 7, word(i + 7))

/// One block, FIPS 180-4 section 6.2.2.
static void compress_portable(uint32_t state[8], const uint8_t *block) {
    uint32_t w[16];
    for (int i = 0; i < 16; i++) {
        const uint8_t *p = block + 4 * i;
        w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
#define GIVEN(i) w[i]
    EIGHT(0, GIVEN);
    EIGHT(8, GIVEN);
    for (int i = 16; i < 64; i += 16) {
        EIGHT(i, SCHEDULE);
        EIGHT(i + 8, SCHEDULE);
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

static void compress(uint32_t h[8], const uint8_t *blocks, size_t count) {
#ifdef TRACE_HASH_SHANI
    if (trace_hash_is_accelerated()) {
        trace_shani_compress(h, blocks, count);
        return;
    }
#endif
    for (; count > 0; count--, blocks += 64) compress_portable(h, blocks);
}

/// Hashes `head`, shorter than a block, followed by `bytes`.
static void hash(const uint8_t *head, size_t used, const uint8_t *bytes, size_t length, uint8_t out[32]) {
    uint32_t h[8];
    uint8_t block[64];
    const uint64_t bits = ((uint64_t)used + length) * 8;
    __builtin_memcpy(h, trace_sha256_iv, sizeof h);
    if (used > 0) __builtin_memcpy(block, head, used);
    if (used > 0 && used + length >= 64) {
        const size_t taken = 64 - used;
        __builtin_memcpy(block + used, bytes, taken);
        compress(h, block, 1);
        bytes += taken;
        length -= taken;
        used = 0;
    }
    if (used == 0 && length >= 64) {
        compress(h, bytes, length / 64);
        bytes += length / 64 * 64;
        length %= 64;
    }
    if (length > 0) __builtin_memcpy(block + used, bytes, length);
    used += length;
    block[used++] = 0x80;
    if (used > 56) {
        __builtin_memset(block + used, 0, 64 - used);
        compress(h, block, 1);
        used = 0;
    }
    __builtin_memset(block + used, 0, 56 - used);
    for (int i = 0; i < 8; i++) block[56 + i] = (uint8_t)(bits >> (56 - 8 * i));
    compress(h, block, 1);
    for (int i = 0; i < 32; i++) out[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}

void trace_sha256(const uint8_t *bytes, size_t length, uint8_t out[32]) { hash(0, 0, bytes, length, out); }

void trace_sha256_prefixed(uint8_t prefix, const uint8_t *bytes, size_t length, uint8_t out[32]) {
    hash(&prefix, 1, bytes, length, out);
}

void trace_hash_node(const uint8_t left[32], const uint8_t right[32], uint8_t out[32]) {
#ifdef TRACE_HASH_SHANI
    if (trace_hash_is_accelerated()) {
        trace_shani_node(left, right, out);
        return;
    }
#endif
    uint8_t head[33] = {0x01};
    __builtin_memcpy(head + 1, left, 32);
    hash(head, sizeof head, right, 32, out);
}
