/* The short cuts for numbers take nothing that is none, and read what they take. */
#include "base/number.h"
#include "fuzz.h"
#include "scan/digits.h"
#include "scan/scan.h"

/* Eight readable bytes, at most seven digits and a TAB. */
static int naive_short(const char *text, uint64_t *value)
{
    *value = 0;
    for (int i = 0; i < 8; i++) {
        if (i > 0 && text[i] == '\t')
            return 1;
        if (text[i] < '0' || text[i] > '9')
            return 0;
        *value = *value * 10 + (uint64_t)(text[i] - '0');
    }
    return 0;
}

static int naive_number(const char *text, size_t size, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, (uint64_t)(text[i] - '0'), value))
            return -1;
    }
    return size > 0 ? 0 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[64 + 8] = {0};
    uint64_t value, expected;
    memcpy(text, data, size < 64 ? size : 64);
    for (size_t i = 0; i < 64; i++) {
        int year = 1;
        for (int j = 0; j < 4; j++)
            year &= text[i + (size_t)j] >= '0' && text[i + (size_t)j] <= '9';
        check((digits_bad_year(text + i) == 0) == (year && text[i + 4] == '\t'));

        uint64_t bad = 0;
        uint64_t lanes = digits_short(text + i, &bad);
        check((bad == 0) == naive_short(text + i, &expected));
        check(bad || digits_lanes_sum(lanes) == expected);
    }
    int rc = naive_number((const char *)data, size, &expected);
    check(number_read((const char *)data, size, &value) == rc);
    check(rc < 0 || value == expected);
    return 0;
}
