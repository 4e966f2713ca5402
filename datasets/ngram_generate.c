/*
 * ngram-generate: makes files in the shape of a real version-2 Google Books Ngram letter file.
 *
 * The one idea: nothing is remembered. The text of a word is a function of the seed and its number
 * (vocabulary.h), and the drawings of a run depend on the seed and the run's number alone, so any
 * file is made run by run in the memory of one run, and made twice it is the same bytes. The parts
 * below are lines (word to lines), plan (which numbers go into which run), and sink (where the
 * lines go: straight out, or through a shuffle). README.md has the figures imitated.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vocabulary.h"

enum {
    FIRST_YEAR = 1505,
    N_YEARS = 504,
    LINES_PER_RUN = 170000,
    LINES_PER_WORD = 54,
    PHRASES_BELOW = 10, /* lines per word under which the keys are phrases, as in 5-gram files */
    COMEBACKS = 64,     /* one word in so many was seen in an earlier run */
    LINE_SPACE = WORD_SPACE + 32,
    BLOCK_SPACE = N_YEARS * LINE_SPACE,
    BUFFER_SIZE = 256 << 10,
    AARDVARK_TOTAL = 15209,
    AARDVARK_FROM = 1000, /* files of so many lines hold the word Aardvark */
};

static const uint64_t MAX_LINES = 4000000000;

struct options {
    uint64_t n_lines, n_words, seed;
    bool unsorted;
};

static char *number_write(char *p, uint32_t number)
{
    char digits[10];
    unsigned n = 0;
    do
        digits[n++] = (char)('0' + number % 10);
    while (number /= 10);
    while (n)
        *p++ = digits[--n];
    return p;
}

static char *line_write(char *p, const struct word *word, unsigned year, uint32_t matches,
                        uint32_t volumes)
{
    memcpy(p, word->text, WORD_SPACE);
    p += word->size;
    *p++ = '\t';
    p = number_write(p, year);
    *p++ = '\t';
    p = number_write(p, matches);
    *p++ = '\t';
    p = number_write(p, volumes);
    *p++ = '\n';
    return p;
}

/* The usual size of a word's counts, in sixteenths: words of many years are common words, and
 * beyond that one word in 2^k is 2^(5k/4) times larger. */
static uint64_t word_scale(uint64_t n_lines, uint64_t bits)
{
    uint64_t scale = 32 + n_lines + (n_lines * n_lines * n_lines * n_lines >> 21);
    unsigned k = (unsigned)__builtin_ctzll(bits | 1 << 24);
    scale <<= k + k / 4;
    return scale < (uint64_t)1 << 32 ? scale : (uint64_t)1 << 32;
}

/* Draws a line's matches: the scale, times the square of how recent the line is (16 bits), times a
 * noise between 0 and 5.7 whose median is 0.74. */
static uint32_t matches_draw(uint64_t scale, uint64_t recency, uint64_t noise)
{
    return (uint32_t)(1 + ((scale * (recency * recency >> 16) >> 16) * noise / (300 - noise) >> 4));
}

/* Cuts a total into one part for each line that is at least 1 and grows with the years. */
static uint32_t matches_share(uint64_t total, uint64_t i, uint64_t n)
{
    uint64_t rest = total - n, square = n * n;
    return (uint32_t)(1 + rest * (i + 1) * (i + 1) / square - rest * i * i / square);
}

/* Writes the lines of a word. Counted back from its last year, the k-th line is k + spare * t^3
 * years ago, where t is k / n with a random part of 1 / n: distinct years, thinner the older they
 * are. */
