/* An object a line, in UTF-8: bytes of a word that are not become U+FFFD, and are counted. */
#include "output/jsonl.h"

#include <string.h>

#include "base/bytes.h"
#include "base/number.h"
#include "base/utf8.h"
#include "output/format.h"
#include "words/entry.h"

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
        size_t n = utf8_size((const char *)byte, (size_t)(end - byte));
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

static char *json_name(char *at, const char *name)
{
    at = bytes_put(at, ",\"");
    at = bytes_put(at, name);
    return bytes_put(at, "\":");
}

static char *json_add_columns(char *at, const struct columns *columns, const struct entry *entry)
{
    for (enum column column = 0; column < N_COLUMNS; column++) {
        if (!columns_have(columns, column))
            continue;
        at = json_name(at, column_name(column));
        at += column_write(at, columns, column, entry);
    }
    return at;
}

static size_t json_add_word(char *out, const struct columns *columns, const struct entry *entry,
                            uint64_t *n_replaced)
{
    const char *period;
    size_t size = columns_split(columns, entry, &period);
    char *at = bytes_put(out, "{\"word\":");
    at = json_string(at, entry->key, size, n_replaced);
    if (period) {
        at = json_name(at, columns->period);
        memcpy(at, period, entry->size - size - 1);
        at += entry->size - size - 1;
    }
    at = json_name(at, columns->n_more > 0 ? columns->names[0] : "count");
    at += number_write(at, entry->count);
    for (unsigned i = 1; i <= columns->n_more; i++) {
        at = json_name(at, columns->names[i]);
        at += number_write(at, entry_count(entry, i));
    }
    if (columns->which)
        at = json_add_columns(at, columns, entry);
    at = bytes_put(at, "}\n");
    return (size_t)(at - out);
}

/* A control character becomes an escape of six bytes. */
const struct output_format output_jsonl = {
    .name = "jsonl", .ending = "jsonl", .growth = 6, .add = json_add_word};
