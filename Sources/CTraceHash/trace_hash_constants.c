// The message schedules of the second block of a tree node.
#include "trace_hash_kernel.h"

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
