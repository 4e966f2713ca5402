/*
 * What is made of running text: its tokens, or the sequences of n of them in a line, with one blank
 * between. What the parser of text keeps through a task is the front table, so whoever has one ends
 * the task with text_end.
 */
#ifndef COMMON_INPUT_TEXT_H
#define COMMON_INPUT_TEXT_H

#include "text/front.h"
#include "input/format.h"
#include "text/token.h"

#define TEXT_NGRAM_MAX 9 /* tokens in a sequence */

#define TEXT_PLACES_MAX 1024

/* A token of a sequence. */
struct text_place {
    uint32_t start, end;
    uint32_t n_before; /* tokens of its line that stand before it, as far as they matter */
};

struct text {
    struct front front;
    int folds;    /* capitals of ASCII may be made small: nothing looks at words as they were */
    char *buffer; /* tokens that are not as in the input; in sequences all, a blank behind each */
    size_t used;
    struct token_scratch scratch;
    struct text_place places[TEXT_PLACES_MAX]; /* of tokens in buffer */
    size_t n_places, n_taken;                  /* of these, those whose sequences are counted */
    unsigned n_before;                         /* of the next token */
};

/* front_size: bytes of its front table at most. seed: of that. {0} is released. 0 or CODE_NOMEM. */
int text_init(struct text *text, size_t front_size, uint64_t seed);
void text_release(struct text *text);

/* Forgets what a task has left that failed. */
void text_begin(struct text *text);

/* Tells the sink of the words that wait in the front table, and settles. As ngram_parse_fn. */
int text_end(struct text *text, const struct ngram_sink *sink);

extern const struct input_format input_text;

#endif
