/*
 * The record format of Google Books Ngram files, version 2 (2012):
 *
 *     ngram TAB year TAB match_count TAB volume_count LF
 *
 * Lines of one word mostly stand together, so the parser compares each line with the word before
 * and adds to a register; the sink hears of a word only when it changes. Nothing relies on it.
 */
#ifndef COMMON_NGRAM_H
#define COMMON_NGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "scan.h"

enum reject_reason {
    REJECT_FIELDS = 1, /* too few */
    REJECT_YEAR,       /* not a number */
    REJECT_COUNT,      /* not a decimal number of 64 bits */
    REJECT_WORD,       /* longer than WORD_SIZE_MAX */
    REJECT_LONG,       /* the line, longer than LINE_SIZE_MAX */
    REJECT_ORDER,      /* lines that should be sorted are not */
    REJECT_MAP,        /* a function of the host's says so */
    REJECT_CRASH,      /* or dies of it */
};

/* Where records go: 0, or a negative code that stops the parser and is returned by it. */
struct ngram_sink {
    int (*word)(void *user, const char *word, uint32_t size, uint64_t count);
    /* line without its LF; field is the part at fault */
    int (*reject)(void *user, enum reject_reason reason, const char *line, size_t size,
                  const char *field, size_t field_size);
    void *user;
    int each_line; /* tell every line's count, do not add up lines of one word */
};

/* Whole lines: data ends after a LF or at the end of its input. */
struct ngram_chunk {
    const char *data; /* readable for SCAN_PADDING bytes more */
    size_t size;
    int last;         /* it ends at the end of its input */
    uint64_t n_max;   /* lines to parse at most */
    uint64_t n_lines; /* set: lines parsed, rejected ones included */
    size_t parsed;    /* set: bytes of them */
};

/*
 * Each word may come any number of times. An empty line is rejected, but ignored at the end of the
 * input. 0 or what the sink returned.
 */
int ngram_parse_v2(const struct ngram_sink *sink, const struct scan *scan,
                   struct ngram_chunk *chunk);

#endif
