/*
 * What --reporter hadoop says on standard error, for Hadoop Streaming. Counters come with what was
 * added since they were last told. A status comes at least once a minute, since a task without one
 * counts as hung.
 */
#ifndef ENGINE_CLI_REPORTER_H
#define ENGINE_CLI_REPORTER_H

#include <wordmill.h>

/* In the order of the words that --reporter takes. */
enum reporter_kind { REPORTER_HADOOP, REPORTER_NONE };

struct reporter {
    enum reporter_kind kind;
    const char *group;                                           /* of the counters */
    int (*on_progress)(const wm_progress *progress, void *user); /* who else wants to know */
    void *progress_user;
    double next;    /* seconds; when a status is due */
    uint64_t lines; /* told so far */
};

/* Whether this process is a task of Hadoop Streaming's. */
enum reporter_kind reporter_choose(void);

/* Puts itself before o->on_progress; reporter must live as long as the job. */
void reporter_start(struct reporter *reporter, enum reporter_kind kind, const char *group,
                    wm_options *o);

/*
 * Says the rest: the counters, or if stats is NULL why the job failed. Then reads what is left of
 * standard input, since Hadoop takes a pipe that nobody reads for the failure.
 */
void reporter_stop(struct reporter *reporter, const wm_stats *stats, const char *failure);

#endif
