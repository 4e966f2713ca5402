/*
 * What every job must equal: the lines of all inputs read one after the other, sorted, added up.
 * Nothing in it is shared with the code under test, and nothing in it is clever. Tests that run out
 * of memory abort.
 */
#ifndef TESTS_SUPPORT_ORACLE_H
#define TESTS_SUPPORT_ORACLE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that grow. {0} is empty. */
struct bytes {
    char *data;
    size_t size;
    size_t capacity;
};

void bytes_add(struct bytes *bytes, const void *data, size_t size);
void bytes_print(struct bytes *bytes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int bytes_equal(const struct bytes *a, const struct bytes *b);
void bytes_release(struct bytes *bytes);

/* Appends what is left of the descriptor, or all of the file. 0, or -1: it cannot be read. */
int bytes_read(struct bytes *bytes, int fd);
int bytes_load(struct bytes *bytes, const char *path);

/* Makes the file, or makes it new. 0 or -1. */
int bytes_save(const struct bytes *bytes, const char *path);

/* Makes an empty folder under $TMPDIR or /tmp; remove_folder takes it away with all files in it. */
void make_folder(char *path, size_t size);
void remove_folder(const char *path);
size_t count_files(const char *path);

enum oracle_reduce { ORACLE_SUM, ORACLE_MIN, ORACLE_MAX };

struct oracle_word {
    const char *word; /* in an input, the filter's, or made by see */
    size_t size;
    uint64_t count;
    const char *group; /* a string: words of one group are one, as the commonest of them is spelled;
                          NULL: the word is alone */
};

struct oracle_filter {
    const char *const *words; /* only these, with 0 (UINT64_MAX if min) if not there */
    size_t n_words;           /* 0: all */
    int keep_all;             /* words are added, but keep no others out */
    uint64_t top;             /* 0: all */
    int by_count;             /* largest first, then by word */
    enum oracle_reduce reduce;
    uint64_t min_count; /* only words with so many */
    /*
     * 1: the word counts as it is now, or 0: it does not. May set word and group to what free
     * takes. NULL: all count as they are.
     */
    int (*see)(const struct oracle_filter *filter, struct oracle_word *word);
    const void *user; /* see's */
    int grouped;      /* see sets groups; the words asked for are groups */
};

/* 1 and *value if [text, text + size) is a decimal number of 64 bits, else 0. */
int oracle_number(const char *text, size_t size, uint64_t *value);

struct oracle {
    struct oracle_word *words; /* in order */
    size_t n_words;
    char **made; /* by the filter's see */
    size_t n_made;
    uint64_t n_lines; /* the bad ones included */
    uint64_t n_bad;
    size_t bad_input;  /* of the first bad line */
    uint64_t bad_line; /* from 1; 0: there is none */
    uint64_t bad_byte;
};

/* Counts v2 lines and leaves out bad ones. The result points into inputs. */
void oracle_count(struct oracle *oracle, const struct bytes *inputs, size_t n_inputs,
                  const struct oracle_filter *filter);
void oracle_release(struct oracle *oracle);

/* word TAB count LF. */
void oracle_write(const struct oracle *oracle, struct bytes *out);

/* Puts lines of an output into order by word: what an output in no order is compared by. */
void oracle_sort_lines(struct bytes *out);

/* A made input of random words in folder, some 16 bytes a line, and the output it must have. */
struct sample {
    char path[300];
    struct bytes input;
    struct bytes expected;
};

void sample_make(struct sample *sample, const char *folder, const char *name, size_t size,
                 size_t n_words);
void sample_release(struct sample *sample);

/* Append any line with the word, or any that is bad. */
void sample_add_line(struct bytes *input, uint64_t *random, const char *word, size_t size,
                     int crlf);
void sample_add_bad_line(struct bytes *input, uint64_t *random);

#endif
