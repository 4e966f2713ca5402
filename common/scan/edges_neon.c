/* The twin for aarch64: NEON has no movemask; pairwise adds of bit weights gather the marks. */
#include "scan/edges.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#include "scan/edges_bits.h"

struct bytes {
    uint8x16_t of[4];
};

static inline struct bytes load(const char *data)
{
    const uint8_t *bytes = (const uint8_t *)data;
    return (struct bytes){
        {vld1q_u8(bytes), vld1q_u8(bytes + 16), vld1q_u8(bytes + 32), vld1q_u8(bytes + 48)}};
}

static inline uint64_t gather(const struct bytes *marks)
{
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t weight = vld1q_u8(weights);
    uint8x16_t a = vandq_u8(marks->of[0], weight), b = vandq_u8(marks->of[1], weight);
    uint8x16_t c = vandq_u8(marks->of[2], weight), d = vandq_u8(marks->of[3], weight);
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
    sum = vpaddq_u8(sum, sum);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

static inline uint8x16_t between(uint8x16_t bytes, uint8_t first, uint8_t last)
{
    return vcleq_u8(vsubq_u8(bytes, vdupq_n_u8(first)), vdupq_n_u8((uint8_t)(last - first)));
}

static inline uint8x16_t letters(uint8x16_t bytes)
{
    return between(vorrq_u8(bytes, vdupq_n_u8(0x20)), 'a', 'z');
}

static inline uint8x16_t is_high(uint8x16_t bytes)
{
    return vcgeq_u8(bytes, vdupq_n_u8(0x80));
}

static inline void mark_all(const char *data, struct edges_marks *marks)
{
    const struct bytes bytes = load(data);
    struct bytes alnum, underscore, punctuation, high;
    for (unsigned i = 0; i < 4; i++) {
        uint8x16_t digits = between(bytes.of[i], '0', '9');
        alnum.of[i] = vorrq_u8(letters(bytes.of[i]), digits);
        underscore.of[i] = vceqq_u8(bytes.of[i], vdupq_n_u8('_'));
        punctuation.of[i] = vbicq_u8(between(bytes.of[i], '!', ';'), digits);
        high.of[i] = is_high(bytes.of[i]);
    }
    *marks = (struct edges_marks){gather(&alnum), gather(&underscore), gather(&punctuation),
                                  gather(&high)};
}

static inline uint64_t mark_letters(const char *data)
{
    struct bytes bytes = load(data);
    for (unsigned i = 0; i < 4; i++)
        bytes.of[i] = vorrq_u8(letters(bytes.of[i]), is_high(bytes.of[i]));
    return gather(&bytes);
}

static inline uint64_t mark_filled(const char *data)
{
    struct bytes bytes = load(data);
    for (unsigned i = 0; i < 4; i++)
        bytes.of[i] =
            vorrq_u8(vceqq_u8(bytes.of[i], vdupq_n_u8(' ')), between(bytes.of[i], '\t', '\r'));
    return ~gather(&bytes);
}

EDGES(edges_neon, mark_all, mark_letters, mark_filled)
#endif
