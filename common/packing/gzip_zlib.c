/* gzip through zlib, where ISA-L is not. */
#include <stdlib.h>
#include <zlib.h>

#include "base/code.h"
#include "packing/gzip.h"

#define WINDOW_BITS (15 + 16) /* 16: gzip, with its header and checksum */

struct gzip {
    z_stream stream;
};

struct gzip *gzip_new(void)
{
    struct gzip *gzip = calloc(1, sizeof *gzip);
    if (gzip && inflateInit2(&gzip->stream, WINDOW_BITS) != Z_OK) {
        free(gzip);
        return NULL;
    }
    return gzip;
}

void gzip_free(struct gzip *gzip)
{
    if (gzip)
        inflateEnd(&gzip->stream);
    free(gzip);
}

int gzip_run(struct gzip *gzip, struct unpack_io *io)
{
    z_stream *stream = &gzip->stream;
    stream->next_in = (unsigned char *)io->in;
    stream->avail_in = (uInt)io->in_size;
    stream->next_out = io->out;
    stream->avail_out = (uInt)io->out_size;
    int rc = inflate(stream, Z_NO_FLUSH);
    io->in = stream->next_in;
    io->in_size = stream->avail_in;
    io->out = stream->next_out;
    io->out_size = stream->avail_out;
    if (rc == Z_MEM_ERROR)
        return CODE_NOMEM;
    if (rc != Z_OK && rc != Z_BUF_ERROR && rc != Z_STREAM_END)
        return CODE_DAMAGED;
    return rc == Z_STREAM_END && inflateReset(stream) == Z_OK;
}
