#include "naive_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "words/table.h"
#include "text/unicode.h"

struct character {
    const char *at;
    size_t size;
    uint32_t point;
    int is_valid;
    enum unicode_break is;
};

static void *allocate(void *old, size_t size)
{
    void *memory = realloc(old, size ? size : 1);
    if (!memory)
        abort();
    return memory;
}

void naive_add(struct naive_words *words, const char *data, size_t size, uint64_t count)
{
    if (words->n == words->capacity) {
        words->capacity = 2 * words->capacity + 16;
        words->words = allocate(words->words, words->capacity * sizeof *words->words);
    }
    char *copy = allocate(NULL, size);
    memcpy(copy, data, size);
    words->words[words->n++] = (struct naive_word){copy, size, count};
}

void naive_release(struct naive_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        free(words->words[i].data);
    free(words->words);
    *words = (struct naive_words){0};
}

static int compare(const void *left, const void *right)
{
    const struct naive_word *a = left, *b = right;
    int order = memcmp(a->data, b->data, a->size < b->size ? a->size : b->size);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

static void combine(struct naive_words *words)
{
    size_t n = 0;
    if (words->n > 0)
        qsort(words->words, words->n, sizeof *words->words, compare);
    for (size_t i = 0; i < words->n; i++) {
        if (n > 0 && compare(&words->words[n - 1], &words->words[i]) == 0) {
            words->words[n - 1].count += words->words[i].count;
            free(words->words[i].data);
        } else {
            words->words[n++] = words->words[i];
        }
    }
    words->n = n;
}

int naive_equal(struct naive_words *a, struct naive_words *b)
{
    combine(a);
    combine(b);
    int equal = a->n == b->n && a->n_lines == b->n_lines && a->n_counted == b->n_counted &&
                a->n_invalid == b->n_invalid && a->n_rejects == b->n_rejects &&
                a->reject_sum == b->reject_sum;
    for (size_t i = 0; equal && i < a->n; i++)
        equal = compare(&a->words[i], &b->words[i]) == 0 && a->words[i].count == b->words[i].count;
    return equal;
}

/* RFC 3629. */
static size_t decode(const char *text, size_t left, uint32_t *point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = (unsigned char)text[0];
    size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
    if (size == 0 || lead > 0xF7 || size > left)
        return 0;
    *point = size == 1 ? lead : lead & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            return 0;
        *point = *point << 6 | ((unsigned char)text[i] & 0x3Fu);
    }
    int is_surrogate = *point >= 0xD800 && *point < 0xE000;
    return *point < least[size] || *point > 0x10FFFF || is_surrogate ? 0 : size;
}

static struct character *characters_of(const char *text, size_t size, size_t *n)
{
    struct character *all = allocate(NULL, (size + 1) * sizeof *all);
    *n = 0;
    for (size_t at = 0; at < size;) {
        struct character *now = &all[(*n)++];
        *now = (struct character){.at = text + at, .is = BREAK_OTHER};
        now->size = decode(text + at, size - at, &now->point);
        now->is_valid = now->size > 0;
        if (now->is_valid)
            now->is = unicode_break(unicode_record(now->point));
        else
            now->size = 1;
        at += now->size;
    }
    return all;
}

static int is_ignored(enum unicode_break is)
{
    return is == BREAK_EXTEND || is == BREAK_FORMAT || is == BREAK_ZWJ;
}

static int is_line_end(enum unicode_break is)
{
    return is == BREAK_NEWLINE || is == BREAK_CR || is == BREAK_LF;
}

/* The property of the nearest one that is not ignored, step (1 or -1) by step from i on. */
static enum unicode_break near(const struct character *all, size_t n, size_t i, int step,
                               size_t *at)
{
    for (; i < n; i += (size_t)(ptrdiff_t)step) {
        if (step < 0 && is_ignored(all[i].is) && i > 0 && !is_line_end(all[i - 1].is))
            continue;
        if (step > 0 && is_ignored(all[i].is))
            continue;
        *at = i;
        return all[i].is;
    }
    *at = SIZE_MAX;
    return BREAK_N; /* the edge of the text */
}

