/*
 * The rules of UAX #29 as sets of properties: what may follow a property without a boundary. Format
 * characters and marks take the property of what they follow (WB4), so only what is no such
 * character is remembered. The rules that look further than one character ahead are those of
 * punctuation inside of words and numbers.
 */
#include "text/token.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/code.h"

#define SET(name) (UINT32_C(1) << BREAK_##name)

#define LETTERS (SET(ALETTER) | SET(HEBREW_LETTER))
#define QUOTES_AND_STOPS (SET(MIDNUMLET) | SET(SINGLE_QUOTE)) /* MidNumLetQ */
#define IGNORED (SET(EXTEND) | SET(FORMAT) | SET(ZWJ))
#define LINE_ENDS (SET(CR) | SET(LF) | SET(NEWLINE))

/* WB5, 8 to 10, 13 to 13b; WB7a. And what no rule says: a run of letters of Thai is a word. */
static const uint32_t joined[BREAK_N] = {
    [BREAK_ALETTER] = LETTERS | SET(NUMERIC) | SET(EXTENDNUMLET),
    [BREAK_HEBREW_LETTER] = LETTERS | SET(NUMERIC) | SET(EXTENDNUMLET) | SET(SINGLE_QUOTE),
    [BREAK_NUMERIC] = LETTERS | SET(NUMERIC) | SET(EXTENDNUMLET),
    [BREAK_KATAKANA] = SET(KATAKANA) | SET(EXTENDNUMLET),
    [BREAK_EXTENDNUMLET] = LETTERS | SET(NUMERIC) | SET(KATAKANA) | SET(EXTENDNUMLET),
    [BREAK_COMPLEX_CONTEXT] = SET(COMPLEX_CONTEXT)};

/* What may stand between the property and one of `beyond`: WB6, 7, 7b, 7c, 11, 12. */
static const uint32_t inside[BREAK_N] = {[BREAK_ALETTER] = SET(MIDLETTER) | QUOTES_AND_STOPS,
                                         [BREAK_HEBREW_LETTER] =
                                             SET(MIDLETTER) | QUOTES_AND_STOPS | SET(DOUBLE_QUOTE),
                                         [BREAK_NUMERIC] = SET(MIDNUM) | QUOTES_AND_STOPS};

static int has(uint32_t set, enum unicode_break property)
{
    return (set >> property) & 1;
}

static uint32_t beyond(enum unicode_break before, enum unicode_break between)
{
    if (between == BREAK_DOUBLE_QUOTE)
        return SET(HEBREW_LETTER);
    return before == BREAK_NUMERIC ? SET(NUMERIC) : LETTERS;
}

/* A character, or a byte that is none. */
struct character {
    uint32_t record;
    size_t size;
    int is_valid;
};

static inline struct character character_at(const char *at, const char *end)
{
    uint32_t point;
    size_t size = utf8_decode(at, end, &point);
    if (size == 0)
        return (struct character){BREAK_OTHER, 1, 0};
    return (struct character){unicode_record(point), size, 1};
}

/* What a piece of text is, as far as has been looked at. */
struct piece {
    uint32_t flags; /* of all its characters */
    unsigned combining_class;
    int is_ordered; /* canonically */
    uint64_t n_invalid;
};

static inline void piece_add(struct piece *piece, struct character character)
{
    unsigned class = unicode_combining_class(character.record);
    piece->flags |= character.record;
    piece->is_ordered &= class == 0 || class >= piece->combining_class;
    piece->combining_class = class;
    piece->n_invalid += !character.is_valid;
}

int token_is_mark(const unsigned char *in, unsigned *class)
{
    uint32_t record = in[0] < 0xE0 ? token_record_2(in) : token_record_3(in);
    unsigned next = unicode_combining_class(record);
    int is_overlong = in[0] == 0xE0 && in[1] < 0xA0;
    if ((record & 0xFFFF) != ((unsigned)BREAK_EXTEND | UNICODE_MARK) || next == 0 ||
        next < *class || is_overlong)
        return 0;
    *class = next;
    return 1;
}

/* Skips plain characters behind a letter: then it is as if that had been the last one. */
static inline const char *piece_skip(struct piece *piece, const char *at, const char *end)
{
    /* Nothing may be read past the end. */
    const unsigned char *in = (const unsigned char *)at;
    if (end - at >= 3)
        in = token_skip_plain(in, (const unsigned char *)end - 2, &piece->combining_class);
    return (const char *)in;
}

/* UAX #15, section 9: a quick check that says yes or not sure. */
static unsigned piece_need(const struct piece *piece)
{
    unsigned need = piece->flags & UNICODE_SOFT_HYPHEN ? TOKEN_SOFT_HYPHEN : 0;
    if (!piece->is_ordered || (piece->flags & (UNICODE_NFC_MAYBE | UNICODE_NFC_NO)))
        need |= TOKEN_COMPOSE;
    return need;
}

