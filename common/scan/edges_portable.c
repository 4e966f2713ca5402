/* The portable twin: eight bytes at a time in a 64-bit word, as in scan.c. */
#include "base/bytes.h"
#include "scan/edges_bits.h"

#define HIGH_BITS EACH_BYTE(0x80)

/* The high bit of each byte that is from first to last; all bytes are ASCII. */
static uint64_t between(uint64_t bytes, unsigned first, unsigned last)
{
    return (bytes + EACH_BYTE(0x80 - first)) & ~(bytes + EACH_BYTE(0x7F - last)) & HIGH_BITS;
}

/* High bits as eight bits. */
static uint64_t gather(uint64_t marks)
{
    return ((marks >> 7) * 0x0102040810204080) >> 56;
}

static void mark_all(const char *data, struct edges_marks *marks)
{
    *marks = (struct edges_marks){0};
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t bytes = load_le64(data + i), high = bytes & HIGH_BITS;
        uint64_t ascii = bytes & ~HIGH_BITS;
        uint64_t digits = between(ascii, '0', '9');
        uint64_t letters = between(ascii | EACH_BYTE(0x20), 'a', 'z');
        marks->alnum |= gather((letters | digits) & ~high) << i;
        marks->underscore |= gather(between(ascii, '_', '_') & ~high) << i;
        marks->punctuation |= gather(between(ascii, '!', ';') & ~digits & ~high) << i;
        marks->high |= gather(high) << i;
    }
}

static uint64_t mark_letters(const char *data)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t bytes = load_le64(data + i);
        uint64_t ascii = (bytes & ~HIGH_BITS) | EACH_BYTE(0x20);
        bits |= gather(between(ascii, 'a', 'z') | (bytes & HIGH_BITS)) << i;
    }
    return bits;
}

static uint64_t mark_filled(const char *data)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t bytes = load_le64(data + i);
        uint64_t ascii = bytes & ~HIGH_BITS;
        uint64_t blank = between(ascii, ' ', ' ') | between(ascii, '\t', '\r');
        bits |= gather((~blank & HIGH_BITS) | (bytes & HIGH_BITS)) << i;
    }
    return bits;
}

EDGES(edges_portable, mark_all, mark_letters, mark_filled)
