/* Words as they count: folded but for their tags, in a copy or where they stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "filter/filter.h"
#include "random.h"

#define SEED 7

static void tags_and_tokens_that_are_no_words_keep_their_case(void **state)
{
    (void)state;
    static const char *const words[][2] = {{"Burnt_VERB", "burnt_VERB"},
                                           {"Burnt_Verb", "burnt_verb"},
                                           {"_VERB_ It", "_VERB_ it"},
                                           {"_START_ The_DET", "_START_ the_DET"},
                                           {"A_B=>C_NOUN", "a_b=>c_NOUN"},
                                           {"W_HAT", "w_hat"},
                                           {"_Start_", "_start_"},
                                           {"\xce\x9f\xce\xa3_X _._", "\xce\xbf\xcf\x83_X _._"},
                                           {"_NOUN", "_noun"},
                                           {"", ""}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char out[FOLD_SIZE_MAX(100)];
        uint32_t size = filter_fold(out, words[i][0], (uint32_t)strlen(words[i][0]));
        assert_int_equal(size, strlen(words[i][1]));
        assert_memory_equal(out, words[i][1], size);
    }
}

static int run(const struct filter *filter, struct filter_scratch *scratch,
               struct filter_word *word, const char *data, size_t size)
{
    *word = (struct filter_word){data, (uint32_t)size, table_hash(data, size, SEED)};
    return filter_word(filter, scratch, word);
}

static void what_follows_the_word_is_not_looked_at_and_stays(void **state)
{
    (void)state;
    static const char key[] = "Tab\tRun_VERB\t1999";
    struct filter_word word;
    struct filter_scratch scratch;
    struct filter filter = {.dated = 1, .seed = SEED};
    const char *name;
    size_t size;
    assert_int_equal(pos_parse(&filter.pos, "VERB", &name, &size), 0);
    assert_int_equal(filter_scratch_init(&scratch, &filter), 0);
    assert_int_equal(run(&filter, &scratch, &word, key, sizeof key - 1), 1);
    assert_ptr_equal(word.data, key);
    filter.dated = 0;
    assert_int_equal(run(&filter, &scratch, &word, key, sizeof key - 1), 0);
    filter.dated = 1;
    filter.strip = 1;
    filter.fold = FOLD_LOWER;
    assert_int_equal(filter_scratch_init(&scratch, &filter), 0);
    assert_int_equal(run(&filter, &scratch, &word, key, sizeof key - 1), 1);
    assert_int_equal(word.size, 12);
    assert_memory_equal(word.data, "tab\trun\t1999", 12);
    assert_int_equal(word.hash, table_hash("tab\trun\t1999", 12, SEED));
    filter_scratch_release(&scratch);
}

static void spellings_of_a_word_share_the_first_bits_and_have_hashes_of_their_own(void **state)
{
    (void)state;
    static const char *const spellings[] = {"word", "Word", "WORD", "word\t1", "Word\t2"};
    const struct filter filter = {.dated = 1, .fold = FOLD_DOMINANT, .seed = SEED};
    struct filter_scratch scratch;
    uint64_t hashes[5];
    assert_int_equal(filter_scratch_init(&scratch, &filter), 0);
    for (int i = 0; i < 5; i++) {
        struct filter_word word;
        assert_int_equal(run(&filter, &scratch, &word, spellings[i], strlen(spellings[i])), 1);
        assert_memory_equal(word.data, spellings[i], word.size);
        hashes[i] = word.hash;
        assert_int_equal(hashes[i] >> (64 - FILTER_HASH_BITS),
                         hashes[0] >> (64 - FILTER_HASH_BITS));
        for (int j = 0; j < i; j++)
            assert_int_not_equal((uint32_t)hashes[i], (uint32_t)hashes[j]);
    }
    assert_int_equal(hashes[0], table_hash("word", 4, SEED));
    filter_scratch_release(&scratch);
}

enum { PLAIN, TAGGED, PLACEHOLDER, BOUNDARY };

static const char *const tags[] = {"NOUN", "VERB", "ADJ",  "ADV", "PRON", "DET",
                                   "ADP",  "NUM",  "CONJ", "PRT", "X",    "."};
static const char *const boundaries[] = {"START", "END", "ROOT"};
enum { N_TAGS = sizeof tags / sizeof *tags, N_BOUNDARIES = sizeof boundaries / sizeof *boundaries };

static int is(const char *text, size_t size, const char *format, const char *name)
{
    char expected[16];
    int n = snprintf(expected, sizeof expected, format, name);
    return size == (size_t)n && memcmp(text, expected, size) == 0;
}

/* What the token is, how much of it is folded, and its tag. */
static int naive_kind(const char *token, size_t size, size_t *n_folded, size_t *tag)
{
    *n_folded = 0;
    for (size_t i = 0; i < N_BOUNDARIES; i++)
        if (is(token, size, "_%s_", boundaries[i]))
            return BOUNDARY;
    for (size_t i = 0; i < N_TAGS; i++)
        if (is(token, size, "_%s_", tags[i]))
            return PLACEHOLDER;
    for (*tag = 0; *tag < N_TAGS; ++*tag) {
        size_t n = strlen(tags[*tag]) + 1;
        *n_folded = size > n ? size - n : 0;
        if (*n_folded > 0 && is(token + *n_folded, n, "_%s", tags[*tag]))
            return TAGGED;
    }
    *n_folded = size;
    return PLAIN;
}

