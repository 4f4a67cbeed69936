// A message as the kernels want it: blocks of 64 bytes, most of them where the bytes already are.
#ifndef TRACE_HASH_MESSAGE_H
#define TRACE_HASH_MESSAGE_H

#include "trace_hash_kernel.h"

/// A message under way. Its blocks come in up to three runs: with a prefix the first block is made in `own`; the whole
/// blocks after it are read in place, beginning one byte before their first; the rest and the padding are made in `own`.
typedef struct {
    /// The blocks at hand; none when the message is over.
    const uint8_t *at;
    size_t blocks;
    /// The bytes that are not in a run yet.
    const uint8_t *bytes;
    size_t length;
    uint64_t bits;
    /// Runs that are still to come.
    enum { MIDDLE, TAIL, OVER } next;
    uint8_t own[128];
} trace_message;

/// Copies fewer than 64 bytes: by two copies of a fixed size that overlap, which are a few instructions and not a call.
static inline void trace_copy_short(uint8_t *to, const uint8_t *from, size_t length) {
#define TRACE_COPY_TWICE(size) \
    if (length >= size) { \
        uint8_t first[size], last[size]; \
        __builtin_memcpy(first, from, size); \
        __builtin_memcpy(last, from + length - size, size); \
        __builtin_memcpy(to, first, size); \
        __builtin_memcpy(to + length - size, last, size); \
        return; \
    }
    TRACE_COPY_TWICE(32)
    TRACE_COPY_TWICE(16)
    TRACE_COPY_TWICE(8)
    TRACE_COPY_TWICE(4)
    for (size_t i = 0; i < length; i++) to[i] = from[i];
}

/// The last run: the rest after `used` bytes of `own`, 0x80, zeros and the length (FIPS 180-4 section 5.1.1).
static inline void trace_message_tail(trace_message *m, size_t used) {
    const size_t end = used + m->length, size = end < 56 ? 64 : 128;
    uint8_t prefix = m->own[0];
    __builtin_memset(m->own, 0, sizeof m->own);
    if (used > 0) m->own[0] = prefix;
    trace_copy_short(m->own + used, m->bytes, m->length);
    m->own[end] = 0x80;
    const uint64_t bits = __builtin_bswap64(m->bits);
    __builtin_memcpy(m->own + size - 8, &bits, 8);
    m->at = m->own;
    m->blocks = size / 64;
    m->next = OVER;
}

/// The run after the one at hand.
static inline void trace_message_advance(trace_message *m) {
    if (m->next == MIDDLE && m->length >= 64) {
        m->at = m->bytes;
        m->blocks = m->length / 64;
        m->bytes += m->length / 64 * 64;
        m->length %= 64;
        m->next = TAIL;
    } else if (m->next != OVER) {
        trace_message_tail(m, 0);
    } else {
        m->blocks = 0;
    }
}

/// Begins with the bytes alone.
static inline void trace_message_begin(trace_message *m, const uint8_t *bytes, size_t length) {
    m->bytes = bytes;
    m->length = length;
    m->bits = (uint64_t)length * 8;
    m->next = MIDDLE;
    trace_message_advance(m);
}

/// Begins with `prefix` before the bytes.
static inline void trace_message_begin_prefixed(trace_message *m, uint8_t prefix, const uint8_t *bytes, size_t length) {
    m->bytes = bytes;
    m->length = length;
    m->bits = ((uint64_t)length + 1) * 8;
    m->own[0] = prefix;
    if (length < 63) {
        trace_message_tail(m, 1);
        return;
    }
    __builtin_memcpy(m->own + 1, bytes, 63);
    m->at = m->own;
    m->blocks = 1;
    m->bytes += 63;
    m->length -= 63;
    m->next = MIDDLE;
}

static inline void trace_message_digest(const uint32_t state[8], uint8_t out[32]) {
    for (int i = 0; i < 8; i++) {
        const uint32_t word = __builtin_bswap32(state[i]);
        __builtin_memcpy(out + 4 * i, &word, 4);
    }
}

/// Hashes what is left of a message by itself.
static inline void trace_message_finish(const trace_kernel *kernel, trace_message *m, uint32_t state[8], uint8_t out[32]) {
    for (; m->blocks > 0; trace_message_advance(m)) kernel->blocks(state, m->at, m->blocks);
    trace_message_digest(state, out);
}

#endif
