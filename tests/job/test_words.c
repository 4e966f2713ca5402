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

/* Letters, and what they are in lower case; some bytes are no UTF-8. */
static const struct letter {
    const char *text, *lower;
} letters[] = {{"a", "a"},
               {"b", "b"},
               {"e", "e"},
               {"i", "i"},
               {"A", "a"},
               {"B", "b"},
               {"\xc3\x89", "\xc3\xa9"},
               {"\xc3\xa9", "\xc3\xa9"},
               {"\xce\xa3", "\xcf\x83"},
               {"\xc4\xb0", "i"},
               {"\xc8\xba", "\xe2\xb1\xa5"},
               {"\xff", "\xff"},
               {"\xc3", "\xc3"}};
enum { N_LETTERS = sizeof letters / sizeof *letters };

struct choice {
    const struct match *match;
    const struct pos *pos;
    int strip;
    enum wm_fold fold;
};

/* In lower case, and with a NUL behind. */
static char *naive_fold(const char *word, size_t size, size_t *folded_size)
{
    struct bytes out = {0};
    for (size_t at = 0, n; at < size; at += n) {
        n = 0;
        for (int i = 0; i < N_LETTERS && n == 0; i++) {
            size_t length = strlen(letters[i].text);
            if (length <= size - at && memcmp(word + at, letters[i].text, length) == 0) {
                bytes_add(&out, letters[i].lower, strlen(letters[i].lower));
                n = length;
            }
        }
        if (n == 0) { /* of a tag, or a NUL */
            char c = (char)tolower((unsigned char)word[at]);
            bytes_add(&out, &c, 1);
            n = 1;
        }
    }
    *folded_size = out.size;
    bytes_add(&out, "", 1);
    return out.data;
}

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
    if (!choice->strip) {
        memcpy(stripped, word->word, word->size);
        size = word->size;
    }
    size_t folded_size;
    char *folded = naive_fold(stripped, size, &folded_size);
    if (choice->fold)
        counts = counts && choice->match->fn(folded, folded_size);
    else
        counts = counts && choice->match->fn(stripped, size);
    word->word = choice->fold == WM_FOLD_LOWER ? folded : stripped;
    word->size = choice->fold == WM_FOLD_LOWER ? folded_size : size;
    if (choice->fold == WM_FOLD_DOMINANT)
        word->group = folded;
    else
        free(choice->fold ? stripped : folded);
    return counts;
}

struct setup {
    struct bytes input;
    const char *asked[3], *expected[3];
    struct choice choice;
    struct oracle_filter filter;
    wm_options o;
};

static size_t add_letters(uint64_t *random, char *word, size_t n, int nuls)
{
    size_t size = 0;
    for (; n > 0; n--) {
        size_t i = random_below(random, random_below(random, 3) ? 6 : N_LETTERS);
        if (nuls && random_below(random, 5) == 0)
            word[size++] = 0;
        else
            size += (size_t)snprintf(word + size, 4, "%s", letters[i].text);
    }
    return size;
}