/* Where the first token ends; *step is how far the next one is. */
static size_t naive_token(const char *text, size_t size, size_t *step)
{
    for (size_t at = 0; at < size; at++) {
        int is_sign = at > 0 && at + 2 < size && text[at] == '=' && text[at + 1] == '>' &&
                      text[at + 2] != ' ';
        *step = at + (is_sign ? 2 : 1);
        if (text[at] == ' ' || is_sign)
            return at;
    }
    *step = size;
    return size;
}

/* By the parts of speech that are asked for. */
enum asked { ALL, UNTAGGED_ONLY, TAGGED_ONLY, NOUN_OR_X, N_ASKED };
static const char *const asked_names[N_ASKED] = {"all", "untagged", "tagged", "NOUN,X"};

/* Folds the word, token by token; 1, or 0 and the word as it was: it is not asked for. */
static int naive_filter(char *word, size_t size, enum asked asked)
{
    char folded[100];
    int n_of[4] = {0}, n_others = 0;
    size_t at = 0, step, n_folded, tag;
    memcpy(folded, word, size);
    do {
        size_t token = naive_token(word + at, size - at, &step);
        int kind = naive_kind(word + at, token, &n_folded, &tag);
        n_of[kind]++;
        n_others += kind == TAGGED && strcmp(tags[tag], "NOUN") != 0 && strcmp(tags[tag], "X") != 0;
        for (size_t i = at; i < at + n_folded; i++)
            if (word[i] >= 'A' && word[i] <= 'Z')
                folded[i] = (char)(word[i] - 'A' + 'a');
        at += step;
    } while (at < size);
    if ((asked == UNTAGGED_ONLY && n_of[TAGGED] + n_of[PLACEHOLDER] > 0) ||
        (asked >= TAGGED_ONLY && n_of[PLAIN] + n_of[PLACEHOLDER] > 0) ||
        (asked == NOUN_OR_X && (n_others > 0 || n_of[TAGGED] == 0)))
        return 0;
    memcpy(word, folded, size);
    return 1;
}

#define BEHIND 8 /* bytes behind a word that belong to somebody else */

/* Any word of tokens with and without tags, cut off anywhere, but most often about 8, 16 or 32. */
static size_t make_word(uint64_t *random, char word[64])
{
    static const char *const pieces[] = {"Run", "W",   "hat",   "AFFECTS_", "_NOUN", "_VERB",
                                         "_X",  "_.",  "_noun", "_NOUN_",   "_X_",   "_END",
                                         "_",   " ",   "=>",    "=",        ">",     "==>",
                                         "[Z",  "@`{", "\x7F",  "\x1F",     "9",     "_ADV"};
    static const char *const others[] = {"\xC3\x89", "\xC3", "\x80", "\xFF", "\xF0\x90\x90\x80"};
    size_t size = 0, most = (size_t)8 << random_below(random, 3);
    most = random_below(random, 2) ? most - 1 + random_below(random, 3) : random_below(random, 41);
    int is_simple = random_below(random, 3) == 0; /* else hardly any has tags alone */
    while (size < most) {
        const char *piece = PICK(random, pieces);
        if (is_simple)
            piece = random_below(random, 2)   ? "A_NOUN "
                    : random_below(random, 2) ? "_START_ "
                                              : "Z_X=>";
        size += (size_t)snprintf(word + size, 64 - size, "%s", piece);
    }
    size = is_simple && size > 0 ? size - 1 - (word[size - 1] == '>') : most;
    const char *other = PICK(random, others);
    if (random_below(random, 8) == 0 && size >= strlen(other))
        memcpy(word + random_below(random, size - strlen(other) + 1), other, strlen(other));
    else if (random_below(random, 20) == 0 && size > 0)
        word[random_below(random, size)] = '\0';
    return size;
}

