/*
 * Every SIMD variant that this CPU has finds the same line ends, and the same runs of text, as the
 * portable one, which other tests hold against naive ones. It needs no library, so that neon.sh
 * can build it for another CPU and run it on an emulated one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "scan/edges.h"
#include "scan/scan.h"

enum { N_ROUNDS = 4000 };

/* Bytes on both sides of each class that edges.h knows, and words between them. */
static const char alphabet[] =
    "\n\n  \t\r\v\f\b\x0E@AZ[`az{/09:;,.'\"!_\x7F\x80\xC3\xFF abcdefghij0123";

static const struct scan *portable(void)
{
    const struct scan *scan, *last = NULL;
    for (size_t i = 0; (scan = scan_variant(i)) != NULL; i++)
        last = scan;
    return last;
}

static int are_equal(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
    return n_a == n_b && memcmp(a, b, n_a * sizeof *a) == 0;
}

/* NULL, or what is not the same. */
static const char *compare(const struct scan *scan, const struct scan *twin, const char *data,
                           size_t size)
{
    static const char *const kinds[] = {"uax29", "letters", "blanks"};
    static uint32_t ends[SCAN_N_ENDS], twin_ends[SCAN_N_ENDS], edges[EDGES_MAX], others[EDGES_MAX];
    size_t n = scan->lines(data, size, ends), n_twin = twin->lines(data, size, twin_ends);
    if (!are_equal(ends, n, twin_ends, n_twin))
        return "lines";
    if (scan->count(data, size) != twin->count(data, size) || twin->count(data, size) != n_twin)
        return "count";
    for (int kind = 0; kind < TOKEN_N_KINDS; kind++) {
        n = scan->edges->of[kind](data, size, edges);
        n_twin = twin->edges->of[kind](data, size, others);
        if (!are_equal(edges, n, others, n_twin))
            return kinds[kind];
    }
    return NULL;
}

int main(void)
{
    static char room[64 + EDGES_SIZE_MAX + SCAN_PADDING];
    const struct scan *scan, *twin = portable();
    uint64_t random = 1;
    for (int round = 0; round < N_ROUNDS; round++) {
        size_t size = random_below(&random, round % 8 == 0 ? EDGES_SIZE_MAX + 1 : 300);
        size_t n_letters = 1 + random_below(&random, sizeof alphabet - 1);
        char *data = room + 1 + random_below(&random, 63);
        /* What is around it is no part of the text, whatever it is. */
        random_fill(&random, room, sizeof room, alphabet, sizeof alphabet - 1);
        random_fill(&random, data, size, alphabet + sizeof alphabet - 1 - n_letters, n_letters);
        for (size_t i = 0; (scan = scan_variant(i)) != NULL; i++) {
            const char *wrong = compare(scan, twin, data, size);
            if (wrong) {
                fprintf(stderr, "%s: %s of %zu bytes in round %d\n", scan->name, wrong, size,
                        round);
                return EXIT_FAILURE;
            }
        }
    }
    printf("%s is as %s\n", scan_variant(0)->name, twin->name);
    return EXIT_SUCCESS;
}
