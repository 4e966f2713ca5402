/* UTF-16 with a byte order mark, made UTF-8 as it is read. */
#ifndef COMMON_PACKING_UTF16_H
#define COMMON_PACKING_UTF16_H

#include <stdint.h>

#include "packing/gzip.h"

/* {.is_big = } before the first byte. */
struct utf16 {
    int is_big;
    int has_begun; /* the byte order mark has been read */
    int has_byte;  /* of a unit, the other of which has not been read */
    unsigned char byte;
    uint32_t high; /* a surrogate that waits for another; 0: none */
    size_t n_out;  /* bytes of out that found no room */
    unsigned char out[6];
};

/*
 * Goes on as far as input and room reach. A surrogate alone becomes three bytes that are not UTF-8.
 * 1: it may end here; 0: inside of a character.
 */
int utf16_run(struct utf16 *utf16, struct unpack_io *io);

#endif
