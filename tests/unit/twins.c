/*
 * Every SIMD variant that this CPU has finds the same line ends, and the same runs of text, as the
 * portable one, which other tests hold against naive ones; and it adds up lines as a naive loop
 * does. It needs no library, so that neon.sh can build it for another CPU and run it on an emulated
 * one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "scan/edges.h"
#include "scan/scan.h"
#include "scan/variants.h"

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

/* Lines of one word and a few others, as files of v2 have them, some of them damaged. */
struct block {
    char word[64 + SCAN_PADDING]; /* with its TAB */
    size_t word_size;
    char room[2 * SCAN_PADDING + SCAN_BLOCK_SIZE];
    char *data;
    uint32_t ends_room[1 + SCAN_N_ENDS], *ends;
    size_t n_lines;
};

static void block_make(struct block *block, uint64_t *random)
{
    static const char damage[] = "\t\t 09/:a\xB9\xFF";
    block->word_size = 1 + random_below(random, 60);
    random_fill(random, block->word, block->word_size, "ab0", 3);
    block->word[block->word_size++] = '\t';
    block->data = block->room + SCAN_PADDING;
    size_t size = 0, n = 1 + random_below(random, 40);
    for (size_t i = 0; i < n && size < SCAN_BLOCK_SIZE - 128; i++) {
        memcpy(block->data + size, block->word, block->word_size);
        if (random_below(random, 16) == 0)
            block->data[size + random_below(random, block->word_size)] ^= 1;
        size += block->word_size;
        uint64_t count = random_next(random) >> (44 + random_below(random, 20));
        size += (size_t)sprintf(block->data + size, "%u\t%llu\t%u\n",
                                1000 + (unsigned)random_below(random, 1500),
                                (unsigned long long)count, (unsigned)random_below(random, 2000));
    }
    for (size_t i = random_below(random, 3); i > 0; i--)
        block->data[random_below(random, size)] = damage[random_below(random, sizeof damage - 1)];
    block->ends_room[0] = UINT32_MAX;
    block->ends = block->ends_room + 1;
    block->n_lines = portable()->lines(block->data, size, block->ends);
}

/* Whether the line is WORD TAB, four digits, TAB, digits, TAB; word_size is with its TAB. */
static int line_read(const char *line, size_t word_size, unsigned *year, uint64_t *count)
{
    const char *at = line + word_size;
    *year = 0;
    *count = 0;
    for (int i = 0; i < 4; i++, at++) {
        if (*at < '0' || *at > '9')
            return 0;
        *year = 10 * *year + (unsigned)(*at - '0');
    }
    if (*at++ != '\t' || *at < '0' || *at > '9')
        return 0;
    for (; *at >= '0' && *at <= '9'; at++)
        *count = 10 * *count + (unsigned)(*at - '0');
    return *at == '\t';
}

/* NULL, or what is not as the naive loop has it, or takes fewer lines than the portable twin. */
static const char *compare_adding(const struct scan *scan, const struct scan *twin,
                                  const struct block *block)
{
    struct scan_word word;
    struct scan_years years = {.first = 0x31353030, .span = 0x31393939 - 0x31353030};
    uint64_t sum = 0, dated = 0, most = 0, naive_sum = 0, naive_dated = 0, naive_in = 0;
    scan_word_set(&word, block->word, block->word_size, 0);
    size_t n = scan->same(&word, block->data, block->ends, block->n_lines, &sum);
    if (n < twin->same(&word, block->data, block->ends, block->n_lines, &most))
        return "same: too few lines";
    if (n != scan->dated(&word, block->data, block->ends, block->n_lines, &dated, &years))
        return "dated: other lines";
    for (size_t i = 0; i < n; i++) {
        const char *line = scan_line(block->data, block->ends, i);
        unsigned year;
        uint64_t count;
        if (memcmp(line, block->word, block->word_size) != 0 ||
            !line_read(line, block->word_size, &year, &count))
            return "same: a line that is not";
        int is_in = year >= 1500 && year <= 1999;
        naive_sum += count;
        naive_dated += is_in ? count : 0;
        naive_in += (unsigned)is_in;
    }
    return sum != naive_sum                                 ? "same: sum"
           : dated != naive_dated || years.n_in != naive_in ? "dated: sum"
                                                            : NULL;
}

static const char *compare_each(const struct scan *scan, const struct block *block)
{
    static struct scan_record records[SCAN_N_ENDS];
    size_t n = scan->each(block->data, block->ends, block->n_lines, records);
    for (size_t i = 0; i < n; i++) {
        const char *line = scan_line(block->data, block->ends, i);
        const char *tab = memchr(line, '\t', SCAN_BLOCK_SIZE);
        unsigned year;
        uint64_t count;
        if (records[i].word != line || !tab || records[i].size != (size_t)(tab - line) ||
            !line_read(line, records[i].size + 1, &year, &count) || records[i].count != count)
            return "each";
    }
    return NULL;
}

/* Says so, and returns 0, if a variant does not add up blocks of lines. */
static int add_up(uint64_t random)
{
    static struct block block;
    const struct scan *scan;
    for (int round = 0; round < N_ROUNDS; round++) {
        block_make(&block, &random);
        for (size_t i = 0; (scan = scan_variant(i)) != NULL; i++) {
            const char *wrong = compare_adding(scan, portable(), &block);
            wrong = wrong ? wrong : compare_each(scan, &block);
            if (wrong) {
                fprintf(stderr, "%s: %s in round %d\n", scan->name, wrong, round);
                return 0;
            }
        }
    }
    return 1;
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
    if (!add_up(random))
        return EXIT_FAILURE;
    printf("%s is as %s\n", scan_variant(0)->name, twin->name);
    return EXIT_SUCCESS;
}
