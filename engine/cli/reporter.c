/*
 * Lines of finished map operations are told while the job runs; all else is only known, or only
 * exact, at its end.
 */
#include "reporter.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Seconds; Hadoop wants to hear something every ten minutes. */
static const double status_interval = 10;

enum reporter_kind reporter_choose(void)
{
    return getenv("mapreduce_job_id") ? REPORTER_HADOOP : REPORTER_NONE;
}

static void counter_add(const struct reporter *r, const char *name, uint64_t n)
{
    if (n > 0)
        fprintf(stderr, "reporter:counter:%s,%s,%" PRIu64 "\n", r->group, name, n);
}

static void lines_tell(struct reporter *r, uint64_t lines)
{
    counter_add(r, "lines", lines - r->lines);
    r->lines = lines;
}

static int reporter_update(const wm_progress *at, void *user)
{
    static const char *const phases[WM_N_PHASES] = {"splitting", "counting", "reducing", "writing",
                                                    "done"};
    struct reporter *r = user;
    int rc = r->on_progress ? r->on_progress(at, r->progress_user) : 0;
    if (at->seconds < r->next)
        return rc;
    r->next = at->seconds + status_interval;
    lines_tell(r, at->lines);
    fprintf(stderr, "reporter:status:%s, %" PRIu64 " lines, %" PRIu64 " MB\n", phases[at->phase],
            at->lines, at->bytes / 1000000);
    return rc;
}

void reporter_start(struct reporter *reporter, enum reporter_kind kind, const char *group,
                    wm_options *o)
{
    *reporter = (struct reporter){.kind = kind,
                                  .group = group,
                                  .on_progress = o->on_progress,
                                  .progress_user = o->progress_user};
    if (kind == REPORTER_NONE)
        return;
    o->on_progress = reporter_update;
    o->progress_user = reporter;
}

static void input_drain(void)
{
    static char buffer[65536];
    struct stat status;
    if (fstat(STDIN_FILENO, &status) < 0 || !(S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
        return;
    ssize_t n;
    do
        n = read(STDIN_FILENO, buffer, sizeof buffer);
    while (n > 0 || (n < 0 && errno == EINTR));
}

void reporter_stop(struct reporter *reporter, const wm_stats *stats, const char *failure)
{
    if (reporter->kind == REPORTER_NONE)
        return;
    if (stats) {
        lines_tell(reporter, stats->lines);
        counter_add(reporter, "bytes", stats->bytes);
        counter_add(reporter, "words", stats->words);
        counter_add(reporter, "rejected", stats->rejected);
    } else {
        fprintf(stderr, "reporter:status:%s\n", failure);
    }
    input_drain();
}
