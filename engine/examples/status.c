/*
 * Which status codes does a web server's log have, and how often? The code stands behind the quoted
 * request, as in the common log format:
 *
 *     127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /index.html HTTP/1.0" 200 2326
 *
 * A line without one is skipped and counted.
 *
 *     status FILE...
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <wordmill.h>

/* A request may have quotes in it, written as \", and what is behind the code may be quoted too. */
static const char *find_end_of_request(const char *line, const char *end)
{
    const char *at = memchr(line, '"', (size_t)(end - line));
    while (at && ++at < end && *at != '"')
        at += *at == '\\';
    return at && at < end ? at + 1 : NULL;
}

static int map(wm_mapper *mapper, const char *line, size_t size, void *user)
{
    (void)user;
    const char *end = line + size, *at = find_end_of_request(line, end);
    if (!at || end - at < 4 || *at++ != ' ')
        return 1; /* a bad line */
    for (int i = 0; i < 3; i++)
        if (!isdigit((unsigned char)at[i]))
            return 1;
    return wm_emit(mapper, at, 3, 1);
}

int main(int argc, char **argv)
{
    wm_options options;
    wm_error error;
    wm_result *result;

    if (argc < 2) {
        fprintf(stderr, "usage: status FILE...\n");
        return 2;
    }
    wm_options_init(&options);
    options.map = map;
    options.on_bad_line = WM_SKIP;
    options.output_fd = 1;
    if (wm_run(&options, (const char *const *)argv + 1, (size_t)argc - 1, &result, &error) < 0) {
        fprintf(stderr, "status: %s\n", error.message);
        return 1;
    }
    uint64_t n_bad = wm_result_stats(result)->rejected;
    if (n_bad > 0)
        fprintf(stderr, "status: %" PRIu64 " lines skipped\n", n_bad);
    wm_result_free(result);
    return 0;
}