/* What filter_in_place says of the word, which must be what the naive filter makes of it. */
static int check_in_place(const struct filter *filter, enum asked asked, const char *word,
                          size_t size, uint64_t *random)
{
    char expected[64], behind[BEHIND], *placed = malloc(size + BEHIND);
    int is_ascii = 1;
    assert_non_null(placed);
    for (size_t i = 0; i < size; i++)
        is_ascii &= (unsigned char)word[i] < 0x80;
    memcpy(expected, word, size);
    int wanted = is_ascii ? naive_filter(expected, size, asked) : FILTER_ASK;
    random_fill(random, behind, BEHIND, "_ =>AZaz\x80\xFF", 10);
    memcpy(placed, word, size);
    memcpy(placed + size, behind, BEHIND);
    int rc = filter_in_place(filter, placed, (uint32_t)size);
    if (rc != wanted || (size > 0 && memcmp(placed, expected, size) != 0))
        fail_msg("%s: '%.*s' becomes '%.*s' (%d) instead of '%.*s' (%d)", asked_names[asked],
                 (int)size, word, (int)size, placed, rc, (int)size, expected, wanted);
    assert_memory_equal(placed + size, behind, BEHIND);
    free(placed);
    return rc;
}

static void a_word_of_ascii_is_filtered_where_it_stands(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (enum asked asked = ALL; asked < N_ASKED; asked++) {
        struct filter filter = {.fold = FOLD_LOWER, .seed = SEED};
        struct filter_scratch scratch;
        unsigned n_of[3] = {0};
        const char *name;
        size_t name_size;
        assert_int_equal(pos_parse(&filter.pos, asked_names[asked], &name, &name_size), 0);
        assert_int_equal(filter_scratch_init(&scratch, &filter), 0);
        for (int i = 0; i < 50000; i++) {
            char word[64], expected[64];
            struct filter_word other;
            size_t size = make_word(&random, word);
            int rc = check_in_place(&filter, asked, word, size, &random);
            n_of[rc]++;
            if (rc == FILTER_ASK)
                continue;
            /* The long way says the same. */
            memcpy(expected, word, size);
            naive_filter(expected, size, asked);
            assert_int_equal(run(&filter, &scratch, &other, word, size), rc);
            assert_true(other.size == size &&
                        (size == 0 || memcmp(other.data, expected, size) == 0));
        }
        for (int rc = asked == ALL; rc < 3; rc++)
            assert_in_range(n_of[rc], 1000, 50000);
        filter_scratch_release(&scratch);
    }
}

static void what_is_more_than_folding_is_asked_elsewhere(void **state)
{
    (void)state;
    struct table words = {0};
    const struct match *match = (const struct match *)&words; /* not looked at */
    const struct filter filters[] = {
        {.fold = FOLD_NONE},
        {.fold = FOLD_DOMINANT},
        {.fold = FOLD_LOWER, .strip = 1},
        {.fold = FOLD_LOWER, .dated = 1},
        {.fold = FOLD_LOWER, .match = match},
        {.fold = FOLD_LOWER, .words = &words},
    };
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        char word[4 + BEHIND + 1] = "Word12345678";
        assert_int_equal(filter_in_place(&filters[i], word, 4), FILTER_ASK);
        assert_string_equal(word, "Word12345678");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_and_tokens_that_are_no_words_keep_their_case),
        cmocka_unit_test(what_follows_the_word_is_not_looked_at_and_stays),
        cmocka_unit_test(spellings_of_a_word_share_the_first_bits_and_have_hashes_of_their_own),
        cmocka_unit_test(a_word_of_ascii_is_filtered_where_it_stands),
        cmocka_unit_test(what_is_more_than_folding_is_asked_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
