/*
 * A regular expression (PCRE2) of characters: letters and classes are those of Unicode. A word that
 * is not UTF-8 is matched byte by byte, by the same expression compiled as one of bytes. So is
 * every word if the expression itself is not UTF-8.
 *
 * Compiled before the first fork, it is only read; what a match writes to is the matcher, one for
 * each worker.
 */
#ifndef COMMON_FILTER_MATCH_H
#define COMMON_FILTER_MATCH_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stddef.h>
#include <stdint.h>

/* {0} may be released. */
struct match {
    pcre2_code *characters; /* NULL: the expression is not UTF-8 */
    pcre2_code *bytes;      /* NULL: it makes no sense for bytes, of which it matches none */
};

struct matcher {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

/* 0, CODE_NOMEM, or MATCH_INVALID with what is wrong in words. */
enum { MATCH_INVALID = 1 };
int match_compile(struct match *match, const char *expression, char *words, size_t size);
void match_release(struct match *match);

/* 0 or CODE_NOMEM. */
int matcher_init(struct matcher *matcher);
void matcher_release(struct matcher *matcher);

/*
 * 1: it matches somewhere in the word; 0: it does not; CODE_NOMEM; or CODE_MATCH: that takes more
 * steps or memory than is sensible.
 */
int match_word(const struct match *match, struct matcher *matcher, const char *word, uint32_t size);

#endif
