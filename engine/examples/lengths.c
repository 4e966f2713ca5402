/*
 * How long are words? For each length, from files of word TAB year TAB count: in how many lines a
 * word of that length stands, and the smallest and the largest count in such a line. One map
 * function serves three jobs, which differ in what becomes of the counts of a key.
 *
 *     lengths FILE...
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <wordmill.h>

/* user is the job's enum wm_reduce. */
static int map(wm_mapper *mapper, const char *line, size_t size, void *user)
{
    const enum wm_reduce *reduce = user;
    const char *end = line + size;
    const char *year = memchr(line, '\t', size);
    const char *at = year ? memchr(year + 1, '\t', (size_t)(end - year - 1)) : NULL;
    uint64_t count = 0;
    char key[32];
    if (!at)
        return 1; /* a bad line */
    for (at++; at < end && *at >= '0' && *at <= '9'; at++)
        count = count * 10 + (uint64_t)(*at - '0');
    int key_size = snprintf(key, sizeof key, "%5zu", (size_t)(year - line));
    return wm_emit(mapper, key, (size_t)key_size, *reduce == WM_SUM ? 1 : count);
}

static wm_result *run(enum wm_reduce reduce, char **paths, size_t n_paths)
{
    wm_options options;
    wm_error error;
    wm_result *result = NULL;
    wm_options_init(&options);
    options.map = map;
    options.map_user = &reduce;
    options.reduce = reduce;
    if (wm_run(&options, (const char *const *)paths, n_paths, &result, &error) < 0)
        fprintf(stderr, "lengths: %s\n", error.message);
    return result;
}

/* user is the results of the other jobs, which have the same keys. */
static int print(const char *key, size_t size, uint64_t count, void *user)
{
    wm_result **results = user;
    uint64_t min = 0, max = 0;
    wm_result_get(results[WM_MIN], key, size, &min);
    wm_result_get(results[WM_MAX], key, size, &max);
    printf("%.*s %10" PRIu64 " %10" PRIu64 " %10" PRIu64 "\n", (int)size, key, count, min, max);
    return 0;
}

int main(int argc, char **argv)
{
    wm_result *results[3] = {NULL, NULL, NULL};
    int rc = 0;
    for (int i = WM_SUM; i <= WM_MAX && rc == 0; i++) {
        results[i] = run((enum wm_reduce)i, argv + 1, (size_t)argc - 1);
        rc = results[i] ? 0 : 1;
    }
    if (rc == 0) {
        printf("bytes      lines   smallest    largest\n");
        wm_result_each(results[WM_SUM], print, results);
    }
    for (int i = WM_SUM; i <= WM_MAX; i++)
        wm_result_free(results[i]);
    return rc;
}
