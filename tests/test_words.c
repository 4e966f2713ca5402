/*
 * What counts by a look at the word alone: every combination of filters gives, with any number of
 * workers and any partition size, what a naive reading of their descriptions gives.
 */
#include <ctype.h>

#include "jobs.h"
#include "random.h"

#define N_RUNS 300
#define PICK(random, list) (list)[random_below((random), sizeof(list) / sizeof *(list))]

static char path[300];

static int has_vowel_pair(const char *word, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++)
        if (memchr("aeiou", word[i], 5) && memchr("aeiou", word[i + 1], 5))
            return 1;
    return 0;
}

static int begins_with_a(const char *word, size_t size)
{
    return size > 0 && word[0] == 'a';
}

static int is_one_byte(const char *word, size_t size)
{
    (void)word;
    return size == 1;
}

static int is_any(const char *word, size_t size)
{
    (void)word, (void)size;
    return 1;
}

static int ends_with_b_and_no_letter(const char *word, size_t size)
{
    return size > 1 && word[size - 2] == 'b' && (word[size - 1] < 'a' || word[size - 1] > 'z');
}

/* Regular expressions, and what they say. */
static const struct match {
    const char *regex;
    int (*fn)(const char *word, size_t size);
} matches[] = {{NULL, is_any},        {"[aeiou]{2}", has_vowel_pair},
               {"^a", begins_with_a}, {"^[^\n]$", is_one_byte},
               {"", is_any},          {"b[^a-z]$", ends_with_b_and_no_letter}};

/* Tags, the most that o.pos can name first. */
static const char *const tags[] = {"NOUN", "VERB", "ADJ", "ADV", "PRON",  "DET", "ADP", "NUM",
                                   "CONJ", "PRT",  "X",   ".",   "START", "END", "ROOT"};
enum { N_TAGS = sizeof tags / sizeof *tags, N_SUFFIXES = 12 };

/* What o.pos may be: bit i for tag i. */
static const struct pos {
    const char *text;
    unsigned tags;
    int untagged;
} poses[] = {
    {NULL, ~0u, 1},          {"all", ~0u, 1}, {"untagged", 0, 1},         {"tagged", ~0u, 0},
    {"NOUN,VERB", 1 | 2, 0}, {".", 2048, 0},  {"X,ROOT", 1024 | 16384, 0}};

struct choice {
    const struct match *match;
    const struct pos *pos;
    int strip;
};

/* The number of the token's tag, or -1; *size without it. */
static int naive_tag(const char *token, size_t *size)
{
    for (int i = 0; i < N_TAGS; i++) {
        char text[16];
        size_t n = (size_t)snprintf(text, sizeof text, "_%s_", tags[i]);
        if (n == *size && memcmp(text, token, n) == 0)
            return i;
        n--;
        if (i < N_SUFFIXES && n < *size && memcmp(text, token + *size - n, n) == 0) {
            *size -= n;
            return i;
        }
    }
    return -1;
}

/* Sets *found to the tags, and returns the word without them. */
static char *naive_strip(const struct oracle_word *word, unsigned *found, size_t *size)
{
    char *out = malloc(word->size + 1);
    *found = 0;
    *size = 0;
    for (size_t at = 0; at < word->size;) {
        size_t n = 0, stop;
        while (at + n < word->size && word->word[at + n] != ' ' &&
               (at + n + 2 > word->size || memcmp(word->word + at + n, "=>", 2) != 0))
            n++;
        stop = at + n;
        int tag = naive_tag(word->word + at, &n);
        if (tag >= 0)
            *found |= 1u << tag;
        memcpy(out + *size, word->word + at, n);
        *size += n;
        at = stop;
        for (n = stop < word->size ? (word->word[stop] == ' ' ? 1 : 2) : 0; n > 0; n--)
            out[(*size)++] = word->word[at++];
    }
    return out;
}

static int see(const struct oracle_filter *filter, struct oracle_word *word)
{
    const struct choice *choice = filter->user;
    unsigned found;
    size_t size;
    char *stripped = naive_strip(word, &found, &size);
    int untagged = choice->pos->untagged && !(choice->strip && !choice->pos->text);
    int counts = found ? (found & ~choice->pos->tags) == 0 : untagged;
    if (choice->strip) {
        word->word = stripped;
        word->size = size;
    } else {
        free(stripped);
    }
    return counts && choice->match->fn(word->word, word->size);
}

struct setup {
    struct bytes input;
    const char *asked[3];
    struct choice choice;
    struct oracle_filter filter;
    wm_options o;
};

