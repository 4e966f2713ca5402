/*
 * What counts by a look at the word alone: every combination of filters gives, with any number of
 * workers and any partition size, what a naive reading of their descriptions gives.
 */
#include <ctype.h>
#include <regex.h>

#include "one_input.h"
#include "random.h"
#include "repeat.h"

#define N_RUNS 300

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

/* Bytes of the character that begins here, or 0: it is none. Those of the letters below do. */
static size_t character(const char *at, size_t left)
{
    unsigned char c = (unsigned char)*at;
    size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe1 && c < 0xed ? 3 : 0;
    if (n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

/* Characters or, where the word is not UTF-8, bytes. */
static size_t length(const char *word, size_t size)
{
    size_t n = 0;
    for (size_t at = 0, step; at < size; at += step, n++)
        if ((step = character(word + at, size - at)) == 0)
            return size;
    return n;
}

static int is_one_character(const char *word, size_t size)
{
    return length(word, size) == 1;
}

static int has_four_characters(const char *word, size_t size)
{
    return length(word, size) >= 4;
}

/* Of Latin-1, whose letters are those of Unicode. */
static int is_letter(unsigned char c)
{
    return (c < 0x80 && isalpha(c)) || c == 0xaa || c == 0xb5 || c == 0xba ||
           (c >= 0xc0 && c != 0xd7 && c != 0xf7);
}

/* All characters of more than one byte here are letters. */
static int is_letters(const char *word, size_t size)
{
    int is_bytes = length(word, size) == size;
    for (size_t at = 0, step; at < size; at += step) {
        step = is_bytes ? 1 : character(word + at, size - at);
        if (step == 1 && !is_letter((unsigned char)word[at]))
            return 0;
    }
    return size > 0;
}

static int is_any(const char *word, size_t size)
{
    (void)word, (void)size;
    return 1;
}

static int ends_with_b_and_no_letter(const char *word, size_t size)
{
    int is_bytes = length(word, size) == size;
    for (size_t at = 0, step; at < size; at += step) {
        step = is_bytes ? 1 : character(word + at, size - at);
        if (at > 0 && at + step == size)
            return word[at - 1] == 'b' && (word[at] < 'a' || word[at] > 'z');
    }
    return 0;
}

/* Regular expressions, and what they say. */
static const struct match {
    const char *regex;
    int (*fn)(const char *word, size_t size);
} matches[] = {{NULL, is_any},
               {"[aeiou]{2}", has_vowel_pair},
               {"^a", begins_with_a},
               {"^.$", is_one_character},
               {".{4}", has_four_characters},
               {"^\\p{L}+$", is_letters},
               {"", is_any},
               {"b[^a-z]$", ends_with_b_and_no_letter}};

static const char *const tags[] = {"NOUN", "VERB", "ADJ", "ADV", "PRON",  "DET", "ADP", "NUM",
                                   "CONJ", "PRT",  "X",   ".",   "START", "END", "ROOT"};
enum { N_TAGS = sizeof tags / sizeof *tags, N_SUFFIXES = 12 };

/*
 * What o.pos may be, and which entries that takes. An entry is written down as its tokens' kinds: w
 * for a plain one, +NOUN for a tagged one, _NOUN_ for a placeholder, START, each with a blank.
 */
#define B "(START |END |ROOT )*"
#define PLAIN "^" B "(w " B ")*$"
#define TAGGED "^" B "(\\+[A-Z.]* " B ")*$"
static const struct pos {
    const char *text, *kinds, *must[2];
} poses[] = {
    {NULL, "", {0}},
    {"all", "", {0}},
    {"untagged", PLAIN, {0}},
    {"Tagged", TAGGED, {0}},
    {"NOUN,VERB", "^" B "((\\+NOUN |\\+VERB )" B ")+$", {0}},
    {" _noun_ , VERB_", "^" B "((\\+NOUN |\\+VERB )" B ")+$", {0}},
    {".", "^" B "(\\+\\. " B ")+$", {0}},
    {"_._,x", "^" B "((\\+\\. |\\+X )" B ")+$", {0}},
    {"VERB NOUN", "^" B "\\+VERB " B "\\+NOUN " B "$", {0}},
    {"noun  noun,_NOUN,Verb verb",
     "^" B "(\\+NOUN " B "(\\+NOUN " B ")?|(\\+VERB " B "){2})$",
     {0}},
    {"START", PLAIN, {"START "}},
    {"START,END", PLAIN, {"START ", "END "}},
    {"NOUN,ROOT", "^" B "(\\+NOUN " B ")+$", {"ROOT "}},
    {"START NOUN", "^START \\+NOUN $", {0}},
};

/* Letters, and what they are folded; some bytes are no UTF-8. */
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
               {"\xcf\x82", "\xcf\x83"},
               {"\xc5\xbf", "s"},
               {"\xe1\xba\x9e", "\xc3\x9f"},
               {"\xc4\xb0", "\xc4\xb0"},
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

static void naive_fold(const char *word, size_t size, struct bytes *out)
{
    for (size_t at = 0, n; at < size; at += n) {
        n = 0;
        for (int i = 0; i < N_LETTERS && n == 0; i++) {
            size_t bytes = strlen(letters[i].text);
            if (bytes <= size - at && memcmp(word + at, letters[i].text, bytes) == 0) {
                bytes_add(out, letters[i].lower, strlen(letters[i].lower));
                n = bytes;
            }
        }
        if (n == 0) { /* of what only looks like a tag, or a NUL */
            char c = (char)tolower((unsigned char)word[at]);
            bytes_add(out, &c, 1);
            n = 1;
        }
    }
}

/* Writes down what the token is; returns how much of it is no tag. */
static size_t naive_kind(const char *token, size_t size, char *kind)
{
    for (int i = 0; i < N_TAGS; i++) {
        char text[16];
        size_t n = (size_t)snprintf(text, sizeof text, "_%s_", tags[i]);
        if (n == size && memcmp(text, token, n) == 0) {
            strcpy(kind, i < N_SUFFIXES ? text : tags[i]);
            return size;
        }
        n--;
        if (i < N_SUFFIXES && n < size && memcmp(text, token + size - n, n) == 0) {
            sprintf(kind, "+%s", tags[i]);
            return size - n;
        }
    }
    strcpy(kind, "w");
    return size;
}

/* Where the next token begins, and *size of this one: up to a blank, or a "=>" between two. */
static size_t naive_token(const char *word, size_t at, size_t end, size_t *size)
{
    for (size_t i = at; i < end; i++) {
        *size = i - at;
        if (word[i] == ' ')
            return i + 1;
        if (i > at && i + 2 < end && memcmp(word + i, "=>", 2) == 0 && word[i + 2] != ' ')
            return i + 2;
    }
    *size = end - at;
    return end;
}

/* The word without its tags, if strip, or folded but for them; and its tokens' kinds. */
static struct bytes naive_write(const char *word, size_t size, int strip, int fold, char *kinds)
{
    struct bytes out = {0};
    *kinds = 0;
    for (size_t at = 0, next, token_size; at < size; at = next) {
        const char *token = word + at;
        next = naive_token(word, at, size, &token_size);
        char *kind = kinds + strlen(kinds);
        size_t n = naive_kind(token, token_size, kind);
        if (fold && (*kind == 'w' || *kind == '+'))
            naive_fold(token, n, &out);
        else
            bytes_add(&out, token, n);
        if (!strip)
            bytes_add(&out, token + n, token_size - n);
        bytes_add(&out, token + token_size, next - at - token_size);
        strcat(kind, " ");
    }
    bytes_add(&out, "", 1);
    out.size--;
    return out;
}

static int naive_takes(const struct choice *choice, const char *kinds)
{
    regex_t regex;
    const struct pos *pos = choice->pos;
    const char *text = choice->strip && !pos->text ? TAGGED : pos->kinds;
    /* The empty word has no token, and no tag either. */
    if (!*kinds)
        kinds = "w ";
    assert_int_equal(regcomp(&regex, text, REG_EXTENDED | REG_NOSUB), 0);
    int takes = regexec(&regex, kinds, 0, NULL, 0) == 0;
    regfree(&regex);
    if (pos->must[0] && !strstr(kinds, pos->must[0]))
        takes = takes && pos->must[1] && strstr(kinds, pos->must[1]);
    return takes;
}

static int see(const struct oracle_filter *filter, struct oracle_word *word)
{
    const struct choice *choice = filter->user;
    char kinds[256], of_stripped[256];
    struct bytes plain = naive_write(word->word, word->size, choice->strip, 0, kinds);
    struct bytes folded = naive_write(plain.data, plain.size, 0, 1, of_stripped);
    const struct bytes *seen = choice->fold ? &folded : &plain;
    int counts = naive_takes(choice, kinds) && choice->match->fn(seen->data, seen->size);
    const struct bytes *written = choice->fold == WM_FOLD_LOWER ? &folded : &plain;
    word->word = written->data;
    word->size = written->size;
    if (choice->fold == WM_FOLD_DOMINANT)
        word->group = folded.data;
    else
        free(choice->fold ? plain.data : folded.data);
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
    static const char *const slips[] = {"_",      "_hat", "_noun",   "_NOUNS", "NOUN",
                                        "_START", "__",   "_NOUN_X", "_A_",    "=>"};
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
    if (random_below(random, 2))
        oracle_sort_lines(&s->input);
    save(s->input.data, s->input.size);
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

/* Behind a word and its count: its rank among all words, and its shares. */
static void write_rank(const struct oracle *all, const struct oracle_word *word, struct bytes *out)
{
    unsigned __int128 sum = 0, sum_here = 0;
    size_t rank = 0;
    for (size_t i = 0; i < all->n_words; i++) {
        const struct oracle_word *other = &all->words[i];
        sum += other->count;
        if (word->size == other->size && memcmp(word->word, other->word, word->size) == 0) {
            rank = i + 1;
            sum_here = sum;
        }
    }
    bytes_print(out, "\t%zu", rank);
    print_share(out, word->count, sum);
    print_share(out, sum_here, sum);
}

/* As oracle_write, with ranks if they are asked for. */
static void write_expected(const struct setup *s, const struct oracle *oracle, struct bytes *out)
{
    struct oracle all = {0};
    struct oracle_filter filter = s->filter;
    filter.top = 0;
    filter.by_count = 1;
    filter.keep_all = 1;
    if (s->o.rank)
        oracle_count(&all, &s->input, 1, &filter);
    for (size_t i = 0; i < oracle->n_words; i++) {
        const struct oracle_word *word = &oracle->words[i];
        bytes_add(out, word->word, word->size);
        bytes_print(out, "\t%llu", (unsigned long long)word->count);
        if (s->o.rank)
            write_rank(&all, word, out);
        bytes_add(out, "\n", 1);
    }
    if (s->o.rank)
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
    for (uint64_t seed = 1; seed <= repeat(N_RUNS); seed++) {
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
    assert_true(n_words > repeat(N_RUNS)); /* or the filters let nothing through */
    remove_input();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_combination_equals_the_oracle),
    };
    return cmocka_run_group_tests(tests, make_input_path, remove_files);
}
