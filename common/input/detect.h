/* Which format an input is of, by the look of its first lines. */
#ifndef COMMON_INPUT_DETECT_H
#define COMMON_INPUT_DETECT_H

#include <stddef.h>

/* Bytes that are enough. */
#define INPUT_DETECT_SIZE 16384

/*
 * The number of the format that an input which starts with these bytes has: what most of the lines
 * among them are. Without any such line it is text if it looks like prose, and else v2, whose
 * parser will say what is wrong. An incomplete line at the end counts when there is no other.
 */
unsigned input_detect(const char *data, size_t size);

#endif
