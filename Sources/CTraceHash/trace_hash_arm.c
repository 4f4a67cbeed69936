// SHA-256 on the Arm crypto extension (FEAT_SHA256). Only these functions are compiled for it: the caller asks the
// processor first, except where every processor has it.
#include "trace_hash_kernel.h"

#ifdef TRACE_HASH_ARM
#include <arm_neon.h>

#define TARGET __attribute__((target("sha2")))
#define INLINE TARGET static inline __attribute__((always_inline))
/// The loops over lanes and rounds have constant bounds where they are inlined, and are written out.
#define UNROLL _Pragma("clang loop unroll(full)")

#if defined(__linux__) && !defined(__ARM_FEATURE_SHA2)
// From <sys/auxv.h> and <asm/hwcap.h>, which a freestanding build does not have.
unsigned long getauxval(unsigned long type);
int trace_arm_present(void) { return (getauxval(16) >> 6) & 1; }
#elif defined(__APPLE__) || defined(__ARM_FEATURE_SHA2)
int trace_arm_present(void) { return 1; }
#else
int trace_arm_present(void) { return 0; }
#endif

typedef struct { uint32x4_t abcd, efgh; } state;

INLINE uint32x4_t big_endian(uint8x16_t bytes) { return vreinterpretq_u32_u8(vrev32q_u8(bytes)); }

INLINE state load_state(const uint32_t h[8]) { return (state){vld1q_u32(h), vld1q_u32(h + 4)}; }

INLINE void store_state(state s, uint32_t h[8]) {
    vst1q_u32(h, s.abcd);
    vst1q_u32(h + 4, s.efgh);
}

INLINE void store_digest(state s, uint8_t out[32]) {
    vst1q_u8(out, vrev32q_u8(vreinterpretq_u8_u32(s.abcd)));
    vst1q_u8(out + 16, vrev32q_u8(vreinterpretq_u8_u32(s.efgh)));
}

/// Four rounds; the lanes of `wk` are the message words with their constants added.
INLINE void quad(state *s, uint32x4_t wk) {
    const uint32x4_t abcd = s->abcd;
    s->abcd = vsha256hq_u32(abcd, s->efgh, wk);
    s->efgh = vsha256h2q_u32(s->efgh, abcd, wk);
}

INLINE void add(state s[], const state before[], const int lanes) {
    UNROLL for (int l = 0; l < lanes; l++) {
        s[l].abcd = vaddq_u32(s[l].abcd, before[l].abcd);
        s[l].efgh = vaddq_u32(s[l].efgh, before[l].efgh);
    }
}

/// The 64 rounds over one block in each lane, whose sixteen message words are given in `w`.
INLINE void rounds(state s[], uint32x4_t w[][4], const int lanes) {
    state before[4];
    UNROLL for (int l = 0; l < lanes; l++) before[l] = s[l];
    UNROLL for (int i = 0; i < 16; i++) {
        const uint32x4_t k = vld1q_u32(trace_sha256_k + 4 * i);
        UNROLL for (int l = 0; l < lanes; l++) {
            quad(&s[l], vaddq_u32(w[l][i & 3], k));
            if (i < 12) {
                const uint32x4_t half = vsha256su0q_u32(w[l][i & 3], w[l][(i + 1) & 3]);
                w[l][i & 3] = vsha256su1q_u32(half, w[l][(i + 2) & 3], w[l][(i + 3) & 3]);
            }
        }
    }
    add(s, before, lanes);
}

/// The 64 rounds over blocks whose schedules are ready.
INLINE void rounds_ready(state s[], const uint32_t *const rows[], const int lanes) {
    state before[4];
    UNROLL for (int l = 0; l < lanes; l++) before[l] = s[l];
    UNROLL for (int i = 0; i < 16; i++) {
        UNROLL for (int l = 0; l < lanes; l++) quad(&s[l], vld1q_u32(rows[l] + 4 * i));
    }
    add(s, before, lanes);
}

/// 0x01 || left || right without its last byte: the children from one byte before, the first byte patched; nothing is copied.
INLINE void first_block(uint32x4_t w[4], const uint8_t *left, const uint8_t *right) {
    w[0] = big_endian(vextq_u8(vdupq_n_u8(0x01), vld1q_u8(left), 15));
    w[1] = big_endian(vld1q_u8(left + 15));
    w[2] = big_endian(vextq_u8(vld1q_u8(left + 16), vld1q_u8(right), 15));
    w[3] = big_endian(vld1q_u8(right + 15));
}

/// The parents of `lanes` pairs that stand side by side.
INLINE void parents(const uint8_t *row, uint8_t *out, const int lanes) {
    uint32_t spare[4][64];
    const uint32_t *second[4];
    state s[4];
    uint32x4_t w[4][4];
    UNROLL for (int l = 0; l < lanes; l++) {
        second[l] = trace_node_row(row[64 * l + 63], spare[l]);
        s[l] = load_state(trace_sha256_iv);
        first_block(w[l], row + 64 * l, row + 64 * l + 32);
    }
    rounds(s, w, lanes);
    rounds_ready(s, second, lanes);
    UNROLL for (int l = 0; l < lanes; l++) store_digest(s[l], out + 32 * l);
}

/// The next `count` blocks of as many messages as there are lanes.
INLINE void streams(uint32_t states[][8], const uint8_t *const at[], size_t count, const int lanes) {
    state s[4];
    UNROLL for (int l = 0; l < lanes; l++) s[l] = load_state(states[l]);
    for (size_t offset = 0; offset < 64 * count; offset += 64) {
        uint32x4_t w[4][4];
        UNROLL for (int l = 0; l < lanes; l++) {
            UNROLL for (int i = 0; i < 4; i++) w[l][i] = big_endian(vld1q_u8(at[l] + offset + 16 * i));
        }
        rounds(s, w, lanes);
    }
    UNROLL for (int l = 0; l < lanes; l++) store_state(s[l], states[l]);
}

TARGET static void blocks(uint32_t h[8], const uint8_t *at, size_t count) {
    streams((uint32_t(*)[8])h, &at, count, 1);
}

TARGET static void blocks4(uint32_t states[4][8], const uint8_t *const at[4], size_t count) {
    streams(states, at, count, 4);
}

TARGET static void node(const uint8_t left[32], const uint8_t right[32], uint8_t out[32]) {
    uint32_t spare[64];
    const uint32_t *second = trace_node_row(right[31], spare);
    state s = load_state(trace_sha256_iv);
    uint32x4_t w[4];
    first_block(w, left, right);
    rounds(&s, &w, 1);
    rounds_ready(&s, &second, 1);
    store_digest(s, out);
}

TARGET static void nodes(const uint8_t *row, size_t count, uint8_t *out) {
    for (; count > 0; count--, row += 64, out += 32) parents(row, out, 1);
}

TARGET static void nodes4(const uint8_t *row, size_t count, uint8_t *out) {
    for (; count >= 4; count -= 4, row += 256, out += 128) parents(row, out, 4);
    if (count >= 2) {
        parents(row, out, 2);
        count -= 2, row += 128, out += 64;
    }
    if (count > 0) parents(row, out, 1);
}

const trace_kernel trace_arm_one = {TRACE_HASH_ONE_STREAM, blocks, 0, node, nodes};
const trace_kernel trace_arm_four = {TRACE_HASH_FOUR_STREAMS, blocks, blocks4, node, nodes4};
#endif