/* Tags and what looks like one, behind letters, between them and alone. */
static size_t make_word(uint64_t *random, char *word, int tagged)
{
    static const char letters[] = "abei\0";
    static const char *const slips[] = {"_",    "_hat",   "_noun", "_NOUNS",
                                        "NOUN", "_START", "__",    "_NOUN_X"};
    static const char *const separators[] = {" ", " ", "=>", "=", ">", "  "};
    size_t size = 0;
    for (size_t n = 1 + (random_below(random, 3) == 0) * random_below(random, 3); n > 0; n--) {
        size_t n_letters = tagged ? random_below(random, 3) : 1 + random_below(random, 4);
        random_fill(random, word + size, n_letters, letters, sizeof letters - 1);
        size += n_letters;
        size_t kind = tagged ? random_below(random, 5) : 0;
        const char *tag = tags[random_below(random, random_below(random, 2) ? 2 : N_TAGS)];
        if (kind == 1 || kind == 2)
            size += (size_t)snprintf(word + size, 16, "_%s", tag);
        else if (kind == 3)
            size += (size_t)snprintf(word + size, 16, "_%s_", tag);
        else if (kind == 4)
            size += (size_t)snprintf(word + size, 16, "%s", PICK(random, slips));
        if (n > 1)
            size += (size_t)snprintf(word + size, 16, "%s", PICK(random, separators));
    }
    return size;
}

/* Words that are alike, so that filters meet them. */
static void make_input(struct setup *s, uint64_t *random)
{
    size_t n_words = 1 + random_below(random, 400), size = random_below(random, 60000);
    uint64_t seed = random_next(random);
    int tagged = random_below(random, 4) > 0;
    while (s->input.size < size) {
        char word[128];
        uint64_t state = seed + random_below(random, n_words);
        size_t word_size = make_word(&state, word, tagged);
        for (size_t n = 1 + random_below(random, 4); n > 0; n--)
            sample_add_line(&s->input, random, word, word_size, 0);
    }
    assert_int_equal(bytes_save(&s->input, path), 0);
}

static void make_options(struct setup *s, uint64_t *random)
{
    static const int workers[] = {0, 0, 1, 2};
    static const uint64_t partition_sizes[] = {0, 100, 3000, 20000};
    static const uint64_t min_counts[] = {0, 0, 1, 1000, 100000, 10000000};
    static const uint64_t tops[] = {0, 0, 3, 100};
    static const enum wm_sort sorts[] = {WM_SORT_DEFAULT, WM_SORT_WORD, WM_SORT_COUNT};
    static const enum wm_reduce reduces[] = {WM_SUM, WM_SUM, WM_SUM, WM_MIN, WM_MAX};
    wm_options *o = &s->o;
    *o = job_options(PICK(random, workers), PICK(random, partition_sizes));
    o->min_count = s->filter.min_count = PICK(random, min_counts);
    o->top = s->filter.top = PICK(random, tops);
    o->sort = PICK(random, sorts);
    o->reduce = PICK(random, reduces);
    s->filter.reduce = (enum oracle_reduce)o->reduce;
    s->filter.by_count = o->sort == WM_SORT_COUNT || (o->sort == WM_SORT_DEFAULT && o->top > 0);
    if (random_below(random, 4) == 0) {
        static const char *const words[] = {"a", "bee", "aa", "ie", "e", "no such word"};
        for (int i = 0; i < 3; i++)
            s->asked[i] = PICK(random, words);
        o->words = s->filter.words = s->asked;
        o->n_words = s->filter.n_words = 3;
    }
    s->choice.match = &PICK(random, matches);
    o->match = s->choice.match->regex;
    s->choice.pos = &PICK(random, poses);
    o->pos = s->choice.pos->text;
    o->strip_pos = s->choice.strip = random_below(random, 3) == 0;
    s->filter.see = see;
    s->filter.user = &s->choice;
}

static void describe(const struct setup *s, uint64_t seed, const char *what)
{
    const wm_options *o = &s->o;
    fail_msg("seed %llu: %s (workers %d, partition size %llu, min count %llu, top %llu, sort %d, "
             "reduce %d, %zu words asked, match '%s', pos %s%s)",
             (unsigned long long)seed, what, o->workers, (unsigned long long)o->partition_size,
             (unsigned long long)o->min_count, (unsigned long long)o->top, (int)o->sort,
             (int)o->reduce, o->n_words, o->match ? o->match : "", o->pos ? o->pos : "not given",
             o->strip_pos ? ", stripped" : "");
}

