/*
 * A name says it, as googlebooks-eng-all-1gram-20120701-a.gz does; without that the format does. Of
 * files with such names those are the same that differ in their endings alone.
 */
#include "plan/releases.h"

#include <stdlib.h>
#include <string.h>

#include "plan/inputs.h"
#include "wordmill.h"

/* A name without what packers and others put behind it. */
struct stem {
    const char *name;
    size_t size;
};

struct stems {
    struct stem *items;
    size_t n;
};

static const char *find_last(const char *name, const char *words)
{
    const char *found = NULL;
    while ((name = strstr(name, words)) != NULL)
        found = name++;
    return found;
}

static int cut_ending(struct stem *stem)
{
    static const char *const endings[] = {".gz",  ".zst", ".zip", ".bz2", ".xz",
                                          ".lz4", ".csv", ".tsv", ".txt"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t size = strlen(endings[i]);
        if (stem->size > size && memcmp(stem->name + stem->size - size, endings[i], size) == 0) {
            stem->size -= size;
            return 1;
        }
    }
    return 0;
}

/* The release that a name speaks of, and the stem of the name. 0: of none. */
static uint64_t release_of_name(const char *name, struct stem *stem)
{
    static const struct {
        const char *words;
        uint64_t release;
    } rows[] = {{"-20090715-", WM_WARN_RELEASE_2009},
                {"-20120701-", WM_WARN_RELEASE_2012},
                {"-20200217-", WM_WARN_RELEASE_2020}};
    const char *start = find_last(name, "googlebooks-");
    for (size_t i = 0; start && i < sizeof rows / sizeof *rows; i++) {
        if (!strstr(start, rows[i].words))
            continue;
        *stem = (struct stem){start, strlen(start)};
        while (cut_ending(stem))
            ;
        return rows[i].release;
    }
    return 0;
}

static uint64_t release_of_format(unsigned format)
{
    return format == WM_FORMAT_V1   ? WM_WARN_RELEASE_2009
           : format == WM_FORMAT_V2 ? WM_WARN_RELEASE_2012
           : format == WM_FORMAT_V3 ? WM_WARN_RELEASE_2020
                                    : 0;
}

/* Notes one input, or a member of one. Its release; 0: it is no Ngram file. */
static uint64_t note(struct stems *stems, const char *name, unsigned format)
{
    struct stem stem;
    uint64_t by_format = release_of_format(format);
    uint64_t by_name = by_format ? release_of_name(name, &stem) : 0;
    if (by_name && stems->items)
        stems->items[stems->n++] = stem;
    return by_name ? by_name : by_format;
}

static int compare_stems(const void *a, const void *b)
{
    const struct stem *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    return memcmp(x->name, y->name, x->size);
}

static int has_twins(struct stems *stems)
{
    if (stems->n < 2)
        return 0;
    qsort(stems->items, stems->n, sizeof *stems->items, compare_stems);
    for (size_t i = 1; i < stems->n; i++)
        if (compare_stems(&stems->items[i - 1], &stems->items[i]) == 0)
            return 1;
    return 0;
}

uint64_t releases_warn(const struct inputs *inputs)
{
    uint64_t set = 0;
    size_t n = inputs->n;
    for (size_t i = 0; i < inputs->n; i++)
        n += inputs->members[i].n;
    /* Without memory nothing is said of twins. */
    struct stems stems = {malloc((n + 1) * sizeof *stems.items), 0};
    for (size_t i = 0; i < inputs->n; i++) {
        const struct members *members = &inputs->members[i];
        set |= note(&stems, inputs->items[i].name, inputs->formats[i]);
        for (size_t j = 0; j < members->n; j++)
            set |= note(&stems, members->items[j].name, members->items[j].format);
    }
    int is_one = (set & (set - 1)) == 0;
    set = is_one ? 0 : set;
    if (has_twins(&stems))
        set |= WM_WARN_TWICE;
    free(stems.items);
    return set;
}
