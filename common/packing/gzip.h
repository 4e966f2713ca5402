/* One member of a gzip file after the other; gzip_isal.c or gzip_zlib.c, as CMake finds them. */
#ifndef COMMON_PACKING_GZIP_H
#define COMMON_PACKING_GZIP_H

#include <stddef.h>

/* What is left of an input and of the room for its output. */
struct unpack_io {
    const unsigned char *in;
    size_t in_size;
    unsigned char *out;
    size_t out_size;
};

struct gzip;

struct gzip *gzip_new(void); /* NULL: no memory */
void gzip_free(struct gzip *gzip);

/*
 * Goes on with the member, or begins one, as far as input and room reach. 1: it has ended, and its
 * checksum and size are right; 0: it goes on; CODE_DAMAGED.
 */
int gzip_run(struct gzip *gzip, struct unpack_io *io);

#endif
