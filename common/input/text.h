/* Running text, whose words count 1 each. */
#ifndef COMMON_INPUT_TEXT_H
#define COMMON_INPUT_TEXT_H

#include "input/format.h"

extern const struct input_format input_text;

#endif
