// What the kernels share; not part of the module.
#ifndef TRACE_HASH_KERNEL_H
#define TRACE_HASH_KERNEL_H

#include "include/trace_hash.h"

#if defined(__x86_64__)
#define TRACE_HASH_SHANI 1
#elif defined(__aarch64__) && !defined(__ARM_BIG_ENDIAN)
#define TRACE_HASH_ARM 1
#endif

/// One way to hash. A state is the eight words of FIPS 180-4 section 6.2, in their order.
typedef struct {
    enum trace_hash_path path;
    /// Compresses `count` blocks of 64 bytes into a state.
    void (*blocks)(uint32_t state[8], const uint8_t *at, size_t count);
    /// The same for four streams of `count` blocks each; null where streams are not interleaved.
    void (*blocks4)(uint32_t states[4][8], const uint8_t *const at[4], size_t count);
    /// trace_hash_node and trace_hash_nodes.
    void (*node)(const uint8_t left[32], const uint8_t right[32], uint8_t out[32]);
    void (*nodes)(const uint8_t *row, size_t count, uint8_t *out);
} trace_kernel;

extern const trace_kernel trace_portable;
#ifdef TRACE_HASH_SHANI
extern const trace_kernel trace_shani_one, trace_shani_four;
int trace_shani_present(void);
#endif
#ifdef TRACE_HASH_ARM
extern const trace_kernel trace_arm_one, trace_arm_four;
int trace_arm_present(void);
#endif

/// The kernel in use.
const trace_kernel *trace_kernel_current(void);

/// FIPS 180-4 section 4.2.2.
extern const uint32_t trace_sha256_k[64];
/// FIPS 180-4 section 5.3.3.
extern const uint32_t trace_sha256_iv[8];

/// The message schedule of a node's second block with the round constants added, 64 words. The block is the last byte of
/// the right child, 0x80, zeros and the length of 520 bits, so there are only 256 of them.
/// The row is one of a table, or made in `spare` where there is no table (yet).
const uint32_t *trace_node_row(uint8_t last, uint32_t spare[64]);

#endif
