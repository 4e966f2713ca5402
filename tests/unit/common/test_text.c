/*
 * Running text has the words that UAX #29 says, as the official test of word boundaries and a naive
 * twin have it, whatever the chunks, the SIMD variant, and where the words are counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "oracle.h"
#include "random.h"
#include "words/table.h"
#include "text_sink.h"
#include "text/unicode.h"
#include "scan/variants.h"

#define OFFICIAL "/usr/share/unicode/auxiliary/WordBreakTest.txt"
#define N_INPUTS 400

/* A line of the official test as UTF-8, and where its segments end; 0: it holds none. */
static int read_official(const char *line, char *text, size_t *size, size_t *ends, size_t *n_ends)
{
    *size = *n_ends = 0;
    for (;;) {
        line += strspn(line, " \t");
        int is_break = strncmp(line, "\xC3\xB7", 2) == 0;
        if (!is_break && strncmp(line, "\xC3\x97", 2) != 0)
            return *size > 0;
        if (is_break && *size > 0)
            ends[(*n_ends)++] = *size;
        char *end;
        unsigned long point = strtoul(line + 2, &end, 16);
        if (end == line + 2 || strchr("\t#", line[2]))
            return *size > 0;
        *size +=
            (size_t)utf8proc_encode_char((utf8proc_int32_t)point, (utf8proc_uint8_t *)text + *size);
        line = end;
    }
}

static size_t segments_of(const char *text, size_t size, size_t *ends)
{
    size_t n = 0, at = 0;
    while (at < size)
        ends[n++] = at += token_segment(text + at, text + size);
    return n;
}

static void boundaries_are_those_of_the_official_test(void **state)
{
    char line[4096], text[1024];
    size_t ends[256], found[256], size, n_ends, n_lines = 0;
    (void)state;
    FILE *file = fopen(OFFICIAL, "r");
    if (!file || !fgets(line, sizeof line, file) || !strstr(line, unicode_version)) {
        print_message("skipped: no " OFFICIAL " of Unicode %s\n", unicode_version);
        skip();
    }
    while (fgets(line, sizeof line, file)) {
        if (!read_official(line, text, &size, ends, &n_ends))
            continue;
        n_lines++;
        size_t n = segments_of(text, size, found);
        if (n != n_ends || memcmp(ends, found, n * sizeof *ends) != 0)
            fail_msg("%s", line);
        n = naive_segments(text, size, found);
        if (n != n_ends || memcmp(ends, found, n * sizeof *ends) != 0)
            fail_msg("the naive twin: %s", line);
    }
    fclose(file);
    assert_true(n_lines > 1000);
}

/* utf8proc may be of another version of Unicode, which then knows other code points. */
static void properties_are_those_of_utf8proc(void **state)
{
    (void)state;
    int is_same = strncmp(unicode_version, utf8proc_unicode_version(), 4) == 0;
    for (utf8proc_int32_t point = 0; point < 0x110000; point++) {
        uint32_t record = unicode_record((uint32_t)point);
        const utf8proc_property_t *property = utf8proc_get_property(point);
        int is_letter = property->category >= UTF8PROC_CATEGORY_LU &&
                        property->category <= UTF8PROC_CATEGORY_LO;
        int is_mark = property->category >= UTF8PROC_CATEGORY_MN &&
                      property->category <= UTF8PROC_CATEGORY_ME;
        int is_number = property->category >= UTF8PROC_CATEGORY_ND &&
                        property->category <= UTF8PROC_CATEGORY_NO;
        if (!is_same && (record == 0 || property->category == UTF8PROC_CATEGORY_CN))
            continue;
        assert_int_equal(!!(record & UNICODE_LETTER), is_letter);
        assert_int_equal(!!(record & UNICODE_MARK), is_mark);
        assert_int_equal(!!(record & UNICODE_NUMBER), is_number);
        if ((point & ~0x7FF) != 0xD800)
            assert_int_equal(unicode_combining_class(record), property->combining_class);
    }
}

