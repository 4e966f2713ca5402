/* Memory is large enough for any word, so nothing here asks for room. */
#include "output/formatter.h"

#include <string.h>

#include "base/bytes.h"
#include "base/number.h"
#include "words/entry.h"

static char *add_columns(char *at, const struct columns *columns, const struct entry *entry)
{
    for (enum column column = 0; column < N_COLUMNS; column++) {
        if (!columns_have(columns, column))
            continue;
        *at++ = '\t';
        at += column_write(at, columns, column, entry);
    }
    return at;
}

size_t format_tsv(char *out, const struct columns *columns, const struct entry *entry)
{
    char *at = out;
    memcpy(at, entry->key, entry->size);
    at += entry->size;
    *at++ = '\t';
    at += number_write(at, entry->count);
    if (columns->which)
        at = add_columns(at, columns, entry);
    *at++ = '\n';
    return (size_t)(at - out);
}

/* The bytes of the character that starts here, 0 if none does: RFC 3629. */
static size_t character_size(const unsigned char *at, size_t left)
{
    unsigned lead = at[0], least = 0x80, most = 0xBF;
    if (lead < 0x80)
        return 1;
    size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || left < size)
        return 0;
    if (lead == 0xE0)
        least = 0xA0;
    else if (lead == 0xED)
        most = 0x9F;
    else if (lead == 0xF0)
        least = 0x90;
    else if (lead == 0xF4)
        most = 0x8F;
    if (at[1] < least || at[1] > most)
        return 0;
    for (size_t i = 2; i < size; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return size;
}

static char *json_escape(char *at, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *found = byte != '\0' ? strchr(from, byte) : NULL;
    *at++ = '\\';
    if (found) {
        *at++ = to[found - from];
        return at;
    }
    memcpy(at, "u00", 3);
    at[3] = digits[byte >> 4];
    at[4] = digits[byte & 15];
    return at + 5;
}

static char *json_string(char *at, const char *word, size_t size, uint64_t *n_replaced)
{
    const unsigned char *byte = (const unsigned char *)word, *end = byte + size;
    *at++ = '"';
    while (byte < end) {
        size_t n = character_size(byte, (size_t)(end - byte));
        if (n == 0) {
            memcpy(at, "\xEF\xBF\xBD", 3);
            at += 3;
            byte++;
            ++*n_replaced;
        } else if (n == 1 && (*byte < 0x20 || *byte == '"' || *byte == '\\')) {
            at = json_escape(at, *byte++);
        } else {
            memcpy(at, byte, n);
            at += n;
            byte += n;
        }
    }
    *at++ = '"';
    return at;
}

static char *csv_field(char *at, const char *word, size_t size)
{
    size_t plain = 0;
    while (plain < size && !(word[plain] == '"' || word[plain] == ',' || word[plain] == '\n' ||
                             word[plain] == '\r'))
        plain++;
    if (plain == size) {
        memcpy(at, word, size);
        return at + size;
    }
    *at++ = '"';
    for (size_t i = 0; i < size; i++) {
        if (word[i] == '"')
            *at++ = '"';
        *at++ = word[i];
    }
    *at++ = '"';
    return at;
}

/* The word without its period, and where that is. */
static size_t split(const struct columns *columns, const struct entry *entry, const char **period)
{
    *period = columns->period ? memrchr(entry->key, '\t', entry->size) : NULL;
    return *period ? (size_t)((*period)++ - entry->key) : entry->size;
}

static size_t write_csv(char *out, const struct columns *columns, const struct entry *entry)
{
    const char *period;
    size_t size = split(columns, entry, &period);
    char *at = csv_field(out, entry->key, size);
    *at++ = ',';
    if (period) {
        at = csv_field(at, period, entry->size - size - 1);
        *at++ = ',';
    }
    at += number_write(at, entry->count);
    for (enum column column = 0; column < N_COLUMNS; column++) {
        if (!columns_have(columns, column))
            continue;
        *at++ = ',';
        at += column_write(at, columns, column, entry);
    }
    *at++ = '\n';
    return (size_t)(at - out);
}

static char *json_name(char *at, const char *name)
{
    at = bytes_put(at, ",\"");
    at = bytes_put(at, name);
    return bytes_put(at, "\":");
}

static size_t write_jsonl(struct formatter *text, char *out, const struct entry *entry)
{
    const struct columns *columns = text->columns;
    const char *period;
    size_t size = split(columns, entry, &period);
    char *at = bytes_put(out, "{\"word\":");
    at = json_string(at, entry->key, size, &text->n_replaced);
    if (period) {
        at = json_name(at, columns->period);
        memcpy(at, period, entry->size - size - 1);
        at += entry->size - size - 1;
    }
    at = json_name(at, "count");
    at += number_write(at, entry->count);
    for (enum column column = 0; column < N_COLUMNS; column++) {
        if (!columns_have(columns, column))
            continue;
        at = json_name(at, column_name(column));
        at += column_write(at, columns, column, entry);
    }
    at = bytes_put(at, "}\n");
    return (size_t)(at - out);
}

void formatter_add(struct formatter *text, const struct entry *entry)
{
    switch (text->format) {
    case FORMAT_TSV:
        text->size += format_tsv(text->data + text->size, text->columns, entry);
        break;
    case FORMAT_CSV:
        text->size += write_csv(text->data + text->size, text->columns, entry);
        break;
    case FORMAT_JSONL:
        text->size += write_jsonl(text, text->data + text->size, entry);
        break;
    case FORMAT_TABLE:
        text->size += wmt_entry_write(text->data + text->size, entry);
        break;
    }
}

size_t format_header(enum format format, const struct columns *columns, char *out)
{
    char *at = out;
    if (format == FORMAT_TABLE) {
        wmt_write_header(out);
        return WMT_HEADER_SIZE;
    }
    if (format != FORMAT_CSV)
        return 0;
    at = bytes_put(at, "word,");
    if (columns->period) {
        at = bytes_put(at, columns->period);
        *at++ = ',';
    }
    at = bytes_put(at, "count");
    for (enum column column = 0; column < N_COLUMNS; column++) {
        if (!columns_have(columns, column))
            continue;
        *at++ = ',';
        at = bytes_put(at, column_name(column));
    }
    *at++ = '\n';
    return (size_t)(at - out);
}
