/* A field is quoted only if it has to be, so most words are copied as they are. */
#include "output/csv.h"

#include <string.h>

#include "base/bytes.h"
#include "base/number.h"
#include "output/format.h"
#include "words/entry.h"

/* What a spreadsheet would run, or might, once it has left out the blanks of a cell. */
static int is_formula(const char *word, size_t size)
{
    return size > 0 && (word[0] == '=' || word[0] == '+' || word[0] == '-' || word[0] == '@' ||
                        word[0] == '\t' || word[0] == '\r');
}

/* is_safe: a formula gets an apostrophe, by which spreadsheets know text. */
static char *csv_field(char *at, const char *word, size_t size, int is_safe)
{
    size_t plain = 0;
    const char *mark = is_safe && is_formula(word, size) ? "'" : "";
    while (plain < size && !(word[plain] == '"' || word[plain] == ',' || word[plain] == '\n' ||
                             word[plain] == '\r'))
        plain++;
    if (plain == size) {
        at = bytes_put(at, mark);
        memcpy(at, word, size);
        return at + size;
    }
    *at++ = '"';
    at = bytes_put(at, mark);
    for (size_t i = 0; i < size; i++) {
        if (word[i] == '"')
            *at++ = '"';
        *at++ = word[i];
    }
    *at++ = '"';
    return at;
}

static size_t csv_add_header(char *out, const struct columns *columns)
{
    char *at = bytes_put(out, "word,");
    if (columns->period) {
        at = bytes_put(at, columns->period);
        *at++ = ',';
    }
    at = bytes_put(at, columns->n_more > 0 ? columns->names[0] : "count");
    for (unsigned i = 1; i <= columns->n_more; i++) {
        *at++ = ',';
        at = bytes_put(at, columns->names[i]);
    }
    for (enum column column = 0; column < N_COLUMNS; column++) {
        if (!columns_have(columns, column))
            continue;
        *at++ = ',';
        at = bytes_put(at, column_name(column));
    }
    *at++ = '\n';
    return (size_t)(at - out);
}

static size_t csv_add_line(char *out, const struct columns *columns, const struct entry *entry,
                           int is_safe)
{
    const char *period;
    size_t size = columns_split(columns, entry, &period);
    char *at = csv_field(out, entry->key, size, is_safe);
    *at++ = ',';
    if (period) {
        at = csv_field(at, period, entry->size - size - 1, is_safe);
        *at++ = ',';
    }
    at += number_write(at, entry->count);
    for (unsigned i = 1; i <= columns->n_more; i++) {
        *at++ = ',';
        at += number_write(at, entry_count(entry, i));
    }
    if (columns->which)
        at = columns_write(at, columns, ',', entry);
    *at++ = '\n';
    return (size_t)(at - out);
}

static size_t csv_add_word(char *out, const struct columns *columns, const struct entry *entry,
                           uint64_t *n_replaced)
{
    (void)n_replaced;
    return csv_add_line(out, columns, entry, 0);
}

static size_t csv_add_safe_word(char *out, const struct columns *columns, const struct entry *entry,
                                uint64_t *n_replaced)
{
    (void)n_replaced;
    return csv_add_line(out, columns, entry, 1);
}

/* A field of quotes alone is twice as long, and two quotes stand around it. */
const struct output_format output_csv = {
    .name = "csv", .ending = "csv", .growth = 2, .header = csv_add_header, .add = csv_add_word};

/* An apostrophe is one byte more a field. */
const struct output_format output_csv_safe = {
    .name = "csv-safe", .growth = 2, .header = csv_add_header, .add = csv_add_safe_word};