static char *word_write(char *p, const struct word *word, uint64_t *random)
{
    uint64_t n = word->n_lines, bits = random_next(random), u = bits & 0xffff;
    uint64_t late = (bits >> 16) % 8 ? 0 : (bits >> 24) % 8;
    uint64_t spare = (N_YEARS - n) * (u * u + (u << 16)) >> 34;
    uint64_t scale = word_scale(n, bits >> 32);
    if (n + spare + late > N_YEARS)
        late = 0;
    for (uint64_t k = n; k-- > 0;) {
        bits = random_next(random);
        uint64_t t = ((k << 16) + (bits & 0xffff)) * (((uint64_t)1 << 32) / n) >> 32;
        uint64_t age = late + k + (spare * (t * t * t >> 16) >> 32);
        uint64_t cut = bits >> 24 & 255;
        uint32_t matches = word->total ? matches_share(word->total, n - 1 - k, n)
                                       : matches_draw(scale, 65535 - t, bits >> 16 & 255);
        uint32_t volumes = matches - (uint32_t)(matches * (cut * cut * cut) >> 24);
        p = line_write(p, word, (unsigned)(FIRST_YEAR + N_YEARS - 1 - age), matches, volumes);
    }
    return p;
}

/* How many lines a word has: the quantiles, 5 % apart, of the first words of real letter files. */
static uint64_t quantile_draw(uint64_t *random)
{
    static const uint16_t table[] = {1,  17, 21, 24, 26, 28, 30, 32,  35,  37, 40,
                                     43, 46, 51, 56, 63, 72, 87, 108, 149, 300};
    uint64_t place = random_below(random, 20 * 256), i = place / 256;
    return table[i] * 256u + (table[i + 1] - table[i]) * (place % 256);
}

static void lengths_draw(struct word *words, uint64_t n_words, uint64_t n_lines, uint64_t *random)
{
    const uint64_t mean = 14281; /* of quantile_draw, in 1/256 */
    uint64_t sum = 0, more = n_lines - n_words;
    for (uint64_t i = 0; i < n_words; i++) {
        uint64_t n = 1 + (quantile_draw(random) * more / n_words + mean / 2) / mean;
        words[i].n_lines = (unsigned)(n < N_YEARS ? n : N_YEARS);
        sum += words[i].n_lines;
    }
    for (uint64_t i = 0; sum != n_lines; i = (i + 1) % n_words) {
        int step = sum < n_lines ? 1 : -1;
        unsigned n = words[i].n_lines + (unsigned)step;
        if (n < 1 || n > N_YEARS)
            continue;
        words[i].n_lines = n;
        sum += (uint64_t)step;
    }
}

/* Slots are the places for words in the file, a run holds equally many of them give or take one.
 * Each run takes new words as long as there are any, in proportion, and fills up with words seen
 * before. */
struct plan {
    uint64_t seed, n_lines, n_runs, n_slots;
    uint64_t aardvark_run; /* holds one slot more; n_runs: nowhere */
    struct vocabulary vocabulary;
};

static uint64_t ceil_div(uint64_t a, uint64_t b)
{
    return (a + b - 1) / b;
}

static void plan_init(struct plan *plan, const struct options *o)
{
    bool aardvark = o->n_lines >= AARDVARK_FROM;
    uint64_t n_slots = o->n_lines < LINES_PER_WORD ? 1 : o->n_lines / LINES_PER_WORD;
    uint64_t n_words = n_slots - n_slots / COMEBACKS;
    if (o->n_words)
        n_words = o->n_words > 1 && aardvark ? o->n_words - 1 : o->n_words;
    if (n_slots < n_words)
        n_slots = n_words;
    *plan = (struct plan){.seed = o->seed, .n_lines = o->n_lines, .n_slots = n_slots};
    plan->n_runs = ceil_div(n_slots, n_words);
    if (plan->n_runs < o->n_lines / LINES_PER_RUN)
        plan->n_runs = o->n_lines / LINES_PER_RUN;
    plan->aardvark_run = aardvark ? plan->n_runs / 2 : plan->n_runs;
    bool phrases = o->n_words && o->n_lines / o->n_words < PHRASES_BELOW;
    vocabulary_init(&plan->vocabulary, n_words, phrases, o->seed);
}

/* Slots before `run`, without Aardvark's. The first run has the most, so that the words seen before
 * are always enough to fill the next one. */
static uint64_t plan_slots(const struct plan *plan, uint64_t run)
{
    return ceil_div(plan->n_slots * run, plan->n_runs);
}

