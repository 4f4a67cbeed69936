// The constants of SHA-256, and the message schedules of the second block of a tree node.
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

static inline uint32_t rotr(uint32_t x, int n) { return (x >> n) | (x << (32 - n)); }

static void fill(uint32_t row[64], uint8_t last) {
    __builtin_memset(row, 0, 16 * sizeof row[0]);
    row[0] = (uint32_t)last << 24 | 0x00800000;
    row[15] = 65 * 8;
    for (int i = 16; i < 64; i++) {
        const uint32_t a = row[i - 15], b = row[i - 2];
        row[i] = row[i - 16] + row[i - 7] + (rotr(a, 7) ^ rotr(a, 18) ^ (a >> 3)) + (rotr(b, 17) ^ rotr(b, 19) ^ (b >> 10));
    }
    for (int i = 0; i < 64; i++) row[i] += trace_sha256_k[i];
}

#if defined(__wasm__)
// A page verifies a few proofs: 64 KiB of memory would not pay.
const uint32_t *trace_node_row(uint8_t last, uint32_t spare[64]) {
    fill(spare, last);
    return spare;
}
#else
static uint32_t rows[256][64];
enum { UNTOUCHED, BEING_FILLED, READY };
static int rows_are = UNTOUCHED;

const uint32_t *trace_node_row(uint8_t last, uint32_t spare[64]) {
    if (__builtin_expect(__atomic_load_n(&rows_are, __ATOMIC_ACQUIRE) == READY, 1)) return rows[last];
    // The first to come fills the table, some 30 us; nobody waits for it.
    int untouched = UNTOUCHED;
    if (!__atomic_compare_exchange_n(&rows_are, &untouched, BEING_FILLED, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        fill(spare, last);
        return spare;
    }
    for (int byte = 0; byte < 256; byte++) fill(rows[byte], (uint8_t)byte);
    __atomic_store_n(&rows_are, READY, __ATOMIC_RELEASE);
    return rows[last];
}
#endif
