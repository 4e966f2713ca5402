/*
 * gzip through ISA-L. The header is read here, a byte at a time. ISA-L 2.30 reports a false
 * checksum error for a header with FHCRC that comes in two pieces. And the end of its input is a
 * state, not a code.
 */
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>

#include "base/code.h"
#include "packing/gzip.h"

enum phase { FIXED, EXTRA_SIZE, EXTRA, NAME, COMMENT, CHECK, BODY };
enum { FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16, RESERVED = 0xE0 };

struct gzip {
    enum phase phase;
    unsigned n; /* bytes of the phase */
    unsigned flags;
    unsigned extra_size;
    uint32_t crc; /* of the header */
    struct inflate_state state;
};

static void member_begin(struct gzip *gzip)
{
    gzip->phase = FIXED;
    gzip->n = gzip->flags = gzip->extra_size = 0;
    gzip->crc = 0;
    isal_inflate_reset(&gzip->state);
    gzip->state.crc_flag = ISAL_GZIP_NO_HDR_VER;
}

struct gzip *gzip_new(void)
{
    struct gzip *gzip = malloc(sizeof *gzip);
    if (!gzip)
        return NULL;
    isal_inflate_init(&gzip->state);
    member_begin(gzip);
    return gzip;
}

void gzip_free(struct gzip *gzip)
{
    free(gzip);
}

static void next_phase(struct gzip *gzip)
{
    static const unsigned flags[] = {[EXTRA_SIZE] = FEXTRA,
                                     [EXTRA] = FEXTRA,
                                     [NAME] = FNAME,
                                     [COMMENT] = FCOMMENT,
                                     [CHECK] = FHCRC};
    do
        gzip->phase++;
    while (gzip->phase < BODY && (!(gzip->flags & flags[gzip->phase]) ||
                                  (gzip->phase == EXTRA && gzip->extra_size == 0)));
    gzip->n = 0;
}

static int member_take_header(struct gzip *gzip, unsigned char byte)
{
    static const unsigned char fixed[] = {0x1F, 0x8B, 8};
    unsigned n = gzip->n++;
    if (gzip->phase == CHECK) {
        if (byte != (gzip->crc >> (8 * n) & 0xFF))
            return CODE_DAMAGED;
        if (n == 1)
            next_phase(gzip);
        return 0;
    }
    gzip->crc = crc32_gzip_refl(gzip->crc, &byte, 1);
    int is_over = 0;
    switch (gzip->phase) {
    case FIXED:
        if (n < sizeof fixed && byte != fixed[n])
            return CODE_DAMAGED;
        if (n == 3)
            gzip->flags = byte;
        is_over = n == 9;
        break;
    case EXTRA_SIZE:
        gzip->extra_size |= (unsigned)byte << (8 * n);
        is_over = n == 1;
        break;
    case EXTRA:
        is_over = gzip->n == gzip->extra_size;
        break;
    default:
        is_over = byte == 0;
        break;
    }
    if (is_over)
        next_phase(gzip);
    return gzip->flags & RESERVED ? CODE_DAMAGED : 0;
}

int gzip_run(struct gzip *gzip, struct unpack_io *io)
{
    for (; gzip->phase != BODY; io->in++, io->in_size--) {
        if (io->in_size == 0)
            return 0;
        int rc = member_take_header(gzip, *io->in);
        if (rc < 0)
            return rc;
    }
    struct inflate_state *state = &gzip->state;
    state->next_in = (uint8_t *)io->in;
    state->avail_in = (uint32_t)io->in_size;
    state->next_out = io->out;
    state->avail_out = (uint32_t)io->out_size;
    int rc = isal_inflate(state);
    io->in = state->next_in;
    io->in_size = state->avail_in;
    io->out = state->next_out;
    io->out_size = state->avail_out;
    if (rc != ISAL_DECOMP_OK && rc != ISAL_END_INPUT && rc != ISAL_OUT_OVERFLOW)
        return CODE_DAMAGED;
    if (state->block_state != ISAL_BLOCK_FINISH)
        return 0;
    member_begin(gzip);
    return 1;
}
