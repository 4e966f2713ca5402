/*
 * How long a host's thread is away: the longest wm_job_start, wm_job_step and wm_job_result of a
 * job, in wall time and in CPU time of that thread, which what else runs does not disturb. Stepping
 * is all that the thread does, as a host's loop would.
 *
 *     steps TITLE FILE [OPTION[=VALUE]]...
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wordmill.h>

enum { WALL, CPU, N_CLOCKS };

struct span {
    double start[N_CLOCKS], most[N_CLOCKS];
};

static double now(int clock)
{
    struct timespec time;
    clock_gettime(clock == WALL ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec * 1e-6;
}

static void begin(struct span *span)
{
    for (int i = 0; i < N_CLOCKS; i++)
        span->start[i] = now(i);
}

static void end(struct span *span)
{
    for (int i = 0; i < N_CLOCKS; i++) {
        double took = now(i) - span->start[i];
        if (took > span->most[i])
            span->most[i] = took;
    }
}

static void fail(const wm_error *error)
{
    fprintf(stderr, "%s\n", error->message);
    exit(1);
}

static void set(wm_options *options, char *option)
{
    wm_error error;
    char *value = strchr(option, '=');
    if (value)
        *value++ = '\0';
    if (wm_options_set(options, option, value, &error) < 0)
        fail(&error);
    if (strcmp(option, "sorted") == 0)
        options->format = WM_FORMAT_COUNTS;
}

int main(int argc, char **argv)
{
    struct span start = {0}, step = {0}, result = {0};
    wm_options options;
    wm_error error;
    wm_job *job;
    wm_result *words;
    int rc, n = 0;
    if (argc < 3)
        return 2;
    wm_options_init(&options);
    for (int i = 3; i < argc; i++)
        set(&options, argv[i]);
    const char *path = argv[2];
    begin(&start);
    if (wm_job_start(&options, &path, 1, &job, &error) < 0)
        fail(&error);
    end(&start);
    do {
        struct pollfd fd = {wm_job_fd(job), POLLIN, 0};
        poll(&fd, 1, wm_job_timeout(job));
        begin(&step);
        rc = wm_job_step(job);
        end(&step);
        n++;
    } while (rc == WM_RUNNING);
    begin(&result);
    if (wm_job_result(job, &words, &error) < 0)
        fail(&error);
    end(&result);
    printf("%-38s %7d %7.1f %7.1f %7.1f %7.1f %7.1f %7.1f\n", argv[1], n, step.most[WALL],
           step.most[CPU], start.most[WALL], start.most[CPU], result.most[WALL], result.most[CPU]);
    wm_job_free(job);
    wm_result_free(words);
    return 0;
}