/* Different words before `run`, without Aardvark. */
static uint64_t plan_words(const struct plan *plan, uint64_t run)
{
    uint64_t least = plan_slots(plan, run < 1 ? run : 1);
    uint64_t words = ceil_div(plan_slots(plan, run) * plan->vocabulary.n_words, plan->n_slots);
    return words < least ? least : words;
}

static uint64_t plan_lines(const struct plan *plan, uint64_t run)
{
    uint64_t all = plan->n_slots + (plan->aardvark_run < plan->n_runs);
    uint64_t before = plan_slots(plan, run) + (plan->aardvark_run < run);
    return plan->n_lines * before / all;
}

static int word_compare(const void *a, const void *b)
{
    return memcmp(((const struct word *)a)->text, ((const struct word *)b)->text, WORD_SPACE);
}

static uint64_t run_fill(const struct plan *plan, uint64_t run, struct word *words,
                         uint64_t *random)
{
    uint64_t seen = plan_words(plan, run), end = plan_words(plan, run + 1);
    uint64_t n_slots = plan_slots(plan, run + 1) - plan_slots(plan, run), n = 0;
    uint64_t number = seen ? random_below(random, seen) : 0;
    for (uint64_t i = seen; i < end; i++)
        word_init(&words[n++], &plan->vocabulary, i);
    for (; n < n_slots; number++)
        word_init(&words[n++], &plan->vocabulary, number % seen);
    if (run == plan->aardvark_run)
        words[n++] = (struct word){.text = "Aardvark", .size = 8, .total = AARDVARK_TOTAL};
    qsort(words, n, sizeof *words, word_compare);
    lengths_draw(words, n, plan_lines(plan, run + 1) - plan_lines(plan, run), random);
    return n;
}

/* Where the lines go: out, whenever the buffer is full, or, to be shuffled, into one growing
 * buffer. Then every line is drawn from those that are left (Fisher-Yates), so that every order of
 * the lines is equally likely. This takes the size of the file and 8 bytes a line in memory. */
struct sink {
    char *buffer;
    size_t used, space;
    bool keeps;
};

static int sink_flush(struct sink *sink)
{
    for (size_t done = 0; done < sink->used;) {
        ssize_t n = write(STDOUT_FILENO, sink->buffer + done, sink->used - done);
        if (n < 0 && errno != EINTR)
            return -errno;
        done += n < 0 ? 0 : (size_t)n;
    }
    sink->used = 0;
    return 0;
}

/* Makes sure that one more block fits. */
static int sink_reserve(struct sink *sink)
{
    if (sink->space - sink->used >= BLOCK_SPACE)
        return 0;
    if (sink->space && !sink->keeps)
        return sink_flush(sink);
    size_t space = sink->space ? sink->space * 2 : BUFFER_SIZE;
    char *buffer = realloc(sink->buffer, space);
    if (!buffer)
        return -ENOMEM;
    sink->buffer = buffer;
    sink->space = space;
    return 0;
}

static int plan_run(const struct plan *plan, struct sink *sink)
{
    struct word *words = calloc(plan_slots(plan, 1) + 1, sizeof *words);
    int rc = words ? 0 : -ENOMEM;
    for (uint64_t run = 0; run < plan->n_runs && !rc; run++) {
        uint64_t random = random_mix(plan->seed + random_mix(run + 1));
        uint64_t n_words = run_fill(plan, run, words, &random);
        for (uint64_t i = 0; i < n_words && !(rc = sink_reserve(sink)); i++) {
            char *end = word_write(sink->buffer + sink->used, &words[i], &random);
            sink->used = (size_t)(end - sink->buffer);
        }
    }
    free(words);
    return rc;
}

