/* The years of a word come in the order of their bytes, so they are merged with a list of all. */
#include "tasks/fill.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/number.h"
#include "words/entry.h"
#include "words/order.h"

#define BATCH_LINES 16384

/* Where batches go. */
struct drain {
    fill_fn *take;
    void *user;
};

int fill_init(struct fill *fill, struct context *context)
{
    const struct job_spec *spec = context->spec;
    *fill = (struct fill){.context = context};
    if (!spec->fill_step)
        return 0;
    fill->entries = malloc(spec->table_size + SCAN_PADDING);
    fill->scratch = malloc(PICK_SCRATCH_SIZE);
    if (fill->entries && fill->scratch && gather_reserve(&fill->batch, BATCH_LINES) == 0)
        return 0;
    fill_release(fill);
    return CODE_NOMEM;
}

void fill_release(struct fill *fill)
{
    gather_release(&fill->batch);
    free(fill->years);
    free(fill->entries);
    free(fill->scratch);
    *fill = (struct fill){.context = fill->context};
}

static int compare_years(const void *a, const void *b)
{
    const struct fill_year *x = a, *y = b;
    return order_words(x->text, x->size, y->text, y->size);
}

/* The range is the same in all tasks of a job. */
static int make_years(struct fill *fill, struct periods range)
{
    uint64_t step = fill->context->spec->fill_step;
    if (fill->years || range.first > range.last)
        return 0;
    size_t n = (size_t)((range.last - range.first) / step) + 1;
    fill->years = calloc(n, sizeof *fill->years);
    if (!fill->years)
        return CODE_NOMEM;
    for (size_t i = 0; i < n; i++) {
        struct fill_year *year = &fill->years[i];
        year->size = (uint32_t)number_write(year->text, range.first + i * step);
    }
    qsort(fill->years, n, sizeof *fill->years, compare_years);
    fill->n_years = n;
    return 0;
}

static int hand_out(struct fill *fill, const struct drain *drain)
{
    int rc = fill->batch.n > 0 ? drain->take(drain->user, &fill->batch) : 0;
    fill->batch.n = fill->size = 0;
    return rc;
}

/* Adds a line that was there. */
static int keep_line(struct fill *fill, const struct drain *drain, const struct entry *entry)
{
    int rc = fill->batch.n == BATCH_LINES ? hand_out(fill, drain) : 0;
    fill->batch.items[fill->batch.n++] = (struct order_item){order_key(ORDER_WORD, entry), entry};
    return rc;
}

/* Adds the line of a year in which the word, of size bytes with the TAB, has none. */
static int add_line(struct fill *fill, const struct drain *drain, const char *word, uint32_t size,
                    const struct fill_year *year)
{
    const struct job_spec *spec = fill->context->spec;
    size_t key_end = entry_stride(size + year->size), stride = key_end + 8 * (size_t)spec->n_more;
    /* Before the line is made: what is made is given up with the batch. */
    int is_full = fill->batch.n == BATCH_LINES || fill->size + stride > spec->table_size;
    int rc = is_full ? hand_out(fill, drain) : 0;
    if (rc < 0)
        return rc;
    struct entry *entry = (struct entry *)(void *)(fill->entries + fill->size);
    memset((char *)entry + key_end - 8, 0, 8);
    entry->hash = 0;
    entry_set_size(entry, size + year->size);
    entry->n_more = spec->n_more & 15;
    entry_set_none(spec->reduce, entry);
    memcpy(entry->key, word, size);
    memcpy(entry->key + size, year->text, year->size);
    fill->size += stride;
    return keep_line(fill, drain, entry);
}

/* The lines of one word, n of them: those there are, and those of all other years. */
static int fill_word(struct fill *fill, const struct drain *drain, const struct order_item *lines,
                     size_t n, uint32_t size)
{
    const struct pick *pick = fill->context->spec->pick;
    const char *word = lines[0].entry->key;
    size_t n_years = pick && !pick_has(pick, fill->scratch, lines[0].entry) ? 0 : fill->n_years;
    size_t i = lines[0].entry->size == size; /* the line without a year */
    int rc = 0;
    for (size_t j = 0; j < n_years && rc == 0; j++) {
        const struct fill_year *year = &fill->years[j];
        int is_there = i < n && order_words(lines[i].entry->key + size, lines[i].entry->size - size,
                                            year->text, year->size) == 0;
        rc = is_there ? keep_line(fill, drain, lines[i++].entry)
                      : add_line(fill, drain, word, size, year);
    }
    for (; i < n && rc == 0; i++)
        rc = keep_line(fill, drain, lines[i].entry);
    return rc;
}

int fill_words(struct fill *fill, const struct gather *gather, struct periods range, fill_fn *take,
               void *user)
{
    const struct drain drain = {take, user};
    int rc = make_years(fill, range);
    for (size_t i = 0, end; i < gather->n && rc == 0; i = end) {
        const struct entry *first = gather->items[i].entry;
        uint32_t size = period_start(first);
        for (end = i + 1; end < gather->n; end++) {
            const struct entry *entry = gather->items[end].entry;
            if (entry->size < size || memcmp(entry->key, first->key, size) != 0)
                break;
        }
        rc = fill_word(fill, &drain, gather->items + i, end - i, size);
    }
    return rc < 0 ? rc : hand_out(fill, &drain);
}
