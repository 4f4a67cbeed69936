// Which kernel hashes, and the calls for one message or node.
#include "trace_hash_message.h"

static const trace_kernel *current;

static const trace_kernel *best(void) {
#ifdef TRACE_HASH_SHANI
    if (trace_shani_present()) return &trace_shani_four;
#endif
#ifdef TRACE_HASH_ARM
    if (trace_arm_present()) return &trace_arm_four;
#endif
    return &trace_portable;
}

const trace_kernel *trace_kernel_current(void) {
    const trace_kernel *kernel = __atomic_load_n(&current, __ATOMIC_RELAXED);
    if (__builtin_expect(kernel != 0, 1)) return kernel;
    kernel = best();
    __atomic_store_n(&current, kernel, __ATOMIC_RELAXED);
    return kernel;
}

enum trace_hash_path trace_hash_current(void) { return trace_kernel_current()->path; }

int trace_hash_force(int path) {
    const trace_kernel *kernel = best();
    if (path == TRACE_HASH_PORTABLE) kernel = &trace_portable;
#ifdef TRACE_HASH_SHANI
    if (path == TRACE_HASH_ONE_STREAM && trace_shani_present()) kernel = &trace_shani_one;
#endif
#ifdef TRACE_HASH_ARM
    if (path == TRACE_HASH_ONE_STREAM && trace_arm_present()) kernel = &trace_arm_one;
#endif
    if (path != 0 && kernel->path != (enum trace_hash_path)path) return 0;
    __atomic_store_n(&current, kernel, __ATOMIC_RELAXED);
    return 1;
}

void trace_sha256(const uint8_t *bytes, size_t length, uint8_t out[32]) {
    uint32_t state[8];
    trace_message message;
    __builtin_memcpy(state, trace_sha256_iv, sizeof state);
    trace_message_begin(&message, bytes, length);
    trace_message_finish(trace_kernel_current(), &message, state, out);
}

void trace_sha256_prefixed(uint8_t prefix, const uint8_t *bytes, size_t length, uint8_t out[32]) {
    uint32_t state[8];
    trace_message message;
    __builtin_memcpy(state, trace_sha256_iv, sizeof state);
    trace_message_begin_prefixed(&message, prefix, bytes, length);
    trace_message_finish(trace_kernel_current(), &message, state, out);
}

void trace_hash_node(const uint8_t left[32], const uint8_t right[32], uint8_t out[32]) {
    trace_kernel_current()->node(left, right, out);
}

void trace_hash_nodes(const uint8_t *row, size_t count, uint8_t *out) {
    trace_kernel_current()->nodes(row, count, out);
}