/* The property of the first character from `at` on that is not ignored. */
static enum unicode_break property_ahead(const char *at, const char *end)
{
    while (at < end) {
        struct character next = character_at(at, end);
        enum unicode_break property = unicode_break(next.record);
        if (!has(IGNORED, property))
            return property;
        at += next.size;
    }
    return BREAK_OTHER;
}

/* Where in a segment one is. */
struct place {
    enum unicode_break last;   /* of the last character that is not ignored */
    enum unicode_break bridge; /* what last was before a character that stands inside, else Other */
    int is_behind_zwj;
    unsigned n_indicators; /* in a row, before here */
};

/* Whether there is no boundary before the next character, which ends at behind. */
static inline int is_joined(const struct place *place, uint32_t record, const char *behind,
                            const char *end)
{
    enum unicode_break last = place->last, next = unicode_break(record);
    if (has(joined[last], next))
        return 1;
    if (has(LINE_ENDS, last) || has(LINE_ENDS, next))
        return last == BREAK_CR && next == BREAK_LF;
    if (has(IGNORED, next) || (place->is_behind_zwj && (record & UNICODE_PICTOGRAPH)))
        return 1;
    if (has(inside[last], next))
        return has(beyond(last, next), property_ahead(behind, end));
    if (place->bridge != BREAK_OTHER)
        return has(beyond(place->bridge, last), next);
    if (last == BREAK_REGIONAL_INDICATOR && next == BREAK_REGIONAL_INDICATOR)
        return place->n_indicators % 2 == 1;
    return 0;
}

static inline void place_move(struct place *place, uint32_t record)
{
    enum unicode_break next = unicode_break(record);
    place->is_behind_zwj = next == BREAK_ZWJ;
    if (has(IGNORED, next))
        return;
    place->bridge = has(inside[place->last], next) ? place->last : BREAK_OTHER;
    place->n_indicators = next == BREAK_REGIONAL_INDICATOR ? place->n_indicators + 1 : 0;
    place->last = next;
}

/* WB3d alone asks for the very character before: marks behind a blank keep it from the next. */
static int is_space_run(uint32_t before, uint32_t record)
{
    return unicode_break(before) == BREAK_WSEGSPACE && unicode_break(record) == BREAK_WSEGSPACE;
}

/* The segment from `at` on, of at least a character. Returns its end. */
static inline const char *segment(const char *at, const char *end, struct piece *piece)
{
    struct character now = character_at(at, end);
    struct place place = {BREAK_OTHER, BREAK_OTHER, 0, 0};
    piece_add(piece, now);
    place_move(&place, now.record);
    for (at += now.size; at < end; at += now.size) {
        uint32_t before = now.record;
        if (place.last == BREAK_ALETTER) {
            const char *behind = piece_skip(piece, at, end);
            if (behind > at) {
                place = (struct place){BREAK_ALETTER, BREAK_OTHER, 0, 0};
                before = BREAK_ALETTER;
                at = behind;
                if (at == end)
                    break;
            }
        }
        now = character_at(at, end);
        if (!is_joined(&place, now.record, at + now.size, end) && !is_space_run(before, now.record))
            break;
        piece_add(piece, now);
        place_move(&place, now.record);
    }
    return at;
}

size_t token_segment(const char *at, const char *end)
{
    struct piece piece = {.is_ordered = 1};
    return (size_t)(segment(at, end, &piece) - at);
}

/* Bytes that a segment may begin with and a token not. */
static size_t unwanted(const char *at, const char *end)
{
    unsigned char byte = (unsigned char)*at;
    unsigned char letter = byte | 0x20;
    if (byte < 0x80)
        return !((letter >= 'a' && letter <= 'z') || (byte >= '0' && byte <= '9') || byte == '_');
    struct character first = character_at(at, end);
    return first.record & UNICODE_BLANK ? first.size : 0;
}

static int next_uax29(const char **at, const char *end, struct token *token, uint64_t *n_invalid)
{
    while (*at < end) {
        struct piece piece = {.is_ordered = 1};
        const char *start = *at;
        *at = segment(start, end, &piece);
        *n_invalid += piece.n_invalid;
        if (!(piece.flags & (UNICODE_LETTER | UNICODE_NUMBER)))
            continue;
        start += unwanted(start, end);
        *token = (struct token){start, (size_t)(*at - start), piece_need(&piece)};
        return 1;
    }
    return 0;
}

