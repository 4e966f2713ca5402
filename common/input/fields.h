/*
 * Fields between delimiters, which may stand in quotes: as RFC 4180 has it, but for a LF in one. A
 * quote inside is written twice.
 */
#ifndef COMMON_INPUT_FIELDS_H
#define COMMON_INPUT_FIELDS_H

#include <stddef.h>
#include <string.h>

struct field {
    const char *start, *end; /* without the quotes around it */
    int has_escapes;         /* two quotes inside stand for one */
};

/* The quotes of a field that begins with one. NULL: they do not end, or not where it does. */
static inline const char *field_unquote(const char *at, const char *end, char delimiter, char quote,
                                        struct field *field)
{
    field->start = ++at;
    while ((at = memchr(at, quote, (size_t)(end - at))) != NULL) {
        if (at + 1 == end || at[1] != quote)
            break;
        field->has_escapes = 1;
        at += 2;
    }
    field->end = at;
    return at && (at + 1 == end || at[1] == delimiter) ? at + 1 : NULL;
}

/*
 * The field that starts at `at`; returns where it ends, at its delimiter or the end of the line.
 * quote '\0': there are none. NULL: its quotes do not end with it.
 */
static inline const char *field_read(const char *at, const char *end, char delimiter, char quote,
                                     struct field *field)
{
    field->has_escapes = 0;
    if (quote != '\0' && at < end && *at == quote)
        return field_unquote(at, end, delimiter, quote, field);
    const char *next = memchr(at, delimiter, (size_t)(end - at));
    field->start = at;
    field->end = next ? next : end;
    return field->end;
}

/* The bytes that field_copy writes. */
static inline size_t field_copy_size(const struct field *field, char quote)
{
    size_t n_escapes = 0;
    for (const char *at = field->start; field->has_escapes && at < field->end; at += 2, n_escapes++)
        if (!(at = memchr(at, quote, (size_t)(field->end - at))))
            break;
    return (size_t)(field->end - field->start) - n_escapes;
}

/* Copies the field as it is meant. Returns the bytes written, at most those it has. */
static inline size_t field_copy(char *out, const struct field *field, char quote)
{
    char *to = out;
    for (const char *at = field->start; at < field->end; at++) {
        *to++ = *at;
        at += field->has_escapes && *at == quote;
    }
    return (size_t)(to - out);
}

#endif
