/*
 * UTF-16 of any units becomes what a naive twin makes of them, whatever pieces it comes and goes
 * in, down to single bytes: surrogates that belong together one character of four bytes, those
 * alone three bytes that are not UTF-8. It may end where the twin has nothing left.
 */
#include "packing/utf16.h"

#include "fuzz.h"
#include "random.h"

enum { INPUT_MAX = 4096 };

static unsigned unit_at(const uint8_t *data, int is_big)
{
    return is_big ? (unsigned)data[0] << 8 | data[1] : (unsigned)data[1] << 8 | data[0];
}

static size_t encode(uint8_t *out, unsigned point)
{
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (uint8_t)(0xC0 + point / 64);
        out[1] = (uint8_t)(0x80 + point % 64);
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (uint8_t)(0xE0 + point / 4096);
        out[1] = (uint8_t)(0x80 + point / 64 % 64);
        out[2] = (uint8_t)(0x80 + point % 64);
        return 3;
    }
    out[0] = (uint8_t)(0xF0 + point / 262144);
    out[1] = (uint8_t)(0x80 + point / 4096 % 64);
    out[2] = (uint8_t)(0x80 + point / 64 % 64);
    out[3] = (uint8_t)(0x80 + point % 64);
    return 4;
}

/* Behind the byte order mark. Returns its bytes; *is_whole: nothing is left of the input. */
static size_t convert(const uint8_t *data, size_t size, int is_big, uint8_t *out, int *is_whole)
{
    size_t at = 0, n = 0;
    while (size - at >= 2) {
        unsigned unit = unit_at(data + at, is_big), next = 0;
        int is_high = unit >= 0xD800 && unit < 0xDC00;
        if (is_high && size - at < 4)
            break;
        if (is_high)
            next = unit_at(data + at + 2, is_big);
        if (is_high && next >= 0xDC00 && next < 0xE000) {
            n += encode(out + n, 0x10000 + (unit - 0xD800) * 1024 + (next - 0xDC00));
            at += 4;
        } else {
            n += encode(out + n, unit);
            at += 2;
        }
    }
    *is_whole = at == size;
    return n;
}

/* Pieces of 0 to the most bytes each. Returns what utf16_run said at last. */
static int run_in_pieces(const uint8_t *data, size_t size, int is_big, size_t most_in,
                         size_t most_out, uint64_t random, uint8_t *out, size_t *n_out)
{
    struct utf16 utf16 = {.is_big = is_big};
    size_t at = 0, room;
    int rc = 0;
    *n_out = 0;
    do {
        size_t in = random_below(&random, most_in + 1);
        room = 1 + random_below(&random, most_out);
        uint8_t *piece = malloc(in + 1), *to = malloc(room);
        check(piece && to);
        in = in < size - at ? in : size - at;
        memcpy(piece, data + at, in);
        struct unpack_io io = {piece, in, to, room};
        rc = utf16_run(&utf16, &io);
        check(io.in_size <= in && io.out_size <= room);
        check(io.in_size == 0 || io.out_size < 3 || in == 0);
        memcpy(out + *n_out, to, room - io.out_size);
        *n_out += room - io.out_size;
        at += in - io.in_size;
        room = io.out_size;
        free(piece);
        free(to);
    } while (at < size || room == 0);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t input[2 + INPUT_MAX], wanted[2 * INPUT_MAX + 8], got[2 * INPUT_MAX + 8];
    int is_big = (int)take_byte(&data, &size) & 1, is_whole;
    size_t most_in = 1 + take_byte(&data, &size), most_out = 1 + take_byte(&data, &size);
    uint64_t random = take_byte(&data, &size);
    if (size > INPUT_MAX)
        return 0;
    input[is_big ? 0 : 1] = 0xFE;
    input[is_big ? 1 : 0] = 0xFF;
    if (size > 0)
        memcpy(input + 2, data, size);
    size_t n_wanted = convert(input + 2, size, is_big, wanted, &is_whole), n_got;
    int rc = run_in_pieces(input, 2 + size, is_big, most_in, most_out, random, got, &n_got);
    check(n_got == n_wanted && memcmp(got, wanted, n_got) == 0);
    check(rc == is_whole);
    rc = run_in_pieces(input, 2 + size, is_big, sizeof input, sizeof got, random, got, &n_got);
    check(n_got == n_wanted && memcmp(got, wanted, n_got) == 0);
    check(rc == is_whole);
    return 0;
}
