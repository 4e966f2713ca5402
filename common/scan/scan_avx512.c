/*
 * The twin for AVX-512BW: 64 bytes a compare. Built with its flags, so only called where they hold.
 */
#include "scan/twins.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "scan/scan_bits.h"

static inline uint64_t mark(const char *data)
{
    __m512i bytes = _mm512_loadu_si512((const void *)data);
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'));
}

SCAN_LINES(scan_lines_avx512, mark)
SCAN_COUNT(scan_count_avx512, mark)
#endif
