/*
 * Each format says which lines are its own (input/format.h). Everything else is told by what all
 * of the first lines have in common, and without that by single bytes.
 */
#include "input/detect.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "base/number.h"
#include "input/csv.h"
#include "input/formats.h"
#include "input/lines.h"
#include "input/text.h"

#define LOOK_SIZE 16384 /* bytes that are looked at, if a line is among them */
#define FIELDS_LOOKED_AT 16
#define YEAR_MIN 1000 /* of a line in a total-count file */
#define YEAR_MAX 2999

/* The first bytes, and what lines they make. */
struct head {
    const char *data, *end;
    size_t n_lines; /* that are not empty */
};

int input_has_mark(const char *data, size_t size)
{
    return size >= INPUT_MARK_SIZE && memcmp(data, "\xEF\xBB\xBF", INPUT_MARK_SIZE) == 0;
}

/* The next line that is not empty, without its line end. NULL, and so its end: there is none. */
static const char *next_line(const struct head *head, const char **at, const char **line_end)
{
    while (*at < head->end) {
        const char *line = *at, *lf = memchr(line, '\n', (size_t)(head->end - line));
        *at = lf ? lf + 1 : head->end;
        *line_end = line_text_end(line, lf ? lf : head->end);
        if (*line_end > line)
            return line;
    }
    *line_end = NULL;
    return NULL;
}

/* An incomplete line at the end tells nothing where there is another. */
static void cut_head(struct head *head, int may_be_cut)
{
    const char *lf = memrchr(head->data, '\n', (size_t)(head->end - head->data));
    if (lf && may_be_cut)
        head->end = lf + 1;
    const char *at = head->data, *line_end;
    while (next_line(head, &at, &line_end))
        head->n_lines++;
}

/* What a line is; 0: nothing that is known. */
static unsigned format_of(const char *line, const char *end, int is_whole)
{
    const struct input_format *format;
    for (unsigned i = 1; (format = input_format_at(i)) != NULL; i++)
        if (format->is_line && format->is_line(line, end, is_whole))
            return i;
    return 0;
}

/* The format of most lines that are of any, and whether more are prose. 0: none is. */
static unsigned find_format(const struct head *head, int *is_mixed)
{
    size_t n_lines[INPUT_FORMATS_MAX] = {0};
    const char *at = head->data, *line, *end;
    unsigned most = 0;
    size_t n_prose = 0;
    while ((line = next_line(head, &at, &end)) != NULL) {
        unsigned format = format_of(line, end, 1);
        if (format == 0 && head->n_lines == 1 && head->end[-1] != '\n')
            format = format_of(line, end, 0);
        if (format != 0 && (++n_lines[format] > n_lines[most] || most == 0))
            most = format;
        n_prose += format == 0 && memchr(line, ' ', (size_t)(end - line)) &&
                   !memchr(line, '\t', (size_t)(end - line));
    }
    *is_mixed = n_prose > n_lines[most];
    return most;
}

/* Encodings of more than a byte: zeros stand in every other place, or in two or three of four. */
static const char *find_encoding(const char *data, size_t size)
{
    size_t zeros[4] = {0}, n = size / 4;
    if (size >= 4 && (memcmp(data, "\xFF\xFE\0\0", 4) == 0 || memcmp(data, "\0\0\xFE\xFF", 4) == 0))
        return "UTF-32";
    if (size >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0))
        return "UTF-16";
    if (!memchr(data, '\0', size))
        return NULL;
    for (size_t i = 0; i < 4 * n; i++)
        zeros[i % 4] += data[i] == '\0';
    size_t many = n - n / 8, few = n / 8;
    if (n < 2)
        return NULL;
    if (zeros[2] >= many && zeros[3] >= many && zeros[0] <= few)
        return "UTF-32LE";
    if (zeros[0] >= many && zeros[1] >= many && zeros[3] <= few)
        return "UTF-32BE";
    size_t even = zeros[0] + zeros[2], odd = zeros[1] + zeros[3];
    if (odd >= n && even <= 2 * few)
        return "UTF-16LE";
    if (even >= n && odd <= 2 * few)
        return "UTF-16BE";
    return NULL;
}

/* How a line of a table is cut: the fields, and those of them that are numbers, as bits. */
struct fields {
    unsigned n;
    unsigned numbers;
    unsigned years;        /* those of four digits */
    unsigned n_delimiters; /* in quotes too */
    int has_quotes;
};

