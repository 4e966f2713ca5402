/* The memory comes from mmap, in huge pages where the system gives them. */
#include "text/front.h"

#include <sys/mman.h>

#include "base/code.h"

#define SLOTS_MIN (UINT32_C(1) << 12)
#define HUGE_PAGE_SIZE ((size_t)2 << 20)

/* splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014). */
static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
    x = (x ^ x >> 27) * 0x94D049BB133111EB;
    return x ^ x >> 31;
}

static size_t size_of(const struct front *front)
{
    return front->n_slots * sizeof *front->slots;
}

static int map_slots(struct front *front, uint32_t n_slots)
{
    size_t size = n_slots * sizeof *front->slots;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return CODE_NOMEM;
    if (size >= HUGE_PAGE_SIZE)
        madvise(memory, size, MADV_HUGEPAGE);
    front->slots = memory;
    front->n_slots = n_slots;
    return 0;
}

int front_init(struct front *front, size_t size_max, uint64_t seed)
{
    struct front new = {.size_max = size_max};
    if (map_slots(&new, SLOTS_MIN) < 0)
        return CODE_NOMEM;
    new.seeds[0] = mix(seed);
    new.seeds[1] = mix(new.seeds[0]) | 1;
    *front = new;
    return 0;
}

void front_release(struct front *front)
{
    if (front->slots)
        munmap(front->slots, size_of(front));
    *front = (struct front){0};
}

int front_grow(struct front *front)
{
    struct front new = *front;
    if (2 * size_of(front) > front->size_max || map_slots(&new, 2 * front->n_slots) < 0)
        return 0;
    for (uint32_t i = 0; i < front->n_slots; i++) {
        const struct front_slot *slot = &front->slots[i];
        if (slot->count == 0)
            continue;
        uint32_t to = front_hash(&new, slot->head, slot->tail) & (new.n_slots - 1);
        while (new.slots[to].count > 0)
            to = (to + 1) & (new.n_slots - 1);
        new.slots[to] = *slot;
    }
    munmap(front->slots, size_of(front));
    *front = new;
    return 1;
}

void front_clear(struct front *front)
{
    if (front->n_words > 0)
        memset(front->slots, 0, size_of(front));
    front->n_words = 0;
}
