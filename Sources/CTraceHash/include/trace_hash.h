// SHA-256 (FIPS 180-4) for RFC 6962 trees. No Swift types, no allocation, no libc beyond memcpy/memset:
// the same files build for wasm32 with -ffreestanding.
//
// Lengths are bytes, digests 32 of them. Nothing is read outside what a call is given.
#ifndef TRACE_HASH_H
#define TRACE_HASH_H

#include <stddef.h>
#include <stdint.h>

/// SHA-256 of `length` bytes at `bytes` into `out`. `bytes` may be null when `length` is 0.
void trace_sha256(const uint8_t *bytes, size_t length, uint8_t out[32]);

/// SHA-256(prefix || bytes): an RFC 6962 leaf hash when `prefix` is 0x00.
void trace_sha256_prefixed(uint8_t prefix, const uint8_t *bytes, size_t length, uint8_t out[32]);

/// SHA-256(0x01 || left || right), the RFC 6962 inner node of two 32-byte children. `out` may be one of the children.
void trace_hash_node(const uint8_t left[32], const uint8_t right[32], uint8_t out[32]);

/// The `count` parents of a row of `2 * count` digests, side by side into `out`: one level of a tree. `out` is the row
/// itself, whose first half it then becomes, or does not overlap it.
void trace_hash_nodes(const uint8_t *row, size_t count, uint8_t *out);

/// The leaf hashes of `count` entries, given as a pointer and a length each, side by side into `out`.
void trace_hash_leaves(const uint8_t *const *entries, const size_t *lengths, size_t count, uint8_t *out);

/// The leaf hashes of `count` entries that stand one behind the other in `bytes`, each ending before `ends[i]`.
/// The caller has seen to it that the ends do not decrease and lie within the bytes.
void trace_hash_leaves_until(const uint8_t *bytes, const size_t *ends, size_t count, uint8_t *out);

/// The leaf hashes of the `count` entries of a C2SP tlog-tiles entry bundle: a big-endian 16-bit length before each.
/// Returns 1; 0, and nothing of use in `out`, where `bytes` does not hold exactly so many entries and nothing more.
int trace_hash_bundle(const uint8_t *bytes, size_t length, size_t count, uint8_t *out);

/// How the calls above hash.
enum trace_hash_path {
    /// Plain C.
    TRACE_HASH_PORTABLE = 1,
    /// The processor's SHA-256 instructions, one message after the other.
    TRACE_HASH_ONE_STREAM = 2,
    /// The same with four messages interleaved: what is used wherever the processor has it.
    TRACE_HASH_FOUR_STREAMS = 3,
};

/// The path in use.
enum trace_hash_path trace_hash_current(void);

/// Keeps to one path for the whole process, 0 for the best again. Returns 0 and changes nothing where this processor does
/// not have it. For tests and measurements: every path gives the same hashes.
int trace_hash_force(int path);

#endif
