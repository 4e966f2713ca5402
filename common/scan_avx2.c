/* The twin for AVX2: 32 bytes a compare. Built with -mavx2 -mbmi -mpopcnt, so only called with
 * them. */
#include "scan.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "scan_bits.h"

static inline uint64_t mark(const char *data)
{
    const __m256i lf = _mm256_set1_epi8('\n');
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)data);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(data + 32));
    uint32_t low_bits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, lf));
    uint32_t high_bits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, lf));
    return (uint64_t)high_bits << 32 | low_bits;
}

SCAN_LINES(scan_lines_avx2, mark)
SCAN_COUNT(scan_count_avx2, mark)

/*
 * Behind the word: `YYYY TAB` and up to ten digits before a TAB, 16 bytes. Row p moves the digits
 * in front of a TAB at place p to the end and clears all else.
 */
#define DIGIT(p, i) (char)((p)-16 + (i) >= 5 ? (p)-16 + (i) : -128)
#define ROW(p)                                                                                     \
    {                                                                                              \
        DIGIT(p, 0), DIGIT(p, 1), DIGIT(p, 2), DIGIT(p, 3), DIGIT(p, 4), DIGIT(p, 5), DIGIT(p, 6), \
            DIGIT(p, 7), DIGIT(p, 8), DIGIT(p, 9), DIGIT(p, 10), DIGIT(p, 11), DIGIT(p, 12),       \
            DIGIT(p, 13), DIGIT(p, 14), DIGIT(p, 15)                                               \
    }
static const _Alignas(16) char to_the_end[16][16] = {
    [6] = ROW(6),   [7] = ROW(7),   [8] = ROW(8),   [9] = ROW(9),   [10] = ROW(10),
    [11] = ROW(11), [12] = ROW(12), [13] = ROW(13), [14] = ROW(14), [15] = ROW(15)};

static uint64_t lanes_sum(__m128i lanes)
{
    uint16_t two[8]; /* two digits each, the last ones last */
    _mm_storeu_si128((__m128i *)(void *)two, lanes);
    return two[3] * UINT64_C(100000000) + two[4] * UINT64_C(1000000) + two[5] * UINT64_C(10000) +
           two[6] * UINT64_C(100) + two[7];
}

/* Each line adds at most 99 to a lane. */
_Static_assert(SCAN_SAME_MAX <= UINT16_MAX / 99, "lanes overflow");

static inline __attribute__((always_inline)) size_t same(const struct scan_word *word,
                                                         const char *block, const char *line,
                                                         const uint32_t *ends, size_t n_lines,
                                                         uint64_t *sum, struct scan_years *years)
{
    size_t size = word->year_at;
    const __m256i data = _mm256_loadu_si256((const __m256i *)(const void *)word->data);
    const uint32_t not_word = (uint32_t)(UINT64_MAX << word->size);
    const __m128i zeros = _mm_set1_epi8('0'), nines = _mm_set1_epi8(9), tabs = _mm_set1_epi8('\t');
    const __m128i tens = _mm_set1_epi16(0x010A); /* 10, 1 */
    __m128i lanes = _mm_setzero_si128();
    uint64_t n_in = 0;
    size_t i = 0;
    for (; i < n_lines; i++) {
        __m256i start = _mm256_loadu_si256((const __m256i *)(const void *)line);
        __m128i rest = _mm_loadu_si128((const __m128i *)(const void *)(line + size));
        __m128i digits = _mm_sub_epi8(rest, zeros);
        uint32_t equal = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(start, data));
        uint32_t is_digit =
            (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(digits, nines), digits));
        uint32_t is_tab = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(rest, tabs));
        /*
         * Of what is no digit (bit 16 stands for all that follows) the first must be at 4, the
         * second at 6 or later, and both must be TAB.
         */
        uint32_t others = is_digit ^ 0x1FFFF;
        uint32_t second = others & (others - 1);
        uint32_t up_to_second = second ^ (second - 1);
        if ((~(equal | not_word)) | ((others & 0x3F) ^ 0x10) | ((others ^ is_tab) & up_to_second))
            break;
        unsigned place = (unsigned)__builtin_ctz(second);
        __m128i row = _mm_load_si128((const __m128i *)(const void *)to_the_end[place]);
        digits = _mm_maddubs_epi16(_mm_shuffle_epi8(digits, row), tens);
        if (years) {
            uint32_t in = scan_is_in(years, line + size);
            n_in += in;
            digits = _mm_and_si128(digits, _mm_set1_epi32(-(int)in));
        }
        lanes = _mm_add_epi16(lanes, digits);
        line = block + ends[i] + 1;
    }
    *sum += lanes_sum(lanes);
    if (years)
        years->n_in += n_in;
    return i;
}

size_t scan_same_avx2(const struct scan_word *word, const char *block, const char *line,
                      const uint32_t *ends, size_t n_lines, uint64_t *sum)
{
    if (word->size > 32 || !word->data)
        return scan_same_portable(word, block, line, ends, n_lines, sum);
    return same(word, block, line, ends, n_lines, sum, NULL);
}

size_t scan_dated_avx2(const struct scan_word *word, const char *block, const char *line,
                       const uint32_t *ends, size_t n_lines, uint64_t *sum,
                       struct scan_years *years)
{
    if (word->size > 32 || !word->data)
        return scan_dated_portable(word, block, line, ends, n_lines, sum, years);
    return same(word, block, line, ends, n_lines, sum, years);
}
#endif
