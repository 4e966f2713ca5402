#include "runs/bounds.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"

/* Sampled words per bound: the largest slice is then some 10% over the average. */
#define OVERSAMPLING 64

/* Words that are gathered at a time on the way to the n-th. */
#define NTH_SLICE_WORDS 32768

struct sample {
    const struct entry *original;
    _Alignas(8) char entry[];
};

static struct sample *sample_new(const struct entry *entry)
{
    size_t size = entry_bytes(entry);
    struct sample *sample = malloc(sizeof *sample + size + 8);
    if (!sample)
        return NULL;
    sample->original = entry;
    memcpy(sample->entry, entry, size);
    return sample;
}

static struct sample *sample_of(const struct entry *entry)
{
    return (struct sample *)(void *)((char *)(uintptr_t)entry - offsetof(struct sample, entry));
}

int bounds_begin(struct bounds *bounds, const struct arena *arena, enum order order,
                 const struct run *const *runs, size_t n_runs, const struct entry *upper,
                 size_t n_slices)
{
    uint64_t n_fences = 0;
    for (size_t i = 0; i < n_runs; i++)
        n_fences += runs[i]->n_fences;
    *bounds = (struct bounds){.arena = arena,
                              .order = order,
                              .runs = runs,
                              .n_runs = n_runs,
                              .upper = upper,
                              .n_slices = n_slices,
                              .step = n_fences / (n_slices * OVERSAMPLING) + 1};
    return gather_reserve(&bounds->samples, n_fences / bounds->step + 1);
}

static int add_sample(struct bounds *bounds, const struct entry *entry)
{
    struct gather *samples = &bounds->samples;
    if (bounds->upper && order_compare(bounds->order, entry, bounds->upper) >= 0)
        return 0;
    struct sample *sample = sample_new(entry);
    if (!sample)
        return CODE_NOMEM;
    samples->items[samples->n++] =
        (struct order_item){order_key(bounds->order, entry), (const void *)sample->entry};
    return 0;
}

int bounds_sample(struct bounds *bounds, size_t n)
{
    for (; bounds->run < bounds->n_runs; bounds->run++) {
        const struct run *run = bounds->runs[bounds->run];
        int spilled = arena_holds_spilled(bounds->arena, run);
        for (; bounds->next < run->n_fences; bounds->next += bounds->step) {
            if (n-- == 0)
                return BOUNDS_MORE;
            if (spilled)
                arena_note_read(bounds->arena, &bounds->mapped, SPILL_MAPPED_AT_ONCE);
            if (add_sample(bounds, run_fence(run, bounds->next)) < 0)
                return CODE_NOMEM;
        }
        bounds->next -= run->n_fences;
    }
    return 0;
}

void bounds_choose(struct bounds *bounds, const struct entry **cuts)
{
    struct gather *samples = &bounds->samples;
    size_t n = bounds->n_slices;
    order_sort(bounds->order, samples->items, samples->items + samples->capacity, samples->n);
    for (size_t i = 1; i < n; i++)
        cuts[i - 1] = samples->n > 0 ? sample_of(samples->items[samples->n * i / n].entry)->original
                                     : bounds->upper;
    arena_forget(bounds->arena);
}

void bounds_release(struct bounds *bounds)
{
    struct gather *samples = &bounds->samples;
    for (size_t i = 0; i < samples->n; i++)
        free(sample_of(samples->items[i].entry));
    gather_release(samples);
}

int bounds_cut(const struct arena *arena, enum order order, const struct run *const *runs,
               size_t n_runs, const struct entry *upper, size_t n_slices, const struct entry **cuts)
{
    struct bounds bounds;
    int rc = bounds_begin(&bounds, arena, order, runs, n_runs, upper, n_slices);
    if (rc == 0)
        rc = bounds_sample(&bounds, SIZE_MAX);
    if (rc == 0)
        bounds_choose(&bounds, cuts);
    bounds_release(&bounds);
    return rc;
}

int nth_begin(struct nth *nth, const struct arena *arena, enum order order,
              const struct run *const *runs, size_t n_runs, uint64_t n)
{
    uint64_t n_words = 0;
    for (size_t i = 0; i < n_runs; i++)
        n_words += runs[i]->n_entries;
    *nth = (struct nth){.n = n, .gather = {.arena = arena, .is_lasting = 1}};
    return bounds_begin(&nth->bounds, arena, order, runs, n_runs, NULL,
                        n_words / NTH_SLICE_WORDS + 1);
}

static int choose_cuts(struct nth *nth, size_t n_sample)
{
    int rc = bounds_sample(&nth->bounds, n_sample);
    if (rc != 0)
        return rc;
    nth->cuts = calloc(nth->bounds.n_slices, sizeof *nth->cuts);
    if (!nth->cuts)
        return CODE_NOMEM;
    bounds_choose(&nth->bounds, nth->cuts);
    return BOUNDS_MORE;
}

int nth_find(struct nth *nth, size_t n_sample, const struct entry **entry)
{
    const struct bounds *bounds = &nth->bounds;
    size_t i = nth->slice;
    if (!nth->cuts)
        return choose_cuts(nth, n_sample);
    int rc = gather_runs(&nth->gather, bounds->order, bounds->runs, bounds->n_runs,
                         i > 0 ? nth->cuts[i - 1] : NULL,
                         i + 1 < bounds->n_slices ? nth->cuts[i] : NULL);
    if (rc < 0)
        return rc;
    if (nth->n < nth->gather.n) {
        *entry = nth->gather.items[nth->n].entry;
        return 0;
    }
    nth->n -= nth->gather.n;
    nth->slice++;
    arena_forget(bounds->arena);
    return BOUNDS_MORE;
}

void nth_release(struct nth *nth)
{
    bounds_release(&nth->bounds);
    free(nth->cuts);
    gather_release(&nth->gather);
}
