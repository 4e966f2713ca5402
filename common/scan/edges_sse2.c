/* The twin for any x86-64: 16 bytes a compare. */
#include "scan/edges.h"

#if defined(__x86_64__)
#include <emmintrin.h>

#include "scan/edges_bits.h"

static inline __m128i load(const char *data)
{
    return _mm_loadu_si128((const __m128i *)(const void *)data);
}

static inline uint64_t bits_of(__m128i marks, unsigned at)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(marks) << at;
}

/* Bytes from first to last, both ASCII: what is not ASCII is negative. */
static inline __m128i between(__m128i bytes, char first, char last)
{
    return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8((char)(first - 1))),
                         _mm_cmplt_epi8(bytes, _mm_set1_epi8((char)(last + 1))));
}

static inline __m128i letters(__m128i bytes)
{
    return between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
}

static inline void mark_all(const char *data, struct edges_marks *marks)
{
    *marks = (struct edges_marks){0};
    for (unsigned i = 0; i < 64; i += 16) {
        __m128i bytes = load(data + i);
        __m128i digits = between(bytes, '0', '9');
        marks->alnum |= bits_of(_mm_or_si128(letters(bytes), digits), i);
        marks->underscore |= bits_of(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')), i);
        marks->punctuation |= bits_of(_mm_andnot_si128(digits, between(bytes, '!', ';')), i);
        marks->high |= bits_of(bytes, i);
    }
}

static inline uint64_t mark_letters(const char *data)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 16) {
        __m128i bytes = load(data + i);
        bits |= bits_of(_mm_or_si128(letters(bytes), bytes), i);
    }
    return bits;
}

static inline uint64_t mark_filled(const char *data)
{
    uint64_t blanks = 0;
    for (unsigned i = 0; i < 64; i += 16) {
        __m128i bytes = load(data + i);
        __m128i blank = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(' '));
        blanks |= bits_of(_mm_or_si128(blank, between(bytes, '\t', '\r')), i);
    }
    return ~blanks;
}

EDGES(edges_sse2, mark_all, mark_letters, mark_filled)
#endif
