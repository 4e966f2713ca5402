/* The sample is a small hash table with linear probing, of hashes alone. */
#include "tasks/recurrence.h"

#include <string.h>

static int is_sampled(const struct recurrence *recurrence, uint64_t hash)
{
    return (hash & ((UINT64_C(1) << recurrence->n_zeros) - 1)) == 0 && hash != 0;
}

/* 1: it was there. */
static int add(struct recurrence *recurrence, uint64_t hash)
{
    size_t i = hash >> 32 & (RECURRENCE_SLOTS - 1);
    for (; recurrence->slots[i]; i = (i + 1) & (RECURRENCE_SLOTS - 1))
        if (recurrence->slots[i] == hash)
            return 1;
    recurrence->slots[i] = hash;
    recurrence->n++;
    return 0;
}

/* Keeps about half of the sample. */
static void thin_out(struct recurrence *recurrence)
{
    uint64_t slots[RECURRENCE_SLOTS];
    memcpy(slots, recurrence->slots, sizeof slots);
    memset(recurrence->slots, 0, sizeof recurrence->slots);
    recurrence->n = 0;
    recurrence->n_zeros++;
    for (size_t i = 0; i < RECURRENCE_SLOTS; i++)
        if (is_sampled(recurrence, slots[i]))
            add(recurrence, slots[i]);
}

void recurrence_note(struct recurrence *recurrence, const struct table *table, size_t start)
{
    const struct entry *entry = (const struct entry *)(const void *)(table->entries + start);
    if (recurrence->n_looked_at >= RECURRENCE_LEAST)
        recurrence->n_looked_at = recurrence->n_back = 0;
    for (; entry < table_end(table); entry = entry_next(entry)) {
        /* Not that of the entry: lists have none. */
        uint64_t hash = table_hash(entry->key, entry->size, 0);
        if (!is_sampled(recurrence, hash))
            continue;
        recurrence->n_looked_at++;
        recurrence->n_back += (unsigned)add(recurrence, hash);
        while (2 * recurrence->n > RECURRENCE_SLOTS)
            thin_out(recurrence);
    }
}