/* Whether there is a boundary before character i, 0 < i < n. */
static int is_boundary(const struct character *all, size_t n, size_t i)
{
    enum unicode_break before = all[i - 1].is, next = all[i].is;
    if (before == BREAK_CR && next == BREAK_LF) /* WB3 */
        return 0;
    if (is_line_end(before) || is_line_end(next)) /* WB3a, 3b */
        return 1;
    int is_pictograph = all[i].is_valid && (unicode_record(all[i].point) & UNICODE_PICTOGRAPH) != 0;
    if (before == BREAK_ZWJ && is_pictograph) /* WB3c */
        return 0;
    if (before == BREAK_WSEGSPACE && next == BREAK_WSEGSPACE) /* WB3d */
        return 0;
    if (is_ignored(next)) /* WB4 */
        return 0;
    size_t at;
    enum unicode_break a2, a1 = near(all, n, i - 1, -1, &at);
    a2 = at > 0 && at < n ? near(all, n, at - 1, -1, &at) : BREAK_N;
    enum unicode_break b1 = next, b2 = i + 1 < n ? near(all, n, i + 1, 1, &at) : BREAK_N;
#define AHLETTER(x) ((x) == BREAK_ALETTER || (x) == BREAK_HEBREW_LETTER)
#define MIDNUMLETQ(x) ((x) == BREAK_MIDNUMLET || (x) == BREAK_SINGLE_QUOTE)
#define HEBREW(x) ((x) == BREAK_HEBREW_LETTER)
#define NUMERIC(x) ((x) == BREAK_NUMERIC)
    if (AHLETTER(a1) && AHLETTER(b1)) /* WB5 */
        return 0;
    if (AHLETTER(a1) && (b1 == BREAK_MIDLETTER || MIDNUMLETQ(b1)) && AHLETTER(b2)) /* WB6 */
        return 0;
    if (AHLETTER(a2) && (a1 == BREAK_MIDLETTER || MIDNUMLETQ(a1)) && AHLETTER(b1)) /* WB7 */
        return 0;
    if (HEBREW(a1) && b1 == BREAK_SINGLE_QUOTE) /* WB7a */
        return 0;
    if (HEBREW(a1) && b1 == BREAK_DOUBLE_QUOTE && HEBREW(b2)) /* WB7b */
        return 0;
    if (HEBREW(a2) && a1 == BREAK_DOUBLE_QUOTE && HEBREW(b1)) /* WB7c */
        return 0;
    if ((NUMERIC(a1) || AHLETTER(a1)) && NUMERIC(b1)) /* WB8, 9 */
        return 0;
    if (NUMERIC(a1) && AHLETTER(b1)) /* WB10 */
        return 0;
    if (NUMERIC(a2) && (a1 == BREAK_MIDNUM || MIDNUMLETQ(a1)) && NUMERIC(b1)) /* WB11 */
        return 0;
    if (NUMERIC(a1) && (b1 == BREAK_MIDNUM || MIDNUMLETQ(b1)) && NUMERIC(b2)) /* WB12 */
        return 0;
    if (a1 == BREAK_KATAKANA && b1 == BREAK_KATAKANA) /* WB13 */
        return 0;
    int is_word = AHLETTER(a1) || NUMERIC(a1) || a1 == BREAK_KATAKANA;
    if ((is_word || a1 == BREAK_EXTENDNUMLET) && b1 == BREAK_EXTENDNUMLET) /* WB13a */
        return 0;
    if (a1 == BREAK_EXTENDNUMLET && (AHLETTER(b1) || NUMERIC(b1) || b1 == BREAK_KATAKANA))
        return 0;                                                   /* WB13b */
    if (a1 == BREAK_COMPLEX_CONTEXT && b1 == BREAK_COMPLEX_CONTEXT) /* a run of Thai */
        return 0;
    if (a1 == BREAK_REGIONAL_INDICATOR && b1 == BREAK_REGIONAL_INDICATOR) { /* WB15, 16 */
        size_t count = 0, place = i;
        while (place > 0 && near(all, n, place - 1, -1, &place) == BREAK_REGIONAL_INDICATOR)
            count++;
        return count % 2 == 0;
    }
    return 1;
}

size_t naive_segments(const char *text, size_t size, size_t *ends)
{
    size_t n, n_ends = 0;
    struct character *all = characters_of(text, size, &n);
    for (size_t i = 1; i <= n; i++)
        if (i == n || is_boundary(all, n, i))
            ends[n_ends++] = (size_t)(all[i - 1].at - text) + all[i - 1].size;
    free(all);
    return n_ends;
}

static uint32_t flags_of(const struct character *character)
{
    return character->is_valid ? unicode_record(character->point) : 0;
}

static int is_ascii_word(uint32_t point)
{
    return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') ||
           (point >= '0' && point <= '9') || point == '_';
}

/* Whether character i goes on with a token that has begun. */
static int goes_on(const struct character *all, size_t n, size_t i, enum token_kind kind)
{
    if (kind == TOKEN_UAX29)
        return !is_boundary(all, n, i);
    if (kind == TOKEN_LETTERS)
        return (flags_of(&all[i]) & (UNICODE_LETTER | UNICODE_MARK)) || is_ignored(all[i].is);
    return !(flags_of(&all[i]) & UNICODE_BLANK);
}

