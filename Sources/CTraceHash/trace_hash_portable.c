// SHA-256 in plain C, one stream: for processors without the instructions, and for WebAssembly.
#include "trace_hash_kernel.h"

static inline uint32_t rotr(uint32_t x, int n) { return (x >> n) | (x << (32 - n)); }

#define UNROLL _Pragma("clang loop unroll(full)")
/// Word `i` of the message schedule in a ring of sixteen.
#define SCHEDULE(i) \
    (w[(i) & 15] += (rotr(w[((i) + 14) & 15], 17) ^ rotr(w[((i) + 14) & 15], 19) ^ (w[((i) + 14) & 15] >> 10)) + \
                    w[((i) + 9) & 15] + \
                    (rotr(w[((i) + 1) & 15], 7) ^ rotr(w[((i) + 1) & 15], 18) ^ (w[((i) + 1) & 15] >> 3)))
/// A round, given word plus constant; the callers turn the letters, so that nothing is moved between registers. The
/// majority of a, b and c is b where b and c agree, else a; what a and b differ in is the next round's b and c.
#define ROUND(a, b, c, d, e, f, g, h, word) \
    h += (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + (g ^ (e & (f ^ g))) + (word); \
    d += h; \
    bc = ab; \
    ab = a ^ b; \
    h += (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + (b ^ (ab & bc))
#define EIGHT(i, word) \
    ROUND(a, b, c, d, e, f, g, h, word(i)); \
    ROUND(h, a, b, c, d, e, f, g, word(i + 1)); \
    ROUND(g, h, a, b, c, d, e, f, word(i + 2)); \
    ROUND(f, g, h, a, b, c, d, e, word(i + 3)); \
    ROUND(e, f, g, h, a, b, c, d, word(i + 4)); \
    ROUND(d, e, f, g, h, a, b, c, word(i + 5)); \
    ROUND(c, d, e, f, g, h, a, b, word(i + 6)); \
    ROUND(b, c, d, e, f, g, h, a, word(i + 7))

#define LETTERS \
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3]; \
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7]; \
    uint32_t ab = b ^ c, bc
#define ADD_LETTERS \
    state[0] += a; state[1] += b; state[2] += c; state[3] += d; \
    state[4] += e; state[5] += f; state[6] += g; state[7] += h

/// FIPS 180-4 section 6.2.2.
static void compress(uint32_t state[8], const uint8_t *block) {
    uint32_t w[16];
    for (int i = 0; i < 16; i++) {
        const uint8_t *p = block + 4 * i;
        w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    }
    LETTERS;
#define WORD(i) trace_sha256_k[i] + w[(i) & 15]
    // Sixteen rounds, then sixteen words: by turns, each round's word would take registers from the letters.
    for (int i = 0;; i += 16) {
        EIGHT(i, WORD);
        EIGHT(i + 8, WORD);
        if (i == 48) break;
        UNROLL for (int j = 0; j < 16; j++) SCHEDULE(j);
    }
    ADD_LETTERS;
}

/// The same with the schedule and the constants given.
static void compress_row(uint32_t state[8], const uint32_t row[64]) {
    LETTERS;
#define READY(i) row[i]
    for (int i = 0; i < 64; i += 16) {
        EIGHT(i, READY);
        EIGHT(i + 8, READY);
    }
    ADD_LETTERS;
}

static void blocks(uint32_t state[8], const uint8_t *at, size_t count) {
    for (; count > 0; count--, at += 64) compress(state, at);
}

static void node(const uint8_t left[32], const uint8_t right[32], uint8_t out[32]) {
    uint32_t state[8], spare[64];
    uint8_t block[64] = {0x01};
    __builtin_memcpy(state, trace_sha256_iv, sizeof state);
    __builtin_memcpy(block + 1, left, 32);
    __builtin_memcpy(block + 33, right, 31);
    compress(state, block);
    compress_row(state, trace_node_row(right[31], spare));
    for (int i = 0; i < 32; i++) out[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

static void nodes(const uint8_t *row, size_t count, uint8_t *out) {
    for (; count > 0; count--, row += 64, out += 32) node(row, row + 32, out);
}

const trace_kernel trace_portable = {TRACE_HASH_PORTABLE, blocks, 0, node, nodes};