static void any_combination_equals_the_oracle(void **state)
{
    (void)state;
    const char *paths = path;
    size_t n_words = 0;
    for (uint64_t seed = 1; seed <= N_RUNS; seed++) {
        struct setup s = {.input = {0}};
        uint64_t random = seed;
        make_options(&s, &random);
        make_input(&s, &random);

        struct oracle oracle;
        struct bytes expected = {0};
        oracle_count(&oracle, &s.input, 1, &s.filter);
        oracle_write(&oracle, &expected);
        wm_result *result;
        wm_error error;
        if (wm_run(&s.o, &paths, 1, &result, &error) < 0)
            describe(&s, seed, error.message);
        if (!is_result(result, &expected))
            describe(&s, seed, "the result differs");
        for (size_t i = 0; i < oracle.n_words; i++) {
            uint64_t count;
            const struct oracle_word *word = &oracle.words[i];
            if (!wm_result_get(result, word->word, word->size, &count) || count != word->count)
                describe(&s, seed, "a word is not found");
        }
        n_words += oracle.n_words;
        wm_result_free(result);
        oracle_release(&oracle);
        bytes_release(&expected);
        bytes_release(&s.input);
    }
    assert_true(n_words > 5 * N_RUNS); /* or the filters let nothing through */
    unlink(path);
    assert_nothing_left();
}

static void save(const char *text)
{
    struct bytes input = {.data = (char *)text, .size = strlen(text)};
    assert_int_equal(bytes_save(&input, path), 0);
}

static void assert_says(const wm_options *o, const char *expected)
{
    const char *paths = path;
    wm_result *result;
    wm_error error;
    if (wm_run(o, &paths, 1, &result, &error) < 0)
        fail_msg("%s", error.message);
    struct bytes bytes = {.data = (char *)expected, .size = strlen(expected)};
    assert_true(is_result(result, &bytes));
    wm_result_free(result);
}

static void assert_fails(const wm_options *o, int code, const char *words)
{
    const char *paths = path;
    wm_result *result = UNTOUCHED;
    wm_error error;
    assert_int_equal(wm_run(o, &paths, 1, &result, &error), code);
    assert_string_equal(error.message, words);
    assert_true(result == UNTOUCHED);
}

static void the_sum_of_a_word_that_does_not_count_may_pass_64_bits(void **state)
{
    (void)state;
    static const char text[] = "a\t1\t18446744073709551615\t1\n"
                               "b\t1\t5\t1\n"
                               "a\t2\t18446744073709551615\t1\n"
                               "a\t3\t18446744073709551615\t1\n";
    save(text);
    for (int workers = 0; workers < 3; workers++)
        for (uint64_t size = 1; size < 100; size += 20) {
            wm_options o = job_options(workers, size);
            o.match = "b";
            assert_says(&o, "b\t5\n");
            o.match = "a|b";
            assert_fails(&o, WM_EOVERFLOW, "the count of 'a' passes 64 bits");
        }
    unlink(path);
    assert_nothing_left();
}

static void a_tag_that_is_not_known_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "noun", "NOUN,", ",NOUN", "NOUN,all", "_NOUN"};
    static const char *const words[] = {"", "noun", "", "", "all", "_NOUN"};
    wm_options o = job_options(2, 0);
    save("a\t1\t1\t1\n");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char message[300];
        snprintf(message, sizeof message,
                 "unknown tag '%s': use all, untagged, tagged, or some of NOUN VERB ADJ ADV PRON "
                 "DET ADP NUM CONJ PRT X . with commas between them",
                 words[i]);
        o.pos = wrong[i];
        assert_fails(&o, WM_EINVAL, message);
    }
    unlink(path);
    assert_nothing_left();
}

static void what_is_no_regular_expression_is_refused(void **state)
{
    (void)state;
    wm_options o = job_options(2, 0);
    save("a\t1\t1\t1\n");
    o.match = "(";
    assert_fails(&o, WM_EINVAL, "cannot match '(': unmatched ( or \\(");
    unlink(path);
    assert_nothing_left();
}

static int set_up(void **state)
{
    int rc = make_files(state);
    snprintf(path, sizeof path, "%s/words", files.folder);
    return rc;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_combination_equals_the_oracle),
        cmocka_unit_test(the_sum_of_a_word_that_does_not_count_may_pass_64_bits),
        cmocka_unit_test(a_tag_that_is_not_known_is_refused),
        cmocka_unit_test(what_is_no_regular_expression_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, remove_files);
}
