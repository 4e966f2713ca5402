/* Fields between delimiters, one of them the key and one its count. */
#ifndef COMMON_INPUT_COLUMNS_H
#define COMMON_INPUT_COLUMNS_H

#include "input/format.h"

extern const struct input_format input_columns;

#endif
