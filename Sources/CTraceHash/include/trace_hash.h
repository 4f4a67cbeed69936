// SHA-256 (FIPS 180-4) for RFC 6962 trees. No Swift types, no allocation, no libc beyond memcpy/memset:
// the same file builds for wasm32 with -ffreestanding.
#ifndef TRACE_HASH_H
#define TRACE_HASH_H

#include <stddef.h>
#include <stdint.h>

/// SHA-256 of `length` bytes at `bytes` into `out`.
void trace_sha256(const uint8_t *bytes, size_t length, uint8_t out[32]);

/// SHA-256(prefix || bytes): an RFC 6962 leaf hash when `prefix` is 0x00.
void trace_sha256_prefixed(uint8_t prefix, const uint8_t *bytes, size_t length, uint8_t out[32]);

/// SHA-256(0x01 || left || right), the RFC 6962 inner node of two 32-byte children.
void trace_hash_node(const uint8_t left[32], const uint8_t right[32], uint8_t out[32]);

#endif