/* What the quick check lets pass is in NFC. */
static void a_character_that_passes_the_quick_check_is_composed(void **state)
{
    char text[4];
    (void)state;
    for (utf8proc_int32_t point = 1; point < 0x110000; point++) {
        uint32_t record = unicode_record((uint32_t)point);
        if ((point & ~0x7FF) == 0xD800 || (record & (UNICODE_NFC_NO | UNICODE_NFC_MAYBE)))
            continue;
        size_t size = (size_t)utf8proc_encode_char(point, (utf8proc_uint8_t *)text);
        utf8proc_uint8_t *nfc = NULL;
        utf8proc_ssize_t n = utf8proc_map((utf8proc_uint8_t *)text, (utf8proc_ssize_t)size, &nfc,
                                          UTF8PROC_STABLE | UTF8PROC_COMPOSE);
        assert_int_equal(n, size);
        assert_memory_equal(nfc, text, size);
        free(nfc);
    }
}

/* Words, punctuation and marks of all kinds, and what is no UTF-8. */
static const char *const pieces[] = {
    "a",
    "I",
    "the",
    "Word",
    "don't",
    "l'homme",
    "e-mail",
    "3.14",
    "1,000",
    "x86",
    "word2vec",
    "_",
    "__init__",
    "snake_case",
    "a.b.c",
    "1.a",
    "a:b",
    "U.S.A.",
    "internationalization",
    "seventeen_letters",
    "sixteen_letters1",
    "caf\xC3\xA9",
    "cafe\xCC\x81",
    "na\xC3\xAFve",
    "\xD0\x9C\xD0\xB8\xD1\x85\xD0\xB0\xD0\xB8\xCC\x81\xD0\xBB",                 /* Михаи́л */
    "\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80", /* हिन्दी */
    "\xD7\xA9\xD7\x81\xD6\xB8\xD7\x9C\xD7\x95\xD6\xB9\xD7\x9D",
    "\xD7\xA6\"\xD7\x94",                   /* Hebrew */
    "\xE0\xB8\x97\xE0\xB8\xB5\xE0\xB9\x88", /* Thai */
    "\xE0\xB8\x97\xE0\xB8\xA2",
    "\xE1\x9E\x81\xE1\x9F\x92\xE1\x9E\x98", /* Khmer */
    "\xE0\xB9\x92",
    "\xE6\x97\xA5\xE6\x9C\xAC",
    "\xE3\x82\xAB\xE3\x83\x8A",
    "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA\xF0\x9F\x87\xAB",
    "\xE2\x84\xB9",
    "\xF0\x9F\x98\x80",
    "\xC2\xAD",
    "co\xC2\xADop",
    "\xE2\x80\x8D",
    "\xE2\x80\x8C",
    "\xE2\x80\x8B",
    "\xEF\xBB\xBF",
    "\xC2\xA0",
    "\xE2\x80\xAF",
    "\xE3\x80\x80",
    "\xC2\x85",
    "\xE2\x80\xA8",
    "\xE2\x80\x99",
    "\xE2\x80\x9C",
    "\xE2\x80\x9D",
    "\xC2\xB7",
    "\xCC\x81",
    "\xCC\xA3",
    "\xCC\xA3\xCC\x81",
    "\xCC\x81\xCC\xA3",
    "\xE0\xA4\x95\xE0\xA5\x8D", /* and a virama, a nukta, marks of Cyrillic */
    "\xE0\xA5\x8D",
    "\xE0\xA4\xBC",
    "\xD2\x83",
    "\xD2\x87\xD2\x84",
    "\xE0\x8C\x81", /* overlong */
    "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8",
    "\xF0\x9D\x85\xA0",
    "\xE2\x84\xAB",
    "\xC2\xBD",
    "\xE2\x85\xA3",
    "\xD9\xA3",
    "\xFF",
    "\xC3",
    "\xED\xA0\x80",
    "\xC0\x80",
    "\xF4\x90",
    "'",
    "\"",
    ".",
    ",",
    ";",
    ":",
    "-",
    "(",
    "\r",
    "\t",
    "\v",
    "\x1C",
    "\x01",
    "\x7F",
    "@",
    "[",
    "`",
    "{"};

static size_t random_text(uint64_t *random, char *out, size_t size_max)
{
    size_t size = 0, n_pieces = sizeof pieces / sizeof *pieces;
    size_t blanks = 1 + random_below(random, 6), lines = 2 + random_below(random, 60);
    size_t ascii = random_below(random, 2) ? 24 : n_pieces; /* of the first pieces only */
    while (size + 64 < size_max) {
        const char *piece = pieces[random_below(random, ascii)];
        memcpy(out + size, piece, strlen(piece));
        size += strlen(piece);
        if (random_below(random, 200) == 0)
            out[size++] = '\0';
        if (random_below(random, 6) >= blanks)
            continue;
        out[size++] = random_below(random, lines) ? ' ' : '\n';
    }
    return size;
}

