/*
 * Whole jobs in this process, over any input and with any settings, against the naive oracle: what
 * the parsers, the cutting of files, the table, the rounds and the writing make of it together.
 */
#include <sys/mman.h>
#include <unistd.h>

#include <wordmill.h>

#include "fuzz.h"
#include "oracle.h"
#include "packing/unpack.h"

static int input_fd = -1, output_fd;

static void refill(int fd, const void *data, size_t size)
{
    check(ftruncate(fd, 0) == 0);
    check(lseek(fd, 0, SEEK_SET) == 0);
    check(write(fd, data, size) == (ssize_t)size);
}

/* Whether all lines with the largest count together pass 64 bits. */
static int may_overflow(const struct bytes *inputs, size_t n)
{
    struct oracle oracle;
    oracle_count(&oracle, inputs, n, &(struct oracle_filter){.reduce = ORACLE_MAX, .by_count = 1});
    int may = oracle.n_words > 0 && oracle.words[0].count > UINT64_MAX / oracle.n_lines;
    oracle_release(&oracle);
    return may;
}

static void check_result(const wm_result *result, const struct oracle *oracle,
                         const struct bytes *expected)
{
    struct bytes got = {0};
    const wm_stats *stats = wm_result_stats(result);
    check(stats->lines == oracle->n_lines && stats->rejected == oracle->n_bad);
    check(wm_result_size(result) == oracle->n_words);
    check(wm_result_write(result, WM_OUTPUT_TSV, output_fd, NULL) == 0);
    lseek(output_fd, 0, SEEK_SET);
    check(bytes_read(&got, output_fd) == 0 && bytes_equal(&got, expected));
    bytes_release(&got);
}

static void make_options(wm_options *o, const uint8_t **data, size_t *size, unsigned how)
{
    wm_options_init(o);
    o->workers = 0;
    o->memory = 64 << 20;
    o->on_bad_line = WM_SKIP;
    o->format = WM_FORMAT_V2;
    o->sort = how & 1 ? WM_SORT_COUNT : WM_SORT_WORD;
    o->fan_in = 2 + (how >> 1 & 3);
    if (how & 8)
        o->partition_lines = 1 + take_byte(data, size) % 16;
    else
        o->partition_size = 1 + take_byte(data, size);
    o->top = how & 16 ? 1 + take_byte(data, size) : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    const char *paths[] = {path, path};
    unsigned how = take_byte(&data, &size);
    wm_options o;
    wm_error error;
    wm_result *result = NULL;
    make_options(&o, &data, &size, how);
    size_t n_paths = how & 32 ? 2 : 1;
    if (size > 2000 || packing_of(data, size) != PACKING_NONE)
        return 0;

    if (input_fd < 0) {
        input_fd = memfd_create("input", MFD_CLOEXEC);
        output_fd = memfd_create("output", MFD_CLOEXEC);
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", input_fd);
    refill(input_fd, data, size);
    refill(output_fd, "", 0);
    int rc = wm_run(&o, paths, n_paths, &result, &error);

    struct bytes input = {(char *)(uintptr_t)data, size, size};
    struct bytes inputs[] = {input, input}, expected = {0};
    struct oracle oracle;
    oracle_count(&oracle, inputs, n_paths,
                 &(struct oracle_filter){.top = o.top, .by_count = how & 1});
    oracle_write(&oracle, &expected);
    check(rc == 0 || rc == WM_EOVERFLOW);
    if (rc == 0)
        check_result(result, &oracle, &expected);
    else
        check(may_overflow(inputs, n_paths));
    wm_result_free(result);
    bytes_release(&expected);
    oracle_release(&oracle);
    return 0;
}
