/* The twin for AVX2: 32 bytes a compare. Built with -mavx2 -mbmi -mpopcnt, so only called with
 * them. */
#include "scan/edges.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "scan/edges_bits.h"

static inline __m256i load(const char *data)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)data);
}

static inline uint64_t bits_of(__m256i marks, unsigned at)
{
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(marks) << at;
}

/* Bytes from first to last, both ASCII: what is not ASCII is negative. */
static inline __m256i between(__m256i bytes, char first, char last)
{
    return _mm256_and_si256(_mm256_cmpgt_epi8(bytes, _mm256_set1_epi8((char)(first - 1))),
                            _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(last + 1)), bytes));
}

static inline __m256i letters(__m256i bytes)
{
    return between(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), 'a', 'z');
}

static inline void mark_all(const char *data, struct edges_marks *marks)
{
    *marks = (struct edges_marks){0};
    for (unsigned i = 0; i < 64; i += 32) {
        __m256i bytes = load(data + i);
        __m256i digits = between(bytes, '0', '9');
        marks->alnum |= bits_of(_mm256_or_si256(letters(bytes), digits), i);
        marks->underscore |= bits_of(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('_')), i);
        marks->punctuation |= bits_of(_mm256_andnot_si256(digits, between(bytes, '!', ';')), i);
        marks->high |= bits_of(bytes, i);
    }
}

static inline uint64_t mark_letters(const char *data)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 32) {
        __m256i bytes = load(data + i);
        bits |= bits_of(_mm256_or_si256(letters(bytes), bytes), i);
    }
    return bits;
}

static inline uint64_t mark_filled(const char *data)
{
    uint64_t blanks = 0;
    for (unsigned i = 0; i < 64; i += 32) {
        __m256i bytes = load(data + i);
        __m256i blank = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(' '));
        blanks |= bits_of(_mm256_or_si256(blank, between(bytes, '\t', '\r')), i);
    }
    return ~blanks;
}

EDGES(edges_avx2, mark_all, mark_letters, mark_filled)
#endif
