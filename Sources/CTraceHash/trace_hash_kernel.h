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

/// FIPS 180-4 section 4.2.2. Defined here, so that plain C has them as constants in its instructions.
static const uint32_t trace_sha256_k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
/// FIPS 180-4 section 5.3.3.
static const uint32_t trace_sha256_iv[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

/// The message schedule of a node's second block with the round constants added, 64 words. The block is the last byte of
/// the right child, 0x80, zeros and the length of 520 bits, so there are only 256 of them.
/// The row is one of a table, or made in `spare` where there is no table (yet).
const uint32_t *trace_node_row(uint8_t last, uint32_t spare[64]);

#endif