static struct fields cut_fields(const char *line, const char *end, char delimiter)
{
    struct fields fields = {0};
    const char *start = line;
    int is_quoted = 0;
    for (const char *at = line; at <= end; at++) {
        fields.n_delimiters += at < end && *at == delimiter;
        if (at < end && *at == '"' && (at == start || is_quoted)) {
            is_quoted = !is_quoted;
            fields.has_quotes = 1;
        }
        if (at < end && (is_quoted || *at != delimiter))
            continue;
        if (fields.n < FIELDS_LOOKED_AT && line_is_number(start, at)) {
            fields.numbers |= 1u << fields.n;
            fields.years |= (unsigned)(at - start == 4) << fields.n;
        }
        fields.n++;
        start = at + 1;
    }
    return fields;
}

/* Lines of as many fields, of which one is a number in all of them but the first, maybe. */
static int find_table(const struct head *head, char delimiter, struct input_look *look)
{
    const char *at = head->data, *end = at, *line = next_line(head, &at, &end);
    struct fields first = cut_fields(line, end, delimiter);
    unsigned numbers = head->n_lines > 1 ? ~0u : first.numbers;
    unsigned years = head->n_lines > 1 ? ~0u : first.years;
    int has_quotes = first.has_quotes, needs_quotes = first.n_delimiters >= first.n;
    if (first.n < 2)
        return 0;
    while ((line = next_line(head, &at, &end)) != NULL) {
        struct fields fields = cut_fields(line, end, delimiter);
        if (fields.n != first.n)
            return 0;
        numbers &= fields.numbers;
        years &= fields.years;
        has_quotes |= fields.has_quotes;
        needs_quotes |= fields.n_delimiters >= fields.n;
    }
    if (numbers == 0)
        return 0;
    unsigned key = 0, value = 0;
    while (key < first.n && key < FIELDS_LOOKED_AT && numbers >> key & 1)
        key++;
    if (key >= first.n || key == FIELDS_LOOKED_AT)
        key = 0;
    while (value == key || !(numbers >> value & 1)) {
        if (++value >= FIELDS_LOOKED_AT)
            return 0;
    }
    look->kind = INPUT_TABLE;
    look->delimiter = delimiter;
    look->key_column = key + 1;
    look->value_column = value + 1;
    look->has_header = (first.numbers & numbers) == 0;
    look->has_quotes = has_quotes;
    look->needs_quotes = needs_quotes;
    look->has_counts = first.n > 2 && first.n <= FIELDS_LOOKED_AT &&
                       (numbers & ~(years & 1u << (first.n - 2))) >> (first.n - 2) == 3;
    return 1;
}

/* Looks for years behind words: numbers of four digits that only numbers follow. */
static struct input_periods find_periods(const struct head *head)
{
    struct input_periods periods = {.all = ~0u, .decades = ~0u};
    const char *at = head->data, *line, *line_end;
    while ((line = next_line(head, &at, &line_end)) != NULL) {
        const char *end = line_end, *tab;
        unsigned years = 0, tens = 0;
        for (unsigned n = 0; n <= NGRAM_VALUES_MAX; n++, end = tab) {
            tab = memrchr(line, '\t', (size_t)(end - line));
            if (!tab || !line_is_number(tab + 1, end))
                break;
            years |= (unsigned)(n > 0 && end - tab == 5) << n;
            tens |= (unsigned)(end[-1] == '0') << n;
        }
        periods.some |= years;
        periods.all &= years;
        periods.decades &= tens | ~years;
    }
    return periods;
}

/* Whether each line is a word and its count, with a TAB between. */
static int are_counts(const struct head *head)
{
    const char *at = head->data, *line, *end;
    while ((line = next_line(head, &at, &end)) != NULL) {
        const char *between = memchr(line, '\t', (size_t)(end - line));
        if (!between || between == line || !line_is_number(between + 1, end))
            return 0;
    }
    return 1;
}

/* Whether each line is a word and as many numbers, with one blank between. They may be the columns
 * of Ngram files, with blanks for TABs: behind a year stands the count. */
