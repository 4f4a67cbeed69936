// SHA-256 on the x86-64 SHA extensions. Only these functions are compiled for them: the caller asks the processor first.
//
// sha256rnds2 answers after four cycles and could be asked every second one, so that a stream waits for itself half of
// the time; four independent messages, interleaved quad by quad of rounds, fill the gaps.
#include "trace_hash_kernel.h"

#ifdef TRACE_HASH_SHANI
#include <immintrin.h>

#define TARGET __attribute__((target("sha,avx")))
#define INLINE TARGET static inline __attribute__((always_inline))
/// The loops over lanes and rounds have constant bounds where they are inlined, and are written out.
#define UNROLL _Pragma("clang loop unroll(full)")

/// The state in the order of the sha256rnds2 instruction: words A B E F and C D G H.
typedef struct { __m128i abef, cdgh; } state;

int trace_shani_present(void) {
    return __builtin_cpu_supports("sha") && __builtin_cpu_supports("avx");
}

INLINE __m128i load(const void *at) { return _mm_loadu_si128((const __m128i *)at); }

/// Words between memory order (big-endian) and lanes.
INLINE __m128i swap(__m128i words) {
    return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

INLINE state load_state(const uint32_t h[8]) {
    __m128i cdab = _mm_shuffle_epi32(load(h), 0xB1), efgh = _mm_shuffle_epi32(load(h + 4), 0x1B);
    return (state){_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xF0)};
}

INLINE void words(state s, __m128i *abcd, __m128i *efgh) {
    __m128i feba = _mm_shuffle_epi32(s.abef, 0x1B), dchg = _mm_shuffle_epi32(s.cdgh, 0xB1);
    *abcd = _mm_blend_epi16(feba, dchg, 0xF0);
    *efgh = _mm_alignr_epi8(dchg, feba, 8);
}

INLINE void store_state(state s, uint32_t h[8]) {
    __m128i abcd, efgh;
    words(s, &abcd, &efgh);
    _mm_storeu_si128((__m128i *)h, abcd);
    _mm_storeu_si128((__m128i *)(h + 4), efgh);
}

INLINE void store_digest(state s, uint8_t out[32]) {
    __m128i abcd, efgh;
    words(s, &abcd, &efgh);
    _mm_storeu_si128((__m128i *)out, swap(abcd));
    _mm_storeu_si128((__m128i *)(out + 16), swap(efgh));
}

/// Four rounds; the lanes of `wk` are the message words with their constants added.
INLINE void quad(state *s, __m128i wk) {
    s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, wk);
    s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_shuffle_epi32(wk, 0x0E));
}

INLINE void add(state s[], const state before[], const int lanes) {
    UNROLL for (int l = 0; l < lanes; l++) {
        s[l].abef = _mm_add_epi32(s[l].abef, before[l].abef);
        s[l].cdgh = _mm_add_epi32(s[l].cdgh, before[l].cdgh);
    }
}

/// The 64 rounds over one block in each lane, whose sixteen message words are given in `w`.
INLINE void rounds(state s[], __m128i w[][4], const int lanes) {
    state before[4];
    UNROLL for (int l = 0; l < lanes; l++) before[l] = s[l];
    UNROLL for (int i = 0; i < 16; i++) {
        const __m128i k = load(trace_sha256_k + 4 * i);
        UNROLL for (int l = 0; l < lanes; l++) {
            quad(&s[l], _mm_add_epi32(w[l][i & 3], k));
            if (i < 12) {
                __m128i last = w[l][(i + 3) & 3];
                __m128i next = _mm_sha256msg1_epu32(w[l][i & 3], w[l][(i + 1) & 3]);
                next = _mm_add_epi32(next, _mm_alignr_epi8(last, w[l][(i + 2) & 3], 4));
                w[l][i & 3] = _mm_sha256msg2_epu32(next, last);
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
        UNROLL for (int l = 0; l < lanes; l++) quad(&s[l], load(rows[l] + 4 * i));
    }
    add(s, before, lanes);
}

/// 0x01 || left || right without its last byte: the children from one byte before, the first byte patched; nothing is copied.
INLINE void first_block(__m128i w[4], const uint8_t *left, const uint8_t *right) {
    w[0] = swap(_mm_or_si128(_mm_slli_si128(load(left), 1), _mm_cvtsi32_si128(0x01)));
    w[1] = swap(load(left + 15));
    w[2] = swap(_mm_alignr_epi8(load(right), load(left + 16), 15));
    w[3] = swap(load(right + 15));
}

/// The parents of `lanes` pairs that stand side by side.
INLINE void parents(const uint8_t *row, uint8_t *out, const int lanes) {
    uint32_t spare[4][64];
    const uint32_t *second[4];
    state s[4];
    __m128i w[4][4];
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
        __m128i w[4][4];
        UNROLL for (int l = 0; l < lanes; l++) {
            UNROLL for (int i = 0; i < 4; i++) w[l][i] = swap(load(at[l] + offset + 16 * i));
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
    __m128i w[4];
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

const trace_kernel trace_shani_one = {TRACE_HASH_ONE_STREAM, blocks, 0, node, nodes};
const trace_kernel trace_shani_four = {TRACE_HASH_FOUR_STREAMS, blocks, blocks4, node, nodes4};
#endif
