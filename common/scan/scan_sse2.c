/* The twin for any x86-64: 16 bytes a compare. */
#include "scan/twins.h"

#if defined(__x86_64__)
#include <emmintrin.h>

#include "scan/scan_bits.h"

static inline uint64_t mark(const char *data)
{
    const __m128i lf = _mm_set1_epi8('\n');
    uint64_t bits = 0;
    for (unsigned i = 0; i < 4; i++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + 16 * i));
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, lf)) << (16 * i);
    }
    return bits;
}

SCAN_LINES(scan_lines_sse2, mark)
SCAN_COUNT(scan_count_sse2, mark)
#endif