static struct ngram_query random_query(uint64_t *random)
{
    static const unsigned lengths[][2] = {{1, 1}, {1, 1}, {2, 2}, {1, 3}, {3, 9}, {9, 9}, {0, 0}};
    const unsigned *length = lengths[random_below(random, 7)];
    return (struct ngram_query){.tokens = (enum token_kind)random_below(random, TOKEN_N_KINDS),
                                .composed = random_below(random, 4) > 0,
                                .n_least = length[0],
                                .n_most = length[1]};
}

static void check(struct text *text, const char *data, size_t size, const struct ngram_query *query,
                  uint64_t random)
{
    struct naive_words naive = {0};
    const struct scan *scan;
    naive_text(&naive, data, size, query);
    for (size_t i = 0; (scan = scan_variant(i)) != NULL; i++) {
        struct text_sink sink = {{0}, NULL, NULL};
        size_t step = random_below(&random, 3) ? random_below(&random, size + 1) : size;
        uint64_t n_max = random_below(&random, 3) ? UINT64_MAX : 1 + random_below(&random, 9);
        int each_line = random_below(&random, 4) == 0;
        sink_task(&sink, text, scan, query, data, size, step, n_max, each_line);
        if (!naive_equal(&sink.told, &naive))
            fail_msg("variant %s, tokens %d, composed %d, %u to %u, %zu bytes by %zu", scan->name,
                     (int)query->tokens, query->composed, query->n_least, query->n_most, size,
                     step);
        naive_release(&sink.told);
    }
    naive_release(&naive);
}

static void tokens_are_those_of_the_naive_twin(void **state)
{
    static char data[20000];
    struct text text;
    (void)state;
    assert_int_equal(text_init(&text, 1 << 20, 7), 0);
    for (uint64_t seed = 0; seed < N_INPUTS; seed++) {
        uint64_t random = seed;
        struct ngram_query query = random_query(&random);
        size_t size = random_text(&random, data, 70 + random_below(&random, sizeof data - 70));
        check(&text, data, size, &query, random);
    }
    text_release(&text);
}

/* Blocks of 64 bytes begin and end at every place of these. */
static void words_across_blocks_are_whole(void **state)
{
    static const char words[] = "don't 3.14 a.b \xC3\xA9.x 'tis x.\xC3\xA9 _a_ 1,2;3 a:b \"q\" z";
    char data[300];
    struct text text;
    (void)state;
    assert_int_equal(text_init(&text, 1 << 20, 7), 0);
    for (size_t before = 0; before < 130; before++) {
        memset(data, before % 3 ? ' ' : 'x', before);
        memcpy(data + before, words, sizeof words - 1);
        for (int kind = 0; kind < TOKEN_N_KINDS; kind++) {
            struct ngram_query query = {.tokens = (enum token_kind)kind, .composed = 1};
            check(&text, data, before + sizeof words - 1, &query, before);
        }
    }
    text_release(&text);
}

/* A line of `n` words of `size` bytes of the unit each, between two short ones. */
static size_t long_words(char *out, const char *unit, size_t size, size_t n)
{
    char *at = out;
    memcpy(at, "first line\nb ", 13);
    at += 13;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j + strlen(unit) <= size; j += strlen(unit))
            at = stpcpy(at, unit);
        *at++ = ' ';
    }
    return (size_t)(stpcpy(at, "c\nlast line\n") - out);
}

