// Leaf hashes of many entries: four messages under way at a time, each in a lane of its own.
//
// The lanes go forward together by as many blocks as each of them has at hand. A lane whose entry is over takes the next
// one, so that entries of different lengths keep all four busy until the last few.
#include "trace_hash_message.h"

/// The entries that are not under way yet; the three kinds of input differ in this alone.
typedef struct queue {
    size_t taken, count;
    /// Gives the entry number `taken`; 0 where there is none, and then none after it.
    int (*take)(struct queue *queue, const uint8_t **bytes, size_t *length);
    const uint8_t *const *pointers;
    const size_t *lengths;
    /// What is left of entries that stand one behind the other, and where they end.
    const uint8_t *bytes, *end;
} queue;

typedef struct {
    trace_message messages[4];
    uint32_t states[4][8];
    uint8_t *outs[4];
    const uint8_t *at[4];
} lanes;

/// Puts the next entry into a lane; 0 where there is none.
static int fill(lanes *four, int l, queue *queue, uint8_t *out) {
    const uint8_t *bytes;
    size_t length;
    if (queue->taken == queue->count || !queue->take(queue, &bytes, &length)) return 0;
    four->outs[l] = out + 32 * queue->taken++;
    trace_message_begin_prefixed(&four->messages[l], 0x00, bytes, length);
    __builtin_memcpy(four->states[l], trace_sha256_iv, sizeof four->states[l]);
    return 1;
}

/// Goes forward in all lanes; the lanes that came to an end take the next entry. Ends when there is none for one of them
/// and says which lanes are still busy, a bit for each.
static unsigned run(const trace_kernel *kernel, lanes *four, queue *queue, uint8_t *out) {
    for (unsigned busy = 15;;) {
        size_t blocks = four->messages[0].blocks;
        for (int l = 1; l < 4; l++) if (four->messages[l].blocks < blocks) blocks = four->messages[l].blocks;
        for (int l = 0; l < 4; l++) four->at[l] = four->messages[l].at;
        kernel->blocks4(four->states, four->at, blocks);
        for (int l = 0; l < 4; l++) {
            trace_message *m = &four->messages[l];
            m->at += 64 * blocks;
            m->blocks -= blocks;
            if (m->blocks > 0) continue;
            trace_message_advance(m);
            if (m->blocks > 0) continue;
            trace_message_digest(four->states[l], four->outs[l]);
            if (!fill(four, l, queue, out)) busy &= ~(1u << l);
        }
        if (busy != 15) return busy;
    }
}

static void hash_leaves(queue *queue, uint8_t *out) {
    const trace_kernel *kernel = trace_kernel_current();
    lanes four;
    unsigned busy = 0;
    if (kernel->blocks4 && queue->count >= 4) {
        for (int l = 0; l < 4; l++) busy |= (unsigned)fill(&four, l, queue, out) << l;
        if (busy == 15) busy = run(kernel, &four, queue, out);
    }
    for (int l = 0; l < 4; l++) {
        if (busy >> l & 1) trace_message_finish(kernel, &four.messages[l], four.states[l], four.outs[l]);
    }
    while (fill(&four, 0, queue, out)) trace_message_finish(kernel, &four.messages[0], four.states[0], four.outs[0]);
}

static int take_pointer(queue *queue, const uint8_t **bytes, size_t *length) {
    *bytes = queue->pointers[queue->taken];
    *length = queue->lengths[queue->taken];
    return 1;
}

void trace_hash_leaves(const uint8_t *const *entries, const size_t *lengths, size_t count, uint8_t *out) {
    queue queue = {.count = count, .take = take_pointer, .pointers = entries, .lengths = lengths};
    hash_leaves(&queue, out);
}

static int take_until(queue *queue, const uint8_t **bytes, size_t *length) {
    const size_t from = queue->taken > 0 ? queue->lengths[queue->taken - 1] : 0;
    *bytes = queue->bytes + from;
    *length = queue->lengths[queue->taken] - from;
    return 1;
}

void trace_hash_leaves_until(const uint8_t *bytes, const size_t *ends, size_t count, uint8_t *out) {
    queue queue = {.count = count, .take = take_until, .lengths = ends, .bytes = bytes};
    hash_leaves(&queue, out);
}

static int take_prefixed(queue *queue, const uint8_t **bytes, size_t *length) {
    const size_t left = (size_t)(queue->end - queue->bytes);
    if (left < 2) return 0;
    *length = (size_t)queue->bytes[0] << 8 | queue->bytes[1];
    if (left - 2 < *length) return 0;
    *bytes = queue->bytes + 2;
    queue->bytes += 2 + *length;
    return 1;
}

int trace_hash_bundle(const uint8_t *bytes, size_t length, size_t count, uint8_t *out) {
    if (count == 0) return length == 0;
    queue queue = {.count = count, .take = take_prefixed, .bytes = bytes, .end = bytes + length};
    hash_leaves(&queue, out);
    return queue.taken == count && queue.bytes == queue.end;
}