static int lines_shuffle(const struct sink *from, struct sink *to, uint64_t n, uint64_t random)
{
    const char **lines = malloc(n * sizeof *lines);
    int rc = lines ? 0 : -ENOMEM;
    const char *next = from->buffer;
    for (uint64_t i = 0; i < n && !rc; i++) {
        lines[i] = next;
        next = (const char *)memchr(next, '\n', LINE_SPACE) + 1;
    }
    for (uint64_t i = 0; i < n && !rc; i++) {
        uint64_t other = i + random_below(&random, n - i);
        const char *line = lines[other];
        lines[other] = lines[i];
        lines[i] = line;
    }
    for (uint64_t i = 0; i < n && !rc && !(rc = sink_reserve(to)); i++) {
        __builtin_prefetch(lines[i + 32 < n ? i + 32 : i]);
        char *end = memccpy(to->buffer + to->used, lines[i], '\n', LINE_SPACE);
        to->used = (size_t)(end - to->buffer);
    }
    free(lines);
    return rc;
}

static int file_write(const struct options *o)
{
    struct plan plan;
    struct sink out = {.keeps = false}, kept = {.keeps = true};
    plan_init(&plan, o);
    int rc = plan_run(&plan, o->unsorted ? &kept : &out);
    if (!rc && o->unsorted)
        rc = lines_shuffle(&kept, &out, o->n_lines, random_mix(~o->seed));
    if (!rc)
        rc = sink_flush(&out);
    if (!rc && close(STDOUT_FILENO))
        rc = -errno;
    free(kept.buffer);
    free(out.buffer);
    return rc;
}

static int help_write(void)
{
    fputs("usage: ngram-generate --lines N [--seed S] [--words W] [--unsorted]\n"
          "write N made lines in the format of version-2 Google Books Ngram files\n\n"
          "  --lines N   how many lines, 1 to 4000000000\n"
          "  --seed S    another seed, another file; default 1\n"
          "  --words W   different words in the file, 1 to N; default about N / 55\n"
          "  --unsorted  the same lines in random order; kept in memory: size + 8 bytes a line\n"
          "  --help      this text\n",
          stdout);
    if (!fflush(stdout))
        return 0;
    fprintf(stderr, "ngram-generate: cannot write the help: %s\n", strerror(errno));
    return 1;
}

/* False unless the text is a decimal number from `min` to `max`. */
static bool number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *number)
{
    uint64_t n = 0;
    for (const char *p = text; *p; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        if (digit > 9 || n > max / 10 || n * 10 > max - digit)
            return false;
        n = n * 10 + digit;
    }
    *number = n;
    return *text && n >= min;
}

static int usage_error(const char *message, const char *subject)
{
    fprintf(stderr, "ngram-generate: %s '%s'; see --help\n", message, subject);
    return 2;
}

int main(int argc, char **argv)
{
    static const struct option names[] = {
        {"lines", required_argument, NULL, 'l'}, {"seed", required_argument, NULL, 's'},
        {"words", required_argument, NULL, 'w'}, {"unsorted", no_argument, NULL, 'u'},
        {"help", no_argument, NULL, 'h'},        {0},
    };
    struct options o = {.seed = 1};
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, ":", names, NULL)) != -1;) {
        if (c == 'h')
            return help_write();
        if (c == 'u')
            o.unsorted = true;
        else if (c == '?' || c == ':')
            return usage_error("unknown option or missing value:", argv[optind - 1]);
        else if (c == 's' && !number_parse(optarg, 0, UINT64_MAX, &o.seed))
            return usage_error("--seed is not a number of 64 bits:", optarg);
        else if (c != 's' &&
                 !number_parse(optarg, 1, MAX_LINES, c == 'l' ? &o.n_lines : &o.n_words))
            return usage_error("not a number from 1 to 4000000000:", optarg);
    }
    if (optind < argc)
        return usage_error("unexpected argument", argv[optind]);
    if (!o.n_lines || o.n_words > o.n_lines)
        return usage_error(o.n_lines ? "more words than lines:" : "missing option",
                           o.n_lines ? "--words" : "--lines");
    signal(SIGPIPE, SIG_IGN);
    int rc = file_write(&o);
    if (rc)
        fprintf(stderr, "ngram-generate: cannot write the lines: %s\n", strerror(-rc));
    return rc ? 1 : 0;
}
