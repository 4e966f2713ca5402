/*
 * One branch decides most lines: same word as before, a year of four digits, a count of at most
 * seven. All three are checked eight bytes at a time without branching (after Lemire, "Quickly
 * parsing eight digits", 2018), and counts are added up as lanes of two digits that only become a
 * number when the word changes. Any other line, good or bad, takes the slow path, which alone
 * decides what is right.
 */
#include "ngram.h"

#include <string.h>

#include "scan.h"
#include "table.h"

#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

/* Flushed early so that adding counts of seven digits can never pass 64 bits. */
#define SUM_MAX (UINT64_C(1) << 62)

/* A block has no more lines of that form than this, the shortest being nine bytes long. */
#define LANES_MAX (UINT16_MAX / 99)
_Static_assert(SCAN_BLOCK_SIZE / 9 + 1 <= LANES_MAX, "lanes overflow");

struct current {
    const char *word; /* NULL: none yet */
    size_t size;      /* of the word and its TAB */
    uint64_t sum;
    /* For sizes up to 16: the first and the last 8 bytes; shorter ones are masked, both the same.
     */
    uint64_t head, tail, mask;
    size_t tail_at;
};

static void current_set(struct current *current, const char *word, size_t size)
{
    current->word = word;
    current->size = size;
    current->sum = 0;
    current->mask = size < 8 ? (UINT64_C(1) << (8 * size)) - 1 : UINT64_MAX;
    current->tail_at = size < 8 ? 0 : size - 8;
    current->head = load_le64(word);
    current->tail = load_le64(word + current->tail_at);
}

/* 0 if the line starts with the current word and its TAB; the word is short. */
static inline uint64_t differs_short(const struct current *current, const char *line)
{
    return ((load_le64(line) ^ current->head) |
            (load_le64(line + current->tail_at) ^ current->tail)) &
           current->mask;
}

/* The same for any other. Stops at the first difference, so never far behind the line. */
static inline uint64_t differs_long(const struct current *current, const char *line)
{
    for (size_t i = 0; i < current->tail_at; i += 8)
        if (load_le64(line + i) != load_le64(current->word + i))
            return 1;
    return load_le64(line + current->tail_at) ^ current->tail;
}

/* 0 if four digits and a TAB stand here. */
static inline uint64_t bad_year(const char *year)
{
    uint64_t x = load_le64(year) ^ 0x0930303030;
    return (x | (x + 0x76767676)) & 0xFF80808080;
}

/*
 * One to seven digits before a TAB, as four numbers of two digits in 16 bits each, the first two
 * digits lowest; such lanes can be added up LANES_MAX times. *bad is not 0 if there is no such
 * number.
 */
static inline uint64_t short_number(const char *text, uint64_t *bad)
{
    uint64_t x = load_le64(text);
    uint64_t digits = x ^ EACH_BYTE('0');
    /* The first byte that is no digit is marked; a carry may mark later ones wrongly. */
    uint64_t others = ((digits + EACH_BYTE(0x76)) | digits) & EACH_BYTE(0x80);
    unsigned at = (unsigned)__builtin_ctzll(others | UINT64_C(1) << 63);
    *bad |= (others & 0x80) | (((x >> (at - 7)) & 0xFF) ^ '\t');
    digits <<= (71 - at) & 63;
    return (digits * 2561 >> 8) & 0x00FF00FF00FF00FF;
}

/* The sum of the numbers whose lanes were added up. */
static inline uint64_t lanes_sum(uint64_t lanes)
{
    return (lanes & 0xFFFF) * 1000000 + (lanes >> 16 & 0xFFFF) * 10000 +
           (lanes >> 32 & 0xFFFF) * 100 + (lanes >> 48);
}

static int flush(const struct ngram_sink *sink, struct current *current)
{
    if (!current->word)
        return 0;
    uint64_t sum = current->sum;
    current->sum = 0;
    return sink->word(sink->user, current->word, (uint32_t)(current->size - 1), sum);
}

static int reject(const struct ngram_sink *sink, enum reject_reason reason, const char *line,
                  const char *end, const char *field, const char *field_end)
{
    return sink->reject(sink->user, reason, line, (size_t)(end - line), field,
                        (size_t)(field_end - field));
}

