// The C library of the browser's verifier: what Embedded Swift asks for and nothing else.
//
// The heap is a first-fit list of free blocks in address order, merged when neighbours are freed, over memory that grows
// a page at a time. A block is a header of 16 bytes and its payload; payloads are aligned to 16.
#include <stddef.h>
#include <stdint.h>

typedef struct Block {
    size_t size; // of the payload, a multiple of 16
    struct Block *next; // the next free block, in address order
    uint64_t unused; // makes the header 16 bytes on wasm32
} Block;
_Static_assert(sizeof(Block) == 16, "payloads follow headers and are aligned to 16");

enum { page = 65536, grain = 16 };
extern unsigned char __heap_base;
static Block *free_list;
static uintptr_t heap_end;

static Block *grow(size_t size) {
    if (heap_end == 0) {
        heap_end = ((uintptr_t)&__heap_base + grain - 1) & ~(uintptr_t)(grain - 1);
    }
    uintptr_t start = heap_end;
    uintptr_t limit = (uintptr_t)__builtin_wasm_memory_size(0) * page;
    size_t wanted = sizeof(Block) + size;
    if (wanted < size || start + wanted < start) return NULL;
    if (start + wanted > limit) {
        size_t pages = (start + wanted - limit + page - 1) / page;
        if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) return NULL;
    }
    heap_end = start + wanted;
    Block *block = (Block *)start;
    block->size = size;
    return block;
}

void *malloc(size_t size) {
    if (size > (size_t)-1 - 4 * grain) return NULL;
    size = size < grain ? grain : (size + grain - 1) & ~(size_t)(grain - 1);
    for (Block **link = &free_list; *link; link = &(*link)->next) {
        Block *block = *link;
        if (block->size < size) continue;
        if (block->size >= size + sizeof(Block) + grain) {
            Block *rest = (Block *)((uintptr_t)(block + 1) + size);
            rest->size = block->size - size - sizeof(Block);
            rest->next = block->next;
            block->size = size;
            *link = rest;
        } else {
            *link = block->next;
        }
        return block + 1;
    }
    Block *block = grow(size);
    return block ? block + 1 : NULL;
}

static int touches(Block *left, Block *right) { return (uintptr_t)(left + 1) + left->size == (uintptr_t)right; }

void free(void *pointer) {
    if (!pointer) return;
    Block *block = (Block *)pointer - 1;
    Block *before = NULL;
    Block *after = free_list;
    while (after && after < block) {
        before = after;
        after = after->next;
    }
    block->next = after;
    if (after && touches(block, after)) {
        block->size += sizeof(Block) + after->size;
        block->next = after->next;
    }
    if (before && touches(before, block)) {
        before->size += sizeof(Block) + block->size;
        before->next = block->next;
    } else if (before) {
        before->next = block;
    } else {
        free_list = block;
    }
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment > grain) return 22; // EINVAL: nothing here is aligned to more than 16
    *result = malloc(size);
    return *result ? 0 : 12; // ENOMEM
}

// What Swift seeds its hash tables with, once. Nothing here is secret, and nothing random comes into the module: the tables hold
// what signatures vouch for.
void arc4random_buf(void *to, size_t count) {
    for (size_t index = 0; index < count; index++) ((unsigned char *)to)[index] = (unsigned char)(index * 151 + 89);
}

// -mbulk-memory makes the first three one instruction each.
void *memcpy(void *restrict to, const void *restrict from, size_t count) { return __builtin_memcpy(to, from, count); }
void *memmove(void *to, const void *from, size_t count) { return __builtin_memmove(to, from, count); }
void *memset(void *to, int value, size_t count) { return __builtin_memset(to, value, count); }

int memcmp(const void *left, const void *right, size_t count) {
    const unsigned char *l = left, *r = right;
    for (size_t index = 0; index < count; index++) {
        if (l[index] != r[index]) return l[index] < r[index] ? -1 : 1;
    }
    return 0;
}

// 128-bit multiplication, which overflow checks of 64-bit products ask for; the compiler's own name for it.
typedef struct { uint64_t low, high; } Wide;
Wide __multi3(uint64_t left_low, uint64_t left_high, uint64_t right_low, uint64_t right_high) {
    uint64_t mask = 0xFFFFFFFF;
    uint64_t a = left_low & mask, b = left_low >> 32, c = right_low & mask, d = right_low >> 32;
    uint64_t low = a * c, middle = b * c + (low >> 32), cross = a * d + (middle & mask);
    Wide result = {cross << 32 | (low & mask), b * d + (middle >> 32) + (cross >> 32)};
    result.high += left_low * right_high + left_high * right_low;
    return result;
}