static int are_pairs(const struct head *head, struct input_look *look)
{
    const char *at = head->data, *line, *end;
    unsigned n = 0, years = ~0u;
    while ((line = next_line(head, &at, &end)) != NULL) {
        struct fields fields = cut_fields(line, end, ' ');
        if (fields.n < 2 || fields.n > FIELDS_LOOKED_AT || (n != 0 && fields.n != n) ||
            *line == ' ' || (fields.numbers | 1) != (1u << fields.n) - 1)
            return 0;
        n = fields.n;
        years &= fields.years;
    }
    look->value_column = n > 2 && years >> 1 & 1 ? 3 : 2;
    return 1;
}

/* year,matches,pages,volumes with one separator. */
static int is_total(const char *text, const char *end, char separator, uint64_t *year)
{
    *year = 0;
    for (int i = 0; i < 4; i++) {
        const char *next = memchr(text, separator, (size_t)(end - text));
        uint64_t number;
        if (!next || i == 3)
            next = end;
        if (number_read(text, (size_t)(next - text), &number) < 0 || (next == end) != (i == 3))
            return 0;
        if (i == 0)
            *year = number;
        text = next + 1;
    }
    return *year >= YEAR_MIN && *year <= YEAR_MAX;
}

/* Years that go up, a line each. */
static int are_total_lines(const struct head *head, char separator)
{
    const char *at = head->data, *line, *end;
    uint64_t before = 0, year = 0;
    while ((line = next_line(head, &at, &end)) != NULL) {
        if (!is_total(line, end, separator, &year) || year <= before)
            return 0;
        before = year;
    }
    return head->n_lines > 1;
}

static int are_totals(const struct head *head)
{
    const char *at = head->data, *end = at, *line = next_line(head, &at, &end);
    uint64_t year;
    while (line < end && (*line == ' ' || *line == '\t'))
        line++;
    const char *tab = memchr(line, '\t', (size_t)(end - line));
    return (tab && is_total(line, tab, ',', &year)) || are_total_lines(head, ',') ||
           are_total_lines(head, '\t');
}

