/*
 * A stem is `a`, perhaps one sign, a core, an ending. The core is the stem's number written in
 * letters, consonant and vowel by turns, always `n_letters` of them, so two stems never look alike
 * whatever follows. The first `n_short` stems have fewer letters and no ending; some have digits.
 */
#include "vocabulary.h"

#include <string.h>

enum { FORMS = 5 }; /* every stem stands for five words: two spellings, three with a tag */

enum spelling { LOWER, CAPITAL, UPPER };

/* clang-format off */
static const char *const endings[] = {
    "", "", "", "", "", "", "", "", "", "", "", "s", "s", "s", "l", "n", "r", "e", "ed", "er", "ly",
    "al", "ic", "us", "ing", "", "tion", "able", "ness", "", "ist", "ographically",
};
static const char *const odd_endings[] = {
    "é", "ö", "ñe", "œ", "ß", "č", "á", "'s", "'", "_b", "_hat", "-1", "2nd", "1", "\"", "\\c",
};
static const char *const main_tags[] = {
    "_NOUN", "_NOUN", "_NOUN", "_NOUN", "_NOUN", "_NOUN", "_VERB", "_ADJ",
};
static const char *const other_tags[] = {
    "_X", "_X", "_X", "_X", "_.", "_.", "_.", "_NUM",
    "_NUM", "_DET", "_DET", "_PRON", "_ADP", "_ADV", "_PRT", "_CONJ",
};
static const char *const tail_words[] = {
    "the", "and", "that", "with", "from", "this", "which", "were", "have", "been", "their",
    "into", "upon", "more", "other", "than", "under", "over", "time", "first", "great", "same",
    "part", "each", "state", "those", "world", "years", "made", "house", "law", "men",
};
/* clang-format on */

#define PICK(table, bits) ((table)[(bits) % (sizeof table / sizeof *(table))])

static char *text_append(char *p, const char *text)
{
    size_t size = strlen(text);
    memcpy(p, text, size);
    return p + size;
}

static uint64_t core_capacity(unsigned n_letters)
{
    uint64_t capacity = 1;
    for (unsigned i = 0; i < n_letters; i++)
        capacity *= i % 2 ? 6 : 21;
    return capacity;
}

/* The prime shares no factor with the capacities, so multiplying by it only changes the order. */
static char *core_write(char *p, uint64_t number, unsigned n_letters, uint64_t seed)
{
    number = (number * 1000003 + (seed >> 32)) % core_capacity(n_letters);
    for (unsigned i = 0; i < n_letters; i++) {
        unsigned base = i % 2 ? 6 : 21;
        *p++ = (i % 2 ? "aeiouy" : "bcdfghjklmnpqrstvwxyz")[number % base];
        number /= base;
    }
    return p;
}

static char *digits_write(char *p, uint64_t number, unsigned n_digits, bool dotted)
{
    for (unsigned i = 0; i < n_digits; i++) {
        if (dotted && i == 2)
            *p++ = '.';
        *p++ = (char)('0' + number % 10);
        number /= 10;
    }
    return p;
}

static char *stem_write(const struct vocabulary *v, uint64_t stem, uint64_t bits, char *text)
{
    char *p = text;
    unsigned style = bits & 255;
    *p++ = 'a';
    if (stem < v->n_short) {
        unsigned n_letters = 1;
        while (stem >= core_capacity(n_letters))
            stem -= core_capacity(n_letters++);
        return core_write(p, stem, n_letters, v->seed);
    }
    if (style < 36)
        return digits_write(p, stem, v->n_digits, bits >> 8 & 1);
    if (style < 68)
        *p++ = style < 56 ? '.' : style < 62 ? '\'' : '-';
    p = core_write(p, stem, v->n_letters, v->seed);
    if (v->phrases)
        return p;
    p = text_append(p, style >= 68 && style < 84 ? PICK(odd_endings, bits >> 8)
                                                 : PICK(endings, bits >> 8));
    return p - text > STEM_SPACE ? text + STEM_SPACE : p;
}

static void text_spell(char *text, enum spelling spelling)
{
    size_t size = spelling == UPPER ? strlen(text) : spelling == CAPITAL;
    for (size_t i = 0; i < size; i++)
        text[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 'a' + 'A' : text[i]);
}

/* The multiplier is a prime greater than any vocabulary: words that follow each other by number
 * have stems far apart, and no word is reached twice. */
void word_init(struct word *word, const struct vocabulary *v, uint64_t number)
{
    static const enum spelling pairs[][2] = {{LOWER, CAPITAL}, {CAPITAL, UPPER}, {LOWER, UPPER}};
    uint64_t place = (number * 4294967291 + (v->seed >> 33)) % v->n_words;
    uint64_t stem = place / FORMS, form = place % FORMS;
    uint64_t bits = random_mix(v->seed ^ random_mix(stem + 1));
    memset(word, 0, sizeof *word);
    char *p = stem_write(v, stem, bits, word->text);
    bool has_letters = word->text[1] < '0' || word->text[1] > '9';
    const enum spelling *pair = pairs[has_letters ? (bits >> 16) % 3 : 0];
    text_spell(word->text, pair[form / 2 == 1]);
    if (form % 2 == 1)
        p = text_append(p, PICK(main_tags, bits >> 20));
    else if (form == 4)
        p = text_append(p, PICK(other_tags, bits >> 24));
    for (unsigned i = 0; v->phrases && i < 4; i++) {
        *p++ = ' ';
        p = text_append(p, PICK(tail_words, bits >> (32 + 5 * i)));
    }
    word->size = (unsigned)(p - word->text);
}

void vocabulary_init(struct vocabulary *v, uint64_t n_words, bool phrases, uint64_t seed)
{
    uint64_t n_stems = (n_words + FORMS - 1) / FORMS, n_shorter = 0;
    *v = (struct vocabulary){.n_words = n_words, .n_stems = n_stems, .phrases = phrases};
    v->seed = random_mix(seed ^ 0x776f7264);
    v->n_letters = phrases ? 3 : 1;
    while (core_capacity(v->n_letters) < n_stems)
        n_shorter += core_capacity(v->n_letters++);
    if (!phrases)
        v->n_short = n_shorter < n_stems / 16 ? n_shorter : n_stems / 16;
    for (uint64_t rest = n_stems; rest; rest /= 10)
        v->n_digits++;
}
