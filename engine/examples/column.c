/*
 * Which values does a column of CSV files have, and how often? Fields may be quoted, with "" for a
 * quote; a line whose column is missing, or whose quotes do not match, is skipped and counted.
 *
 *     column N FILE...
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <wordmill.h>

#define VALUE_MAX 4096

/* Takes a field from *at on, and the comma behind it. Its size, or -1: it is not well-formed. */
static int take_field(const char **at, const char *end, char *value)
{
    const char *from = *at;
    int size = 0;
    int is_quoted = from < end && *from == '"';
    from += is_quoted;
    while (from < end && (is_quoted || *from != ',')) {
        if (is_quoted && *from == '"' && (++from == end || *from != '"')) {
            is_quoted = 0; /* that was the closing quote */
            break;
        }
        if (size == VALUE_MAX)
            return -1;
        value[size++] = *from++;
    }
    if (is_quoted || (from < end && *from != ','))
        return -1;
    *at = from < end ? from + 1 : NULL;
    return size;
}

static int map(wm_mapper *mapper, const char *line, size_t size, void *user)
{
    char value[VALUE_MAX];
    const char *at = line;
    int value_size = -1;
    for (int column = *(const int *)user; column > 0; column--) {
        value_size = at ? take_field(&at, line + size, value) : -1;
        if (value_size < 0)
            return 1; /* a bad line */
    }
    return wm_emit(mapper, value, (size_t)value_size, 1);
}

int main(int argc, char **argv)
{
    int column = argc > 2 ? atoi(argv[1]) : 0;
    wm_options options;
    wm_error error;
    wm_result *result;

    if (column < 1) {
        fprintf(stderr, "usage: column N FILE...\n");
        return 2;
    }
    wm_options_init(&options);
    options.map = map;
    options.map_user = &column;
    options.sort = WM_SORT_COUNT;
    options.on_bad_line = WM_SKIP;
    options.output_fd = 1;
    if (wm_run(&options, (const char *const *)argv + 2, (size_t)argc - 2, &result, &error) < 0) {
        fprintf(stderr, "column: %s\n", error.message);
        return 1;
    }
    uint64_t n_bad = wm_result_stats(result)->rejected;
    if (n_bad > 0)
        fprintf(stderr, "column: %" PRIu64 " lines skipped\n", n_bad);
    wm_result_free(result);
    return 0;
}