/* Any line at all. */
static int parse_line(const struct ngram_sink *sink, struct current *current, const char *line,
                      const char *end)
{
    const char *field[4]; /* where fields start; a TAB stands before each but the first */
    field[0] = line;
    for (int i = 1; i < 4; i++) {
        const char *tab = memchr(field[i - 1], '\t', (size_t)(end - field[i - 1]));
        if (!tab)
            return reject(sink, REJECT_FIELDS, line, end, line, end);
        field[i] = tab + 1;
    }
    uint64_t year, count;
    size_t size = (size_t)(field[1] - line);
    if (size - 1 > WORD_SIZE_MAX)
        return reject(sink, REJECT_WORD, line, end, line, field[1] - 1);
    if (scan_number(field[1], (size_t)(field[2] - 1 - field[1]), &year) < 0)
        return reject(sink, REJECT_YEAR, line, end, field[1], field[2] - 1);
    if (scan_number(field[2], (size_t)(field[3] - 1 - field[2]), &count) < 0)
        return reject(sink, REJECT_COUNT, line, end, field[2], field[3] - 1);

    int rc = 0;
    if (!current->word || size != current->size || memcmp(line, current->word, size) != 0) {
        rc = flush(sink, current);
        current_set(current, line, size);
    } else if (current->sum > SUM_MAX) {
        rc = flush(sink, current);
    }
    if (rc == 0 && count > SUM_MAX)
        return sink->word(sink->user, line, (uint32_t)(size - 1), count);
    current->sum += count;
    return rc;
}

/* Bytes up to and with the first TAB of the line; 0 if it has none. */
static inline size_t after_tab(const char *line, const char *end)
{
    for (const char *at = line; at < end; at += 8) {
        uint64_t x = load_le64(at) ^ EACH_BYTE('\t');
        uint64_t tabs = (x - EACH_BYTE(1)) & ~x & EACH_BYTE(0x80);
        if (tabs) {
            at += __builtin_ctzll(tabs) / 8 + 1;
            return at <= end ? (size_t)(at - line) : 0;
        }
    }
    return 0;
}

/* A line of another word: the common form here, all others on the slow path. */
static inline int parse_new_word(const struct ngram_sink *sink, struct current *current,
                                 const char *line, const char *end)
{
    size_t size = after_tab(line, end);
    if (size == 0 || size - 1 > WORD_SIZE_MAX)
        return parse_line(sink, current, line, end);
    uint64_t bad = bad_year(line + size);
    uint64_t lanes = short_number(line + size + 5, &bad);
    if (bad)
        return parse_line(sink, current, line, end);
    int rc = flush(sink, current);
    current_set(current, line, size);
    current->sum = lanes_sum(lanes);
    return rc;
}

/* Lines of a block: the first starts at line, and ends[i] is where each one's LF is. */
struct lines {
    const char *data;
    const uint32_t *ends;
    size_t n;
};

/* Adds up the lines from number i on that are of the current word, and returns the first that is
 * not. */
static inline __attribute__((always_inline)) size_t same_word(struct current *current,
                                                              const struct lines *lines,
                                                              const char *line, size_t i,
                                                              int is_short)
{
    const struct current c = *current;
    uint64_t sum = 0;
    for (; i < lines->n; i++) {
        uint64_t bad = is_short ? differs_short(&c, line) : differs_long(&c, line);
        if (!is_short && bad)
            break;
        bad |= bad_year(line + c.size);
        uint64_t lanes = short_number(line + c.size + 5, &bad);
        if (bad)
            break;
        sum += lanes;
        line = lines->data + lines->ends[i] + 1;
    }
    current->sum += lanes_sum(sum);
    return i;
}

/* The lines that end in one block; *line is where the first one starts, and then the next one. */
static int parse_block(const struct ngram_sink *sink, struct current *current,
                       const struct lines *lines, const char **line)
{
    for (size_t i = 0; i < lines->n;) {
        size_t next = current->size <= 16 ? same_word(current, lines, *line, i, 1)
                                          : same_word(current, lines, *line, i, 0);
        if (next > i)
            *line = lines->data + lines->ends[next - 1] + 1;
        if (next == lines->n)
            break;
        int rc = parse_new_word(sink, current, *line, lines->data + lines->ends[next]);
        if (rc < 0)
            return rc;
        *line = lines->data + lines->ends[next] + 1;
        i = next + 1;
    }
    return 0;
}

int ngram_parse_v2(const struct ngram_sink *sink, const struct scan *scan, const char *data,
                   size_t size, int last, uint64_t *n_lines)
{
    uint32_t ends[SCAN_N_ENDS];
    /* Before the first word: head and tail of no line differ like this. */
    struct current current = {.tail = UINT64_MAX, .mask = UINT64_MAX};
    const char *line = data, *end = data + size;
    int rc = 0;

    /* An empty line at the end of the input is not a line. */
    if (last && size > 0 && end[-1] == '\n') {
        const char *before = end - 1;
        if (before > data && before[-1] == '\r')
            before--;
        if (before == data || before[-1] == '\n')
            end = before;
    }
    for (const char *block = data; block < end && rc == 0; block += SCAN_BLOCK_SIZE) {
        size_t left = (size_t)(end - block);
        struct lines lines = {block, ends, 0};
        lines.n = scan->lines(block, left < SCAN_BLOCK_SIZE ? left : SCAN_BLOCK_SIZE, ends);
        rc = parse_block(sink, &current, &lines, &line);
        *n_lines += lines.n;
    }
    if (rc == 0 && line < end) {
        *n_lines += 1;
        rc = parse_line(sink, &current, line, end);
    }
    return rc == 0 ? flush(sink, &current) : rc;
}
