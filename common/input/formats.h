/* All input formats, by their numbers, which are those of enum wm_format; 0 is none. */
#ifndef COMMON_INPUT_FORMATS_H
#define COMMON_INPUT_FORMATS_H

#include "input/format.h"

/* No number is as high. */
#define INPUT_FORMATS_MAX 16

/* NULL: there is none. */
const struct input_format *input_format_at(unsigned number);
unsigned input_format_number(const struct input_format *format);

/* Whether records of the format have what the query asks for. */
int input_can_answer(const struct input_format *format, const struct ngram_query *query);

#endif
