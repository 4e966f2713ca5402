/* Total-count files: what is read is what a naive reader makes of the same bytes, or an error. */
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "oracle.h"
#include "packing/unpack.h"
#include "plan/totals.h"

#define GROUPS_MAX 4096

static int is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* The fields of the group that starts at *at, between three commas or three TABs. 1 or 0. */
static int take_group(const char *text, size_t size, size_t *at, uint64_t *fields)
{
    char separator = 0;
    for (int i = 0; i < 4; i++) {
        size_t start = *at;
        while (*at < size && text[*at] >= '0' && text[*at] <= '9')
            ++*at;
        if (!oracle_number(text + start, *at - start, &fields[i]))
            return 0;
        char next = *at < size ? text[*at] : '\n';
        if (i == 3)
            return is_blank(next);
        if ((next != ',' && next != '\t') || (i > 0 && next != separator))
            return 0;
        separator = next;
        ++*at;
    }
    return 0;
}

/* 1: the file is a good one; sums[i] is that of years[i]. */
static int read_naively(const char *text, size_t size, const struct totals_query *query,
                        uint64_t *years, uint64_t *sums, size_t *n, uint64_t *sum)
{
    static uint64_t seen[GROUPS_MAX]; /* years that were asked for */
    size_t n_seen = 0;
    int is_twice = 0;
    size_t at = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0, header = at;
    *n = 0;
    *sum = 0;
    while (header < size && text[header] != '\n' && !(text[header] >= '0' && text[header] <= '9'))
        header++;
    if (header < size && text[header] == '\n')
        at = header + 1;
    for (;;) {
        uint64_t fields[4];
        while (at < size && is_blank(text[at]))
            at++;
        if (at == size)
            return *sum > 0 && !is_twice;
        if (!take_group(text, size, &at, fields))
            return 0;
        if (fields[0] < query->first || fields[0] > query->last)
            continue;
        for (size_t i = 0; i < n_seen; i++)
            is_twice |= seen[i] == fields[0];
        check(n_seen < GROUPS_MAX);
        seen[n_seen++] = fields[0];
        uint64_t year = fields[0] / query->period * query->period, count = fields[query->column];
        if (*sum + count < *sum)
            return 0;
        *sum += count;
        size_t i = 0;
        while (i < *n && years[i] != year)
            i++;
        check(i < GROUPS_MAX);
        if (i == *n) {
            years[(*n)++] = year;
            sums[i] = 0;
        }
        sums[i] += count;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint64_t years[GROUPS_MAX], sums[GROUPS_MAX];
    static int fd = -1;
    unsigned how = take_byte(&data, &size);
    struct totals_query query = {.column = TOTALS_MATCHES + how % 3,
                                 .first = how & 8 ? 1000 + 4 * take_byte(&data, &size) : 0,
                                 .last = how & 16 ? 1500 + 4 * take_byte(&data, &size) : UINT64_MAX,
                                 .period = how & 32 ? 10 : 1};
    struct totals totals;
    wm_error error;
    char path[64];
    size_t n;
    uint64_t sum;
    if (size > 2 * GROUPS_MAX || packing_of(data, size) != PACKING_NONE)
        return 0;
    if (fd < 0)
        fd = memfd_create("totals", MFD_CLOEXEC);
    check(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int is_good = read_naively((const char *)data, size, &query, years, sums, &n, &sum);
    int rc = totals_read(&totals, path, &query, &error);
    check(rc == 0 || (rc == WM_EBADLINE && error.message[0]));
    check(is_good == (rc == 0));
    if (rc < 0)
        return 0;
    check(totals.n == n && totals.sum == sum);
    for (size_t i = 0; i < totals.n; i++) {
        size_t j = 0;
        while (j < n && years[j] != totals.years[i].year)
            j++;
        check(j < n && sums[j] == totals.years[i].count);
        check(i == 0 || totals.years[i - 1].year < totals.years[i].year);
    }
    totals_release(&totals);
    return 0;
}
