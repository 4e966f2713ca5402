/*
 * What an input is, by the look of its first bytes: for certain, or not at all. What is certain is
 * read; of anything else it is said what it looks like, and how to have it read.
 */
#ifndef COMMON_INPUT_DETECT_H
#define COMMON_INPUT_DETECT_H

#include <stddef.h>

#include "words/entry.h"

/* Bytes that are enough, even if the first line has the longest word there may be. */
#define INPUT_DETECT_SIZE 81920

/* A byte order mark in UTF-8, which is no part of the first word. */
#define INPUT_MARK_SIZE 3
int input_has_mark(const char *data, size_t size);

enum input_kind {
    INPUT_EMPTY,   /* there is nothing to tell it by */
    INPUT_LINES,   /* lines are of the format, others may be bad */
    INPUT_MIXED,   /* the same, but more lines are prose */
    INPUT_TEXT,    /* prose */
    INPUT_MARKUP,  /* the same, beside the marks of HTML, XML, RTF or JSON */
    INPUT_COUNTS,  /* word TAB count, as results are */
    INPUT_PAIRS,   /* a word and numbers with blanks between */
    INPUT_RESULT,  /* a result as CSV: the header says so */
    INPUT_TABLE,   /* lines of as many fields, some of which are numbers */
    INPUT_TOTALS,  /* a total-count file */
    INPUT_WMT,     /* a table file */
    INPUT_CR,      /* lines of some format end in CR alone */
    INPUT_CR_TEXT, /* the same of text, maybe: there is no LF, but CRs are */
    INPUT_WIDE,    /* UTF-16 or UTF-32 */
    INPUT_LATIN,   /* prose of bytes that are not UTF-8 */
    INPUT_BINARY,  /* no text of any kind */
    INPUT_UNKNOWN  /* lines of some other kind: maybe text */
};

/* Whether a year stands between a word and its counts, with TABs between: bit n for n counts. */
struct input_periods {
    unsigned some;    /* in some lines; */
    unsigned all;     /* in all; */
    unsigned decades; /* and all that there are end with 0 */
};

struct input_look {
    enum input_kind kind;
    unsigned format;            /* INPUT_LINES, INPUT_MIXED, INPUT_TEXT: its number */
    const char *encoding;       /* INPUT_WIDE: as iconv calls it */
    const char *markup;         /* INPUT_MARKUP: what it is, in words */
    struct entry_values values; /* INPUT_RESULT: as the header says */
    unsigned value_column;      /* INPUT_TABLE, INPUT_PAIRS: from 1 */
    /* INPUT_TABLE: */
    unsigned key_column; /* from 1 */
    char delimiter;
    int has_header;
    int has_quotes;
    int needs_quotes; /* without them, lines have not as many fields */
    int has_counts;   /* the last two fields are numbers, and the first of these is no year */
    int has_shares;   /* the header is that of a result as CSV with ranks or shares */
    struct input_periods periods; /* of input_find_periods */
};

/* size may be any; without LF behind the last line it may be cut off. */
struct input_look input_detect(const char *data, size_t size);

/* Looks for years behind words in the same bytes, which matters in results alone. */
void input_find_periods(struct input_look *look, const char *data, size_t size);

#endif
