// SHA-256 (FIPS 180-4) for RFC 6962 trees. No Swift types, no allocation, no libc beyond memcpy/memset:
// the same files build for wasm32 with -ffreestanding.
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

/// Whether the calls above use the processor's SHA instructions; otherwise they run portable C.
int trace_hash_is_accelerated(void);

/// Keeps to portable C while `on` is not 0, for the whole process: tests compare both paths on one machine.
void trace_hash_force_portable(int on);

#endif
