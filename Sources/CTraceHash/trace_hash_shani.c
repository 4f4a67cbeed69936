// One stream of SHA-256 on the x86-64 SHA extensions. Only these functions are compiled for them: the caller asks the
// processor first.
#include "trace_hash_kernel.h"

#ifdef TRACE_HASH_SHANI
#include <immintrin.h>

#define TARGET __attribute__((target("sha,sse4.1,ssse3")))
#define INLINE TARGET static inline __attribute__((always_inline))

/// The state in the order of the sha256rnds2 instruction: words A B E F and C D G H.
typedef struct { __m128i abef, cdgh; } state;

int trace_shani_present(void) {
    return __builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3");
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

INLINE void store_state(state s, __m128i *abcd, __m128i *efgh) {
    __m128i feba = _mm_shuffle_epi32(s.abef, 0x1B), dchg = _mm_shuffle_epi32(s.cdgh, 0xB1);
    *abcd = _mm_blend_epi16(feba, dchg, 0xF0);
    *efgh = _mm_alignr_epi8(dchg, feba, 8);
}

/// The 64 rounds over one block, given as sixteen message words in four lanes each.
INLINE state rounds(state s, __m128i w0, __m128i w1, __m128i w2, __m128i w3) {
    __m128i w[4] = {w0, w1, w2, w3};
    const state before = s;
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
        __m128i wk = _mm_add_epi32(w[i & 3], load(trace_sha256_k + 4 * i));
        s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, wk);
        s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(wk, 0x0E));
        if (i < 12) {
            __m128i last = w[(i + 3) & 3];
            __m128i next = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
            next = _mm_add_epi32(next, _mm_alignr_epi8(last, w[(i + 2) & 3], 4));
            w[i & 3] = _mm_sha256msg2_epu32(next, last);
        }
    }
    return (state){_mm_add_epi32(s.abef, before.abef), _mm_add_epi32(s.cdgh, before.cdgh)};
}

TARGET void trace_shani_compress(uint32_t h[8], const uint8_t *blocks, size_t count) {
    state s = load_state(h);
    for (; count > 0; count--, blocks += 64) {
        s = rounds(s, swap(load(blocks)), swap(load(blocks + 16)), swap(load(blocks + 32)), swap(load(blocks + 48)));
    }
    __m128i abcd, efgh;
    store_state(s, &abcd, &efgh);
    _mm_storeu_si128((__m128i *)h, abcd);
    _mm_storeu_si128((__m128i *)(h + 4), efgh);
}

TARGET void trace_shani_node(const uint8_t left[32], const uint8_t right[32], uint8_t out[32]) {
    // 0x01 || left || right[0..<31] assembled in registers, then right[31] || 0x80 || zeros || the length, 520 bits.
    __m128i first = _mm_or_si128(_mm_slli_si128(load(left), 1), _mm_cvtsi32_si128(0x01));
    __m128i middle = _mm_alignr_epi8(load(right), load(left + 16), 15);
    __m128i tail = _mm_set_epi32(0, 0, 0, (int)((uint32_t)right[31] << 24 | 0x00800000));
    state s = load_state(trace_sha256_iv);
    s = rounds(s, swap(first), swap(load(left + 15)), swap(middle), swap(load(right + 15)));
    s = rounds(s, tail, _mm_setzero_si128(), _mm_setzero_si128(), _mm_set_epi32(520, 0, 0, 0));
    __m128i abcd, efgh;
    store_state(s, &abcd, &efgh);
    _mm_storeu_si128((__m128i *)out, swap(abcd));
    _mm_storeu_si128((__m128i *)(out + 16), swap(efgh));
}
#endif
