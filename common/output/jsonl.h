/* `{"word":"...","count":1}`, with a name and its value for each column. */
#ifndef COMMON_OUTPUT_JSONL_H
#define COMMON_OUTPUT_JSONL_H

#include "output/format.h"

extern const struct output_format output_jsonl;

#endif
