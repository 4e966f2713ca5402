/*
 * Where records end that are no lines. A record belongs to the partition in which it begins, as a
 * line does, so whoever begins in the midst of one must find the next. All kinds but one can:
 * of records that a function finds, it has to say so, or its inputs are not cut.
 */
#ifndef COMMON_INPUT_SPLITTER_H
#define COMMON_INPUT_SPLITTER_H

#include <stddef.h>
#include <stdint.h>

/* The caller's: bytes from data to where the next record begins; 0, or more than size: not here. */
typedef size_t next_record_fn(const char *data, size_t size, int is_last, void *user);

enum splitter_kind {
    SPLITTER_NUL = 1,
    SPLITTER_SIZE,
    SPLITTER_FUNCTION,
};

struct splitter {
    enum splitter_kind kind;
    uint64_t size; /* SPLITTER_SIZE: of each record, LINE_SIZE_MAX at most */
    /* SPLITTER_FUNCTION: */
    size_t context; /* bytes before a record by which it is known; 0: only if it is looked for from
                       where the one before begins */
    next_record_fn *next;
    void *user;
};

/*
 * The size of the record that begins at data, its end included; 0: it goes on behind size, unless
 * is_last.
 */
size_t splitter_next(const struct splitter *splitter, const char *data, size_t size, int is_last);

/* The same of whole records, one or more: never 0. */
static inline size_t splitter_take(const struct splitter *splitter, const char *data, size_t size,
                                   int is_last)
{
    size_t n = splitter_next(splitter, data, size, is_last);
    return n > 0 ? n : size;
}

/* How many whole records there are. */
uint64_t splitter_count(const struct splitter *splitter, const char *data, size_t size,
                        int is_last);

static inline int splitter_can_cut(const struct splitter *splitter)
{
    return splitter->kind != SPLITTER_FUNCTION || splitter->context > 0;
}

/* The first place from `at` on, counted from the start of the input, where a record of a fixed size
 * begins. */
static inline uint64_t splitter_round(const struct splitter *splitter, uint64_t at)
{
    uint64_t over = at % splitter->size;
    return over > 0 ? at + (splitter->size - over) : at;
}

#endif
