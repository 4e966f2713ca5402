/* Which format an input is of, by the look of its first lines. */
#include <string.h>

#include <utf8proc.h>

#include "base/number.h"
#include "input/format.h"
#include "input/lines.h"

static int is_number(const char *text, const char *end)
{
    uint64_t value;
    return number_read(text, (size_t)(end - text), &value) == 0;
}

/* `year,matches,volumes`, of which a piece at the end may be missing. */
static int is_v3_item(const char *text, const char *end, int is_whole)
{
    for (int i = 0; i < 3; i++) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        if (!is_number(text, comma ? comma : end))
            return !is_whole && i > 0 && text == end;
        if (!comma)
            return i == 2 || !is_whole;
        text = comma + 1;
    }
    return 0;
}

/* What a line is; NGRAM_AUTO: nothing that is known. */
static enum ngram_format format_of(const char *line, const char *end, int is_whole)
{
    const char *field[6];
    int n = 1;
    field[0] = line;
    end = line_text_end(line, end);
    while (n < 6 && (field[n] = memchr(field[n - 1], '\t', (size_t)(end - field[n - 1]))) != NULL) {
        field[n]++;
        n++;
    }
    if (n == 1)
        return NGRAM_AUTO;
    const char *second_end = n > 2 ? field[2] - 1 : end;
    if (is_v3_item(field[1], second_end, is_whole || n > 2))
        return memchr(field[1], ',', (size_t)(second_end - field[1])) ? NGRAM_V3 : NGRAM_AUTO;
    if (!is_whole || n < 4 || !is_number(field[1], field[2] - 1) ||
        !is_number(field[2], field[3] - 1))
        return NGRAM_AUTO;
    if (n == 5 && is_number(field[3], field[4] - 1) && is_number(field[4], end))
        return NGRAM_V1;
    return NGRAM_V2;
}

/* No TAB, a blank, and nothing that is not in prose; a character may be cut at the end. */
static int is_prose(const char *data, size_t size)
{
    size_t n_blanks = 0;
    for (size_t at = 0; at < size;) {
        unsigned char byte = (unsigned char)data[at];
        utf8proc_int32_t code;
        utf8proc_ssize_t n = 1;
        if (byte >= 0x80)
            n = utf8proc_iterate((const utf8proc_uint8_t *)data + at, (utf8proc_ssize_t)(size - at),
                                 &code);
        else if (byte == 0x7F || (byte < ' ' && byte != '\n' && byte != '\r' && byte != '\f'))
            return 0;
        if (n <= 0)
            return size - at < 4 && at > 0 && n_blanks > 0;
        n_blanks += byte == ' ';
        at += (size_t)n;
    }
    return n_blanks > 0;
}

enum ngram_format ngram_detect(const char *data, size_t size)
{
    size_t n_lines[NGRAM_N_FORMATS] = {0};
    const char *line = data, *end = data + size, *lf;
    enum ngram_format most = NGRAM_AUTO;
    for (; (lf = memchr(line, '\n', (size_t)(end - line))) != NULL; line = lf + 1) {
        enum ngram_format format = format_of(line, lf, 1);
        if (format != NGRAM_AUTO && (++n_lines[format] > n_lines[most] || most == NGRAM_AUTO))
            most = format;
    }
    if (most == NGRAM_AUTO && line < end)
        most = format_of(line, end, 0);
    if (most == NGRAM_AUTO && line < end)
        most = format_of(line, end, 1);
    if (most != NGRAM_AUTO)
        return most;
    return is_prose(data, size) ? NGRAM_TEXT : NGRAM_V2;
}