/* Skips what no token begins with, and takes what may follow. */
static int next_of(const char **at, const char *end, struct token *token, uint64_t *n_invalid,
                   enum token_kind kind)
{
    struct piece piece = {.is_ordered = 1};
    const char *start = NULL;
    const char *here = *at;
    while (here < end) {
        struct character now = character_at(here, end);
        int is_in = kind == TOKEN_BLANKS ? !(now.record & UNICODE_BLANK)
                                         : (now.record & UNICODE_LETTER) != 0;
        if (kind == TOKEN_LETTERS && start && !is_in)
            is_in = (now.record & UNICODE_MARK) || has(IGNORED, unicode_break(now.record));
        if (!is_in && start)
            break;
        if (is_in)
            piece_add(&piece, now);
        else
            *n_invalid += !now.is_valid;
        if (is_in && !start)
            start = here;
        here += now.size;
        if (is_in)
            here = piece_skip(&piece, here, end);
    }
    *at = here;
    *n_invalid += piece.n_invalid;
    if (!start)
        return 0;
    *token = (struct token){start, (size_t)(here - start), piece_need(&piece)};
    return 1;
}

int token_next(enum token_kind kind, const char **at, const char *end, struct token *token,
               uint64_t *n_invalid)
{
    return kind == TOKEN_UAX29     ? next_uax29(at, end, token, n_invalid)
           : kind == TOKEN_LETTERS ? next_of(at, end, token, n_invalid, TOKEN_LETTERS)
                                   : next_of(at, end, token, n_invalid, TOKEN_BLANKS);
}

void token_scratch_release(struct token_scratch *scratch)
{
    free(scratch->points);
    *scratch = (struct token_scratch){0};
}

/* Canonical decomposition makes at most three code points of two bytes; as many to sort them in. */
static int scratch_reserve(struct token_scratch *scratch, size_t size)
{
    if (2 * size <= scratch->capacity)
        return 0;
    int32_t *points = realloc(scratch->points, 4 * size * sizeof *points);
    if (!points)
        return CODE_NOMEM;
    scratch->points = points;
    scratch->capacity = 2 * size;
    return 0;
}

static unsigned class_of(int32_t point)
{
    return (unsigned)utf8proc_get_property(point)->combining_class;
}

/* Canonical order of n marks, by counting,
 * since utf8proc's would take the square of their number. */
static void sort_marks(int32_t *marks, size_t n, int32_t *spare)
{
    size_t places[257] = {0};
    for (size_t i = 0; i < n; i++)
        places[class_of(marks[i]) + 1]++;
    for (size_t class = 1; class < 257; class ++)
        places[class] += places[class - 1];
    for (size_t i = 0; i < n; i++)
        spare[places[class_of(marks[i])]++] = marks[i];
    memcpy(marks, spare, n * sizeof *marks);
}

static void order(struct token_scratch *scratch, size_t n)
{
    int32_t *points = scratch->points;
    for (size_t i = 0, end; i < n; i = end) {
        int is_sorted = 1;
        for (end = i + 1; class_of(points[i]) > 0 && end < n && class_of(points[end]) > 0; end++)
            is_sorted &= class_of(points[end - 1]) <= class_of(points[end]);
        if (!is_sorted)
            sort_marks(points + i, end - i, points + scratch->capacity);
    }
}

/* Of valid UTF-8, in its place. Returns its size, or CODE_NOMEM. */
static ptrdiff_t compose(struct token_scratch *scratch, char *text, size_t size)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_ssize_t n = 0;
    if (scratch_reserve(scratch, size + 1) < 0)
        return CODE_NOMEM;
    for (size_t at = 0; at < size;) {
        uint32_t point = 0;
        int ignored;
        at += utf8_decode(text + at, text + size, &point);
        n += utf8proc_decompose_char((utf8proc_int32_t)point, scratch->points + n,
                                     (utf8proc_ssize_t)scratch->capacity - n, options, &ignored);
    }
    order(scratch, (size_t)n);
    n = utf8proc_reencode(scratch->points, n, options);
    if (n < 0)
        return CODE_NOMEM;
    memcpy(text, scratch->points, (size_t)n);
    return n;
}

int token_write(const struct token *token, int composed, struct token_scratch *scratch, char *out,
                size_t *size)
{
    const char *at = token->data, *end = at + token->size;
    char *start = out, *to = out; /* of what is valid since the last byte that is not */
    while (at < end) {
        struct character now = character_at(at, end);
        if (now.is_valid) {
            size_t kept = now.record & UNICODE_SOFT_HYPHEN ? 0 : now.size;
            memcpy(to, at, kept);
            to += kept;
        }
        at += now.size;
        if (composed && to > start && (at == end || !now.is_valid)) {
            ptrdiff_t n = compose(scratch, start, (size_t)(to - start));
            if (n < 0)
                return CODE_NOMEM;
            to = start + n;
        }
        if (!now.is_valid) {
            *to++ = at[-1];
            start = to;
        }
    }
    *size = (size_t)(to - out);
    return 0;
}
