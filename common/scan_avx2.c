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
#endif
