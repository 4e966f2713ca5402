/*
 * Characters of one unit go straight to where there is room for any of them. Others go unit by unit
 * through a few bytes that keep what finds no room.
 */
#include "packing/utf16.h"

#include <string.h>

/* What waits goes out, as far as there is room. */
static void put_waiting(struct utf16 *utf16, struct unpack_io *io)
{
    size_t n = utf16->n_out < io->out_size ? utf16->n_out : io->out_size;
    memcpy(io->out, utf16->out, n);
    utf16->n_out -= n;
    memmove(utf16->out, utf16->out + n, utf16->n_out);
    io->out += n;
    io->out_size -= n;
}

/* Behind what was written. */
static inline unsigned char *encode(unsigned char *out, uint32_t point)
{
    static const unsigned char leads[] = {0, 0xC0, 0xE0, 0xF0};
    unsigned n_tails = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    *out++ = (unsigned char)(leads[n_tails] | point >> 6 * n_tails);
    for (unsigned i = n_tails; i > 0; i--)
        *out++ = (unsigned char)(0x80 | (point >> 6 * (i - 1) & 0x3F));
    return out;
}

static void put_point(struct utf16 *utf16, uint32_t point)
{
    utf16->n_out = (size_t)(encode(utf16->out + utf16->n_out, point) - utf16->out);
}

/* Up to a surrogate. */
static void put_plain(struct unpack_io *io, int is_big)
{
    const unsigned char *in = io->in, *in_end = in + io->in_size;
    unsigned char *out = io->out, *out_end = out + io->out_size;
    for (; in_end - in >= 2 && out_end - out >= 3; in += 2) {
        uint32_t unit = (uint32_t)in[!is_big] << 8 | in[is_big];
        if (unit >> 11 == 0xD800 >> 11)
            break;
        if (unit < 0x80)
            *out++ = (unsigned char)unit;
        else
            out = encode(out, unit);
    }
    *io = (struct unpack_io){in, (size_t)(in_end - in), out, (size_t)(out_end - out)};
}

static void put_unit(struct utf16 *utf16, uint32_t unit)
{
    uint32_t high = utf16->high;
    utf16->high = 0;
    if (high && unit >> 10 == 0xDC00 >> 10) {
        put_point(utf16, 0x10000 + ((high & 0x3FF) << 10 | (unit & 0x3FF)));
        return;
    }
    if (high)
        put_point(utf16, high);
    if (unit >> 10 == 0xD800 >> 10)
        utf16->high = unit;
    else if (utf16->has_begun)
        put_point(utf16, unit);
    utf16->has_begun = 1;
}

static int take_unit(struct utf16 *utf16, struct unpack_io *io, uint32_t *unit)
{
    if (!utf16->has_byte && io->in_size > 0) {
        utf16->byte = *io->in++;
        io->in_size--;
        utf16->has_byte = 1;
    }
    if (io->in_size == 0)
        return 0;
    uint32_t next = *io->in++;
    io->in_size--;
    utf16->has_byte = 0;
    *unit = utf16->is_big ? (uint32_t)utf16->byte << 8 | next : next << 8 | utf16->byte;
    return 1;
}

int utf16_run(struct utf16 *utf16, struct unpack_io *io)
{
    uint32_t unit;
    put_waiting(utf16, io);
    while (utf16->n_out == 0) {
        if (utf16->has_begun && !utf16->has_byte && !utf16->high)
            put_plain(io, utf16->is_big);
        if (!take_unit(utf16, io, &unit))
            break;
        put_unit(utf16, unit);
        put_waiting(utf16, io);
    }
    return utf16->n_out == 0 && !utf16->has_byte && !utf16->high;
}
