/* Numbers go out two digits at a time, from the back (Alexandrescu, "Three Optimization Tips"). */
#include "base/number.h"

#include <string.h>

const char number_pairs[201] = "0001020304050607080910111213141516171819"
                               "2021222324252627282930313233343536373839"
                               "4041424344454647484950515253545556575859"
                               "6061626364656667686970717273747576777879"
                               "8081828384858687888990919293949596979899";

#define SHORT(n)                                                                                   \
    ((n) < 10 ? ('0' + (n)) | 1u << 24                                                             \
     : (n) < 100                                                                                   \
         ? ('0' + (n) / 10) | ('0' + (n) % 10) << 8 | 2u << 24                                     \
         : ('0' + (n) / 100) | ('0' + (n) / 10 % 10) << 8 | ('0' + (n) % 10) << 16 | 3u << 24)
#define FIVE(n) SHORT(n), SHORT((n) + 1), SHORT((n) + 2), SHORT((n) + 3), SHORT((n) + 4)
#define FIFTY(n)                                                                                   \
    FIVE(n), FIVE((n) + 5), FIVE((n) + 10), FIVE((n) + 15), FIVE((n) + 20), FIVE((n) + 25),        \
        FIVE((n) + 30), FIVE((n) + 35), FIVE((n) + 40), FIVE((n) + 45)
#define TWO_HUNDRED(n) FIFTY(n), FIFTY((n) + 50), FIFTY((n) + 100), FIFTY((n) + 150)

const uint32_t number_shorts[NUMBER_SHORT_END] = {
    TWO_HUNDRED(0), TWO_HUNDRED(200), TWO_HUNDRED(400), TWO_HUNDRED(600), TWO_HUNDRED(800)};

int number_read(const char *data, size_t size, uint64_t *value)
{
    uint64_t sum = 0;
    if (size == 0)
        return -1;
    for (size_t i = 0; i < size; i++) {
        unsigned digit = (unsigned)(unsigned char)data[i] - '0';
        if (digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_add_overflow(sum, digit, &sum))
            return -1;
    }
    *value = sum;
    return 0;
}

size_t number_write(char *out, uint64_t value)
{
    char digits[NUMBER_SIZE_MAX];
    size_t at = sizeof digits;
    while (value >= 100) {
        at -= 2;
        memcpy(digits + at, number_pairs + 2 * (value % 100), 2);
        value /= 100;
    }
    if (value >= 10) {
        at -= 2;
        memcpy(digits + at, number_pairs + 2 * value, 2);
    } else {
        digits[--at] = (char)('0' + value);
    }
    memcpy(out, digits + at, sizeof digits - at);
    return sizeof digits - at;
}
