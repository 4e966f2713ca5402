/* The twin for aarch64: NEON has no movemask; pairwise adds of bit weights gather the marks. */
#include "scan/scan.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#include "scan/scan_bits.h"

static inline uint64_t mark(const char *data)
{
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t lf = vdupq_n_u8('\n');
    const uint8x16_t weight = vld1q_u8(weights);
    const uint8_t *bytes = (const uint8_t *)data;
    uint8x16_t a = vandq_u8(vceqq_u8(vld1q_u8(bytes), lf), weight);
    uint8x16_t b = vandq_u8(vceqq_u8(vld1q_u8(bytes + 16), lf), weight);
    uint8x16_t c = vandq_u8(vceqq_u8(vld1q_u8(bytes + 32), lf), weight);
    uint8x16_t d = vandq_u8(vceqq_u8(vld1q_u8(bytes + 48), lf), weight);
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
    sum = vpaddq_u8(sum, sum);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

SCAN_LINES(scan_lines_neon, mark)
SCAN_COUNT(scan_count_neon, mark)
#endif