static int starts_with(const struct head *head, const char *words)
{
    size_t size = strlen(words);
    const char *at = head->data;
    while (at < head->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return (size_t)(head->end - at) >= size && strncasecmp(at, words, size) == 0;
}

/* Whether the first line begins with a tag: <doc id="1">. */
static int starts_with_tag(const struct head *head)
{
    const char *at = head->data, *end = at, *line = next_line(head, &at, &end);
    return end - line > 2 && line[0] == '<' && (line[1] | 0x20) >= 'a' && (line[1] | 0x20) <= 'z' &&
           memchr(line, '>', (size_t)(end - line));
}

/* What would count as words if this were taken for text; NULL: there is no markup. */
static const char *find_markup(const struct head *head)
{
    if (starts_with(head, "<!doctype html") || starts_with(head, "<html"))
        return "a web page";
    if (starts_with(head, "<?xml") || starts_with(head, "<!doctype") || starts_with_tag(head))
        return "XML";
    if (starts_with(head, "{\\rtf"))
        return "RTF";
    if (starts_with(head, "{\"") || starts_with(head, "[{") || starts_with(head, "[\""))
        return "JSON";
    return NULL;
}

static int is_result(const struct head *head, struct entry_values *values)
{
    const char *at = head->data, *end = at, *line = next_line(head, &at, &end);
    return line == head->data && csv_is_header(line, end, values);
}

static int has_shares(const struct head *head)
{
    const char *at = head->data, *end = at, *line = next_line(head, &at, &end);
    return line == head->data && csv_has_shares(line, end);
}

/* Bytes that stand in no text. */
static int is_control(unsigned char byte)
{
    return byte == 0x7F ||
           (byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f');
}

/* No line tells: prose has blanks, no TABs, and nothing that is not in text. */
static enum input_kind kind_of_bytes(const char *data, size_t size)
{
    size_t n_blanks = 0, n_tabs = 0, n_high = 0, n_invalid = 0;
    for (size_t at = 0; at < size;) {
        unsigned char byte = (unsigned char)data[at];
        utf8proc_int32_t code;
        utf8proc_ssize_t n = 1;
        if (is_control(byte))
            return INPUT_BINARY;
        if (byte >= 0x80) {
            n_high++;
            n = utf8proc_iterate((const utf8proc_uint8_t *)data + at, (utf8proc_ssize_t)(size - at),
                                 &code);
        }
        if (n <= 0) {
            n_invalid += size - at >= 4; /* else a character may be cut off */
            n = 1;
        }
        n_blanks += byte == ' ';
        n_tabs += byte == '\t';
        at += (size_t)n;
    }
    if (n_invalid > 0)
        return n_high > size / 4 ? INPUT_BINARY : INPUT_LATIN;
    return n_blanks > 0 && n_tabs == 0 ? INPUT_TEXT : INPUT_UNKNOWN;
}

/* What the lines are that LFs end. */
static struct input_look look_at_lines(const char *data, size_t size)
{
    struct input_look look = {.kind = INPUT_EMPTY};
    struct head head = {.data = data, .end = data + size};
    int is_mixed;
    cut_head(&head, size >= LOOK_SIZE - INPUT_MARK_SIZE);
    if (head.n_lines == 0)
        return look;
    look.format = find_format(&head, &is_mixed);
    look.has_shares = has_shares(&head);
    if (are_totals(&head))
        look.kind = INPUT_TOTALS;
    else if (look.format != 0)
        look.kind = is_mixed ? INPUT_MIXED : INPUT_LINES;
    else if (is_result(&head, &look.values))
        look.kind = INPUT_RESULT;
    else if (are_counts(&head))
        look.kind = INPUT_COUNTS;
    else if (are_pairs(&head, &look))
        look.kind = INPUT_PAIRS;
    else if (!find_table(&head, '\t', &look) && !find_table(&head, ',', &look) &&
             !find_table(&head, ';', &look))
        look.kind = kind_of_bytes(data, size);
    if (look.kind == INPUT_TEXT || look.kind == INPUT_UNKNOWN)
        look.markup = find_markup(&head);
    if (look.markup)
        look.kind = INPUT_MARKUP;
    if (look.kind == INPUT_TEXT)
        look.format = input_format_number(&input_text);
    return look;
}

/*
 * Whether CRs are what ends lines. Words may hold some, so it must be lines of a kind, with LFs
 * instead of them, that are none as they are; or there must be no LF at all.
 */
static int has_lone_crs(const char *data, size_t size, struct input_look *look)
{
    char lines[LOOK_SIZE];
    size_t n_crs = 0, n_lfs = 0;
    if (size > sizeof lines || look->kind == INPUT_LINES || look->kind == INPUT_BINARY)
        return 0;
    for (size_t i = 0; i < size; i++) {
        int is_lone = data[i] == '\r' && i + 1 < size && data[i + 1] != '\n';
        n_lfs += data[i] == '\n';
        n_crs += (size_t)is_lone;
        lines[i] = data[i];
        if (is_lone)
            lines[i] = '\n';
    }
    if (n_crs <= n_lfs)
        return 0;
    struct input_look as_lines = look_at_lines(lines, size);
    switch (as_lines.kind) {
    case INPUT_LINES:
    case INPUT_COUNTS:
    case INPUT_RESULT:
    case INPUT_TABLE:
    case INPUT_TOTALS:
        look->kind = INPUT_CR;
        return 1;
    case INPUT_BINARY:
        return 0;
    default:
        look->kind = INPUT_CR_TEXT;
        return n_lfs == 0;
    }
}

/* Of so many bytes, those that are looked at. */
static size_t size_looked_at(const char *data, size_t size)
{
    return size > LOOK_SIZE && memchr(data, '\n', LOOK_SIZE) ? LOOK_SIZE : size;
}

void input_find_periods(struct input_look *look, const char *data, size_t size)
{
    size = size_looked_at(data, size);
    size_t start = input_has_mark(data, size) ? INPUT_MARK_SIZE : 0;
    struct head head = {.data = data + start, .end = data + size};
    cut_head(&head, size >= LOOK_SIZE);
    look->periods = find_periods(&head);
}

struct input_look input_detect(const char *data, size_t size)
{
    struct input_look look = {.kind = INPUT_WIDE};
    size = size_looked_at(data, size);
    look.encoding = find_encoding(data, size);
    if (look.encoding)
        return look;
    if (input_has_mark(data, size)) {
        data += INPUT_MARK_SIZE;
        size -= INPUT_MARK_SIZE;
    }
    struct input_look without = look_at_lines(data, size);
    look = without;
    return has_lone_crs(data, size, &look) ? look : without;
}