/* In NFC, as far as it is UTF-8, and without soft hyphens. */
static char *as_it_counts(const struct character *all, size_t n, int composed, size_t *size)
{
    size_t capacity = 0;
    for (size_t i = 0; i < n; i++)
        capacity += 3 * all[i].size;
    char *out = allocate(NULL, capacity), *part = allocate(NULL, capacity);
    size_t part_size = 0;
    *size = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && all[i].is_valid) {
            if (all[i].point == 0xAD)
                continue;
            memcpy(part + part_size, all[i].at, all[i].size);
            part_size += all[i].size;
            continue;
        }
        utf8proc_uint8_t *nfc = NULL;
        utf8proc_ssize_t nfc_size = 0;
        if (composed && part_size > 0)
            nfc_size = utf8proc_map((const utf8proc_uint8_t *)part, (utf8proc_ssize_t)part_size,
                                    &nfc, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
        memcpy(out + *size, nfc ? (char *)nfc : part, nfc ? (size_t)nfc_size : part_size);
        *size += nfc ? (size_t)nfc_size : part_size;
        free(nfc);
        part_size = 0;
        if (i < n)
            out[(*size)++] = *all[i].at;
    }
    free(part);
    return out;
}

static int begins(const struct character *character, enum token_kind kind)
{
    uint32_t flags = flags_of(character);
    if (kind == TOKEN_UAX29)
        return 1;
    return kind == TOKEN_LETTERS ? (flags & UNICODE_LETTER) != 0 : !(flags & UNICODE_BLANK);
}

/* The tokens of a line, each as a word of `found`. 0: one is too long. */
static int tokens_of(struct naive_words *found, const struct character *all, size_t n,
                     const struct ngram_query *query)
{
    for (size_t i = 0, end; i < n; i = end) {
        uint32_t flags = flags_of(&all[i]);
        end = i + 1;
        if (!begins(&all[i], query->tokens))
            continue;
        for (; end < n && goes_on(all, n, end, query->tokens); end++)
            flags |= flags_of(&all[end]);
        if (query->tokens == TOKEN_UAX29) {
            if (!(flags & (UNICODE_LETTER | UNICODE_NUMBER)))
                continue;
            const struct character *first = &all[i];
            if ((flags_of(first) & UNICODE_BLANK) ||
                (first->is_valid && first->point < 0x80 && !is_ascii_word(first->point)))
                i++;
        }
        size_t size, raw = (size_t)(all[end - 1].at + all[end - 1].size - all[i].at);
        char *word = as_it_counts(all + i, end - i, query->composed, &size);
        if (size > 0)
            naive_add(found, word, size, 1);
        free(word);
        if (raw > WORD_SIZE_MAX || size > WORD_SIZE_MAX)
            return 0;
    }
    return 1;
}

/* The n tokens from i on, with a blank between. */
static char *sequence(const struct naive_words *tokens, size_t i, size_t n, size_t *size)
{
    *size = n - 1;
    for (size_t j = i; j < i + n; j++)
        *size += tokens->words[j].size;
    char *out = allocate(NULL, *size), *to = out;
    for (size_t j = i; j < i + n; j++) {
        if (j > i)
            *to++ = ' ';
        memcpy(to, tokens->words[j].data, tokens->words[j].size);
        to += tokens->words[j].size;
    }
    return out;
}

static void take_line(struct naive_words *words, const char *text, const char *line, size_t size,
                      const struct ngram_query *query)
{
    struct naive_words tokens = {0};
    size_t n, size_of_sequence, most = query->n_most ? query->n_most : 1;
    struct character *all = characters_of(line, size, &n);
    int is_good = tokens_of(&tokens, all, n, query);
    size_t least = query->n_least ? query->n_least : 1;
    size_t longest = most < tokens.n ? most : tokens.n;
    for (size_t i = 0; is_good && longest >= least && i + longest <= tokens.n; i++) {
        free(sequence(&tokens, i, longest, &size_of_sequence));
        is_good = size_of_sequence <= WORD_SIZE_MAX;
    }
    words->n_lines++;
    if (is_good) {
        words->n_counted++;
        for (size_t i = 0; i < n; i++)
            words->n_invalid += !all[i].is_valid;
    } else {
        words->n_rejects++;
        words->reject_sum += (uint64_t)(line - text) * 31 + size;
    }
    for (size_t length = least; is_good && length <= most; length++) {
        for (size_t i = 0; i + length <= tokens.n; i++) {
            char *word = sequence(&tokens, i, length, &size_of_sequence);
            naive_add(words, word, size_of_sequence, 1);
            free(word);
        }
    }
    naive_release(&tokens);
    free(all);
}

void naive_text(struct naive_words *words, const char *text, size_t size,
                const struct ngram_query *query)
{
    size_t start = 0;
    for (size_t i = 0; i <= size; i++) {
        if (i < size && text[i] != '\n')
            continue;
        size_t line_size = i - start;
        int is_empty = line_size == 0 || (line_size == 1 && text[start] == '\r');
        int is_last = i == size || i + 1 == size;
        if (!(i == size && line_size == 0) && !(is_empty && is_last && i < size))
            take_line(words, text, text + start, line_size, query);
        start = i + 1;
    }
}