static void words_and_sequences_of_65536_bytes_are_the_longest(void **state)
{
    static char data[300000];
    static const struct {
        const char *unit;
        size_t size, n;
        unsigned n_most;
        uint64_t n_rejects;
    } cases[] = {{"w", 65535, 1, 1, 0},
                 {"w", 65536, 1, 1, 0},
                 {"w", 65537, 1, 1, 1},
                 {"e\xCC\x81", 65535, 1, 1, 0},    /* shorter when composed */
                 {"e\xCC\x81", 65538, 1, 1, 1},    /* too long before that */
                 {"\xE0\xA5\x98", 33000, 1, 1, 1}, /* when composed, which makes it longer */
                 {"\xE0\xA5\x98", 32000, 1, 1, 0},
                 {"w", 32767, 2, 2, 0},
                 {"w", 32768, 2, 2, 1},
                 {"w", 7280, 9, 9, 0},
                 {"w", 7282, 9, 9, 1},
                 {"w", 20000, 4, 3, 0},
                 {"w", 22000, 4, 3, 1}};
    struct text text;
    (void)state;
    assert_int_equal(text_init(&text, 1 << 20, 7), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t size = long_words(data, cases[i].unit, cases[i].size, cases[i].n);
        struct naive_words naive = {0};
        struct ngram_query query = {.composed = 1, .n_least = 1, .n_most = cases[i].n_most};
        naive_text(&naive, data, size, &query);
        if (naive.n_rejects != cases[i].n_rejects)
            fail_msg("case %zu", i);
        naive_release(&naive);
        check(&text, data, size, &query, 3);
    }
    text_release(&text);
}

/* More words than the front table takes, which go the other way. */
static void words_that_find_no_room_are_counted_too(void **state)
{
    size_t n = 60000, size = 0;
    char *data = malloc(n * 20);
    struct text text;
    (void)state;
    assert_non_null(data);
    for (size_t i = 0; i < n; i++)
        size += (size_t)sprintf(data + size, "w%zu%c", i * 7919 % 45000, i % 50 ? ' ' : '\n');
    assert_int_equal(text_init(&text, 0, 7), 0);
    struct ngram_query query = {.tokens = TOKEN_UAX29, .composed = 1};
    check(&text, data, size, &query, 5);
    text_release(&text);
    free(data);
}

/* Marks in the wrong order, as many as a word may have, take no time to speak of. */
static void many_marks_are_ordered(void **state)
{
    static const char *const marks[] = {"\xCC\x81", "\xCC\xA3", "\xCC\xA8", "\xE0\xA4\xBC"};
    size_t n = 20000, size = 1;
    char *data = malloc(4 * n);
    struct text text;
    (void)state;
    assert_non_null(data);
    data[0] = 'a';
    for (size_t i = 0; i < n; i++)
        size += (size_t)sprintf(data + size, "%s", marks[i * 7 / 3 % 4]);
    assert_int_equal(text_init(&text, 1 << 20, 7), 0);
    struct ngram_query query = {.tokens = TOKEN_LETTERS, .composed = 1};
    check(&text, data, size, &query, 5);
    text_release(&text);
    free(data);
}

/* Real text, if it is there. */
static void books_have_the_words_of_the_naive_twin(void **state)
{
    static const char *const names[] = {"being_ernest", "ulysses"};
    const char *folder = getenv("WORDMILL_DATA");
    struct text text;
    (void)state;
    assert_int_equal(text_init(&text, 1 << 20, 7), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[4096];
        struct bytes book = {0};
        snprintf(path, sizeof path, "%s/text/pg-%s.txt", folder ? folder : "", names[i]);
        if (bytes_load(&book, path) < 0) {
            print_message("skipped: no %s\n", path);
            skip();
        }
        /* The large one takes half a minute of each kind under a sanitizer. */
        for (int kind = 0; kind < (i == 0 ? TOKEN_N_KINDS : 1); kind++) {
            struct ngram_query query = {
                .tokens = (enum token_kind)kind, .composed = 1, .n_least = 1, .n_most = 1 + i % 2};
            check(&text, book.data, book.size, &query, i);
        }
        bytes_release(&book);
    }
    text_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boundaries_are_those_of_the_official_test),
        cmocka_unit_test(properties_are_those_of_utf8proc),
        cmocka_unit_test(a_character_that_passes_the_quick_check_is_composed),
        cmocka_unit_test(tokens_are_those_of_the_naive_twin),
        cmocka_unit_test(words_across_blocks_are_whole),
        cmocka_unit_test(words_and_sequences_of_65536_bytes_are_the_longest),
        cmocka_unit_test(words_that_find_no_room_are_counted_too),
        cmocka_unit_test(many_marks_are_ordered),
        cmocka_unit_test(books_have_the_words_of_the_naive_twin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
