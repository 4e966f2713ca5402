/* All years of an ngram in a line: ngram (TAB year,matches,volumes)+. */
#ifndef COMMON_INPUT_V3_H
#define COMMON_INPUT_V3_H

#include "input/format.h"

extern const struct input_format input_v3;

#endif
