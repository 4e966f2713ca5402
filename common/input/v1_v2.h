/* ngram TAB year TAB matches, then pages and volumes, or volumes alone. */
#ifndef COMMON_INPUT_V1_V2_H
#define COMMON_INPUT_V1_V2_H

#include "input/format.h"

extern const struct input_format input_v1, input_v2;

#endif