/* Tags and what looks like one, behind letters, between them and alone. */
static size_t make_word(uint64_t *random, char *word, int tagged, int nuls)
{
    static const char *const slips[] = {"_",    "_hat",   "_noun", "_NOUNS",
                                        "NOUN", "_START", "__",    "_NOUN_X"};
    static const char *const separators[] = {" ", " ", "=>", "=", ">", "  "};
    size_t size = 0;
    for (size_t n = 1 + (random_below(random, 3) == 0) * random_below(random, 3); n > 0; n--) {
        size_t n_letters = tagged ? random_below(random, 3) : 1 + random_below(random, 4);
        size += add_letters(random, word + size, n_letters, nuls);
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
    /* The oracle's groups are strings. */
    int nuls = s->o.fold_case != WM_FOLD_DOMINANT && random_below(random, 2);
    while (s->input.size < size) {
        char word[128];
        uint64_t state = seed + random_below(random, n_words);
        size_t word_size = make_word(&state, word, tagged, nuls);
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
    static const enum wm_fold folds[] = {WM_FOLD_NONE, WM_FOLD_NONE, WM_FOLD_LOWER,
                                         WM_FOLD_DOMINANT};
    o->fold_case = s->choice.fold = PICK(random, folds);
    s->filter.grouped = o->fold_case == WM_FOLD_DOMINANT;
    /* The oracle takes what stands for nothing for a common spelling. */
    if (random_below(random, 4) == 0 && !(s->filter.grouped && o->reduce == WM_MIN)) {
        static const char *const words[] = {"a", "Be", "Aa", "ie", "e", "no such Word"};
        static const char *const folded[] = {"a", "be", "aa", "ie", "e", "no such word"};
        for (int i = 0; i < 3; i++) {
            size_t word = random_below(random, sizeof words / sizeof *words);
            s->asked[i] = words[word];
            s->expected[i] = o->fold_case ? folded[word] : words[word];
        }
        o->words = s->asked;
        s->filter.words = s->expected;
        o->n_words = s->filter.n_words = 3;
    }
    s->choice.match = &PICK(random, matches);
    o->match = s->choice.match->regex;
    s->choice.pos = &PICK(random, poses);
    o->pos = s->choice.pos->text;
    o->strip_pos = s->choice.strip = random_below(random, 3) == 0;
    o->rank = random_below(random, 3) == 0;
    s->filter.see = see;
    s->filter.user = &s->choice;
}

static void print_share(struct bytes *out, unsigned __int128 part, unsigned __int128 whole)
{
    unsigned __int128 millionths = whole ? (part * 200000000 + whole) / (2 * whole) : 0;
    bytes_print(out, "\t%llu.%06llu", (unsigned long long)(millionths / 1000000),
                (unsigned long long)(millionths % 1000000));
}

/* As oracle_write, with ranks if they are asked for. */
static void write_expected(const struct setup *s, const struct oracle *oracle, struct bytes *out)
{
    struct oracle all;
    struct oracle_filter filter = s->filter;
    unsigned __int128 sum = 0;
    filter.top = 0;
    filter.by_count = 1;
    oracle_count(&all, &s->input, 1, &filter);
    for (size_t i = 0; i < all.n_words; i++)
        sum += all.words[i].count;
    for (size_t i = 0; i < oracle->n_words; i++) {
        const struct oracle_word *word = &oracle->words[i], *other = all.words;
        unsigned __int128 sum_here = other->count;
        for (; word->size != other->size || memcmp(word->word, other->word, word->size) != 0;
             sum_here += other->count)
            other++;
        bytes_add(out, word->word, word->size);
        bytes_print(out, "\t%llu", (unsigned long long)word->count);
        if (s->o.rank) {
            bytes_print(out, "\t%zu", (size_t)(other - all.words) + 1);
            print_share(out, word->count, sum);
            print_share(out, sum_here, sum);
        }
        bytes_add(out, "\n", 1);
    }
    oracle_release(&all);
}

static int is_written(int fd, const struct bytes *expected)
{
    struct bytes got = {0};
    lseek(fd, 0, SEEK_SET);
    int equal = bytes_read(&got, fd) == 0 && bytes_equal(&got, expected);
    bytes_release(&got);
    return equal;
}

static void describe(const struct setup *s, uint64_t seed, const char *what)
{
    const wm_options *o = &s->o;
    fail_msg("seed %llu: %s (workers %d, partition size %llu, min count %llu, top %llu, sort %d, "
             "reduce %d, %zu words asked, match '%s', pos %s%s, fold %d%s)",
             (unsigned long long)seed, what, o->workers, (unsigned long long)o->partition_size,
             (unsigned long long)o->min_count, (unsigned long long)o->top, (int)o->sort,
             (int)o->reduce, o->n_words, o->match ? o->match : "", o->pos ? o->pos : "not given",
             o->strip_pos ? ", stripped" : "", (int)o->fold_case, o->rank ? ", ranked" : "");
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
        write_expected(&s, &oracle, &expected);
        s.o.output_fd = seed % 2 ? -1 : memfd_create("output", MFD_CLOEXEC);
        wm_result *result;
        wm_error error;
        if (wm_run(&s.o, &paths, 1, &result, &error) < 0)
            describe(&s, seed, error.message);
        if (!is_result(result, &expected))
            describe(&s, seed, "the result differs");
        if (s.o.output_fd >= 0 && !is_written(s.o.output_fd, &expected))
            describe(&s, seed, "the output differs");
        if (s.o.output_fd >= 0)
            close(s.o.output_fd);
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

static void a_word_asked_for_is_written_as_it_is_looked_at(void **state)
{
    (void)state;
    static const char *const asked[] = {"CAT", "Dog", "\xc3\x89"};
    save("Cat\t1\t5\t1\ncAt\t1\t9\t1\nDOG\t1\t0\t1\ncow\t1\t7\t1\n");
    wm_options o = job_options(2, 1);
    o.words = asked;
    o.n_words = 3;
    o.fold_case = WM_FOLD_LOWER;
    assert_says(&o, "cat\t14\ndog\t0\n\xc3\xa9\t0\n");
    o.fold_case = WM_FOLD_DOMINANT;
    assert_says(&o, "DOG\t0\ncAt\t14\n\xc3\xa9\t0\n");
    o.reduce = WM_MIN;
    assert_says(&o, "DOG\t0\ncAt\t5\n\xc3\xa9\t18446744073709551615\n");
    unlink(path);
    assert_nothing_left();
}

/* All of them are in one partition, but must not be in one slot of its table. */
static void a_word_may_have_many_spellings(void **state)
{
    (void)state;
    enum { N = 60000 };
    struct bytes input = {0};
    char text[100];
    for (int i = 0; i < N; i++) {
        char word[] = "abcdefghijklmnop";
        for (int bit = 0; bit < 16; bit++)
            if (i >> bit & 1)
                word[bit] = (char)toupper((unsigned char)word[bit]);
        bytes_print(&input, "%s\t1\t%d\t1\n", word, i == 777 ? 8 : 7);
    }
    assert_int_equal(bytes_save(&input, path), 0);
    bytes_release(&input);
    wm_options o = job_options(2, 100000);
    o.fold_case = WM_FOLD_DOMINANT;
    snprintf(text, sizeof text, "AbcDefghIJklmnop\t%d\n", 7 * N + 1);
    assert_says(&o, text);
    unlink(path);
    assert_nothing_left();
}

static void a_word_that_would_become_too_long_stays_as_it_is(void **state)
{
    (void)state;
    struct bytes input = {0}, expected = {0};
    for (int i = 0; i < 32768; i++)
        bytes_print(&input, "\xc8\xba");
    bytes_add(&expected, input.data, input.size);
    bytes_print(&input, "\t1\t5\t1\n");
    bytes_print(&expected, "\t5\n");
    bytes_add(&expected, "", 1);
    assert_int_equal(bytes_save(&input, path), 0);
    for (int fold = WM_FOLD_NONE; fold <= WM_FOLD_DOMINANT; fold++) {
        wm_options o = job_options(1, 0);
        o.fold_case = (enum wm_fold)fold;
        assert_says(&o, expected.data);
    }
    bytes_release(&input);
    bytes_release(&expected);
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
        cmocka_unit_test(a_word_asked_for_is_written_as_it_is_looked_at),
        cmocka_unit_test(a_word_may_have_many_spellings),
        cmocka_unit_test(a_word_that_would_become_too_long_stays_as_it_is),
        cmocka_unit_test(a_tag_that_is_not_known_is_refused),
        cmocka_unit_test(what_is_no_regular_expression_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, remove_files);
}
