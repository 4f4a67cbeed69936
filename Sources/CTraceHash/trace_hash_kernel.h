// What the kernels share; not part of the module.
#ifndef TRACE_HASH_KERNEL_H
#define TRACE_HASH_KERNEL_H

#include "include/trace_hash.h"

#if defined(__x86_64__)
#define TRACE_HASH_SHANI 1
#endif

/// FIPS 180-4 section 4.2.2.
extern const uint32_t trace_sha256_k[64];
/// FIPS 180-4 section 5.3.3.
extern const uint32_t trace_sha256_iv[8];

#ifdef TRACE_HASH_SHANI
/// Whether this processor has the instructions that the two functions below need.
int trace_shani_present(void);
/// Compresses `count` blocks of 64 bytes into the state `h`.
void trace_shani_compress(uint32_t h[8], const uint8_t *blocks, size_t count);
/// trace_hash_node without a buffer between.
void trace_shani_node(const uint8_t left[32], const uint8_t right[32], uint8_t out[32]);
#endif

#endif
