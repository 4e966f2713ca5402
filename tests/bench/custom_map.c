/*
 * What a map function of the caller costs, in CPU time of all processes: the same file is counted
 * by the built-in map and by a function that parses it as a competent host would, in turn, and must
 * give the same words.
 *
 *     custom_map FILE [WORKERS [RUNS]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <wordmill.h>

#define RUNS_MAX 99

/* The end of the word is looked for by memchr. The other fields have a few bytes each, for which a
 * call would take longer than a loop. */
static int parse(wm_mapper *mapper, const char *line, size_t size, void *user)
{
    const char *end = line + size;
    const char *year = memchr(line, '\t', size);
    uint64_t value = 0;
    (void)user;
    if (!year)
        return 1;
    const char *at = year + 1;
    while (at < end && *at != '\t')
        at++;
    if (at == end)
        return 1;
    const char *count = ++at;
    for (; at < end && *at != '\t'; at++) {
        unsigned digit = (unsigned)(*at - '0');
        if (digit > 9)
            return 1;
        value = value * 10 + digit;
    }
    if (at == end || at == count)
        return 1;
    return wm_emit(mapper, line, (size_t)(year - line), value);
}

static double seconds_of(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

/* Of this process and the workers it has had. */
static double cpu_seconds(void)
{
    return seconds_of(RUSAGE_SELF) + seconds_of(RUSAGE_CHILDREN);
}

static double run(const char *path, int workers, wm_map_fn *map, uint64_t *n_words)
{
    wm_options options;
    wm_error error;
    wm_result *result;
    double before = cpu_seconds();
    wm_options_init(&options);
    options.workers = workers;
    options.map = map;
    options.output = "/dev/null";
    if (wm_run(&options, &path, 1, &result, &error) < 0) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    *n_words = wm_result_size(result);
    wm_result_free(result);
    return cpu_seconds() - before;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    double built_in[RUNS_MAX], custom[RUNS_MAX];
    int workers = argc > 2 ? atoi(argv[2]) : 2, n = argc > 3 ? atoi(argv[3]) : 11;
    uint64_t n_words, n_custom;
    if (argc < 2 || n < 1 || n > RUNS_MAX)
        return 2;
    run(argv[1], workers, NULL, &n_words); /* for the page cache */
    for (int i = 0; i < n; i++) {
        built_in[i] = run(argv[1], workers, NULL, &n_words);
        custom[i] = run(argv[1], workers, parse, &n_custom);
        if (n_words != n_custom)
            return fprintf(stderr, "the words differ\n"), 1;
    }
    qsort(built_in, (size_t)n, sizeof *built_in, compare);
    qsort(custom, (size_t)n, sizeof *custom, compare);
    printf("CPU: built-in %.3f s (%.3f-%.3f), custom %.3f s (%.3f-%.3f): %.2f times\n",
           built_in[n / 2], built_in[0], built_in[n - 1], custom[n / 2], custom[0], custom[n - 1],
           custom[n / 2] / built_in[n / 2]);
    return 0;
}
