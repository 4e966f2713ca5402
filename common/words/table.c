/*
 * Nothing here moves an entry: growing rebuilds the index from the stored hashes, and clearing
 * wipes the index and rewinds the buffer. Memory comes straight from mmap, in huge pages where the
 * system gives them, because a random probe per word is all the TLB sees.
 */
#include "words/table.h"

#include <string.h>
#include <sys/mman.h>

#include "base/code.h"
#include "scan/scan.h"
#include "words/entry.h"

#define HUGE_PAGE_SIZE (2u << 20)

static void *pages_map(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    if (size >= HUGE_PAGE_SIZE)
        madvise(memory, size, MADV_HUGEPAGE);
    return memory;
}

/* Twice as many slots as entries: probes stay short up to the last entry. */
static uint32_t slots_for(uint32_t n_entries)
{
    uint32_t n = 16;
    while (n < UINT32_C(1) << 31 && n < 2 * (uint64_t)n_entries)
        n *= 2;
    return n;
}

int table_init(struct table *table, uint32_t n_entries_max, size_t limit, size_t capacity)
{
    struct table new = {.n_entries_max = n_entries_max, .limit = limit, .capacity = capacity};
    new.n_slots = slots_for(n_entries_max);
    new.slots = pages_map(new.n_slots * sizeof *new.slots);
    new.entries = pages_map(capacity + SCAN_PADDING);
    if (!new.slots || !new.entries) {
        table_release(&new);
        return CODE_NOMEM;
    }
    *table = new;
    return 0;
}

void table_release(struct table *table)
{
    if (table->slots)
        munmap(table->slots, table->n_slots * sizeof *table->slots);
    if (table->entries)
        munmap(table->entries, table->capacity + SCAN_PADDING);
    *table = (struct table){0};
}

void table_clear(struct table *table)
{
    if (table->n_entries == 0)
        return;
    if (!table->is_list)
        memset(table->slots, 0, table->n_slots * sizeof *table->slots);
    table->n_entries = 0;
    table->size = 0;
}

void table_drop(struct table *table)
{
    table_clear(table);
    madvise(table->slots, table->n_slots * sizeof *table->slots, MADV_DONTNEED);
    madvise(table->entries, table->capacity + SCAN_PADDING, MADV_DONTNEED);
}

static struct entry *entry_at(const struct table *table, uint32_t offset)
{
    return (struct entry *)(void *)(table->entries + (size_t)(offset - 1) * 8);
}

/* The slot that the word is in, or the empty one where it belongs. */
static struct table_slot *slot_of(const struct table *table, uint64_t hash, const char *key,
                                  uint32_t size)
{
    uint32_t mask = table->n_slots - 1;
    uint32_t tag = (uint32_t)(hash >> 32);
    uint32_t i = (uint32_t)hash & mask;
    for (; table->slots[i].offset; i = (i + 1) & mask) {
        if (table->slots[i].tag != tag)
            continue;
        const struct entry *entry = entry_at(table, table->slots[i].offset);
        if (entry->size == size && keys_are_equal(entry->key, key, size))
            break;
    }
    return &table->slots[i];
}

const struct entry *table_find(const struct table *table, uint64_t hash, const char *key,
                               uint32_t size)
{
    const struct table_slot *slot = slot_of(table, hash, key, size);
    return slot->offset ? entry_at(table, slot->offset) : NULL;
}

void table_set_more(struct entry *entry, const uint64_t *counts)
{
    memcpy(entry_more(entry), counts + 1, entry->n_more * sizeof *counts);
}

void table_take_back(struct table *table, const struct entry *entry)
{
    table->size = (size_t)((const unsigned char *)entry - table->entries);
    table->n_entries--;
}

/* The entry, which is the last one, is what the empty slot has from now on. */
static inline void fill_slot(struct table *table, struct table_slot *slot, uint64_t hash,
                             const struct entry *entry)
{
    size_t at = (size_t)((const unsigned char *)entry - table->entries);
    *slot = (struct table_slot){(uint32_t)(hash >> 32), (uint32_t)(at / 8 + 1)};
    uint32_t probe = ((uint32_t)(slot - table->slots) - (uint32_t)hash) & (table->n_slots - 1);
    if (probe > table->longest_probe)
        table->longest_probe = probe;
}

int table_add_counts(struct table *table, uint64_t hash, const char *key, uint32_t size,
                     const uint64_t *counts)
{
    struct table_slot *slot = slot_of(table, hash, key, size);
    if (slot->offset)
        return entry_add_counts(table->reduce, entry_at(table, slot->offset), counts);
    struct entry *entry = table_append(table, hash, key, size, counts);
    if (!entry)
        return TABLE_FULL;
    fill_slot(table, slot, hash, entry);
    return 0;
}

int table_grow(struct table *table)
{
    uint32_t n_slots = slots_for(2 * table->n_entries_max);
    struct table_slot *slots = pages_map(n_slots * sizeof *slots);
    if (!slots)
        return CODE_NOMEM;
    const struct entry *end = table->is_list ? table_first(table) : table_end(table);
    for (const struct entry *entry = table_first(table); entry < end; entry = entry_next(entry)) {
        uint32_t i = (uint32_t)entry->hash & (n_slots - 1);
        while (slots[i].offset)
            i = (i + 1) & (n_slots - 1);
        size_t at = (size_t)((const unsigned char *)entry - table->entries);
        slots[i] = (struct table_slot){(uint32_t)(entry->hash >> 32), (uint32_t)(at / 8 + 1)};
    }
    munmap(table->slots, table->n_slots * sizeof *table->slots);
    table->slots = slots;
    table->n_slots = n_slots;
    table->n_entries_max *= 2;
    return 0;
}

int table_reserve(struct table *table, size_t size)
{
    if (size > TABLE_CAPACITY_MAX)
        return CODE_NOMEM;
    if (size > table->capacity) {
        /* Half as much again, so that the next, slightly larger one needs no new pages. */
        size_t capacity = size + size / 2;
        unsigned char *entries = pages_map(capacity + SCAN_PADDING);
        if (!entries)
            return CODE_NOMEM;
        munmap(table->entries, table->capacity + SCAN_PADDING);
        table->entries = entries;
        table->capacity = capacity;
    }
    if (size > table->limit)
        table->limit = size;
    return 0;
}
