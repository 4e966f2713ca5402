/*
 * A job, as the files of the engine share it. engine.c starts, steps and ends it; stage.c says what
 * comes after what; dispatch.c carries tasks to workers and their answers back.
 */
#ifndef ENGINE_JOB_H
#define ENGINE_JOB_H

#include <stdatomic.h>
#include <stdint.h>
#include <uv.h>

#include "base/wide.h"
#include "files/envelope.h"
#include "files/output.h"
#include "plan/partition.h"
#include "pool/pool.h"
#include "stages/round.h"
#include "dispatch/schedule.h"
#include "shared/arena.h"
#include "stages/merge.h"
#include "files/stream.h"
#include "plan/totals.h"
#include "wordmill.h"
#include "words/entry.h"
#include "worker.h"

enum stage {
    STAGE_SPLIT,
    STAGE_MAP,
    STAGE_REDUCE,
    STAGE_RANK,
    STAGE_ORDER,
    STAGE_FINISH,
    STAGE_MERGE, /* the only one of sorted inputs */
    STAGE_ENDED
};

/* What a worker holds of the arena and has not committed. */
struct hand {
    struct extent_range grant; /* count 0: none */
    struct message_run *runs;  /* of its running task */
    uint32_t n_runs;
    uint32_t capacity;
    uint32_t n_given;          /* tasks, in the life of this worker */
    struct progress_mark mark; /* where the watchdog saw it */
    uint32_t n_still;          /* looks since it got on */
    int hung;                  /* and was killed for it */
    int dismissed;             /* another was done with its task first: it will be gone soon */
};

/* One slice of the output: the runs of text that a task made of it. */
struct slice {
    struct message_run *runs;
    uint32_t n_runs;
    int done;
    uint32_t n_written; /* runs */
    size_t offset;      /* in the next one */
};

/* The file of rejected lines, and how far it is written. */
struct rejects {
    struct output output;
    struct map_task **tasks; /* in the order of the input; NULL: not begun */
    uint32_t task, run;
    size_t at;         /* in the run */
    uint64_t lines;    /* of the input before the task */
    uint64_t unpacked; /* bytes, the same */
    char *text;        /* being written */
    size_t size, capacity;
    size_t written; /* of size */
};

/* A failure of a map task, kept until all tasks before it are done: one of them may fail too. */
struct first_failure {
    int set;
    struct map_task task;
    struct message_failed message;
};

/* Words from lower (NULL: the first) on, in the order of counts, and what stands before them. */
struct rank_slice {
    const struct entry *lower;
    uint64_t words;
    wide sum; /* of their counts */
};

struct ranking {
    struct rank_slice *slices; /* and one more, behind the last word */
    struct run_list runs;      /* of words that have got their ranks */
};

/* Returned by a turn: WM_RUNNING, and there is more to do at once. */
enum { JOB_AGAIN = 2 };

struct wm_job {
    wm_options options;
    struct inputs inputs;
    enum wm_format format; /* of all inputs, or WM_FORMAT_AUTO */
    struct partitions partitions;
    struct job_spec spec;
    struct arena arena;
    int spill_error;        /* errno: why there is no file to spill to; 0: there is one */
    uint64_t next_forecast; /* once so much of the stage is done */
    struct table words;     /* of options.words */
    struct filter filter;
    regex_t match; /* of options.match */

    uv_loop_t loop;
    uv_async_t wake;   /* by cancel */
    uv_timer_t ticker; /* for on_progress */
    uv_timer_t watchdog;
    uv_timer_t overdue; /* when a task may need a backup */
    int is_overdue;
    int loop_open; /* and the handles above */
    atomic_int canceled;

    enum stage stage;
    struct pool pool;
    struct pool_events events;
    struct schedule schedule;
    struct hand *hands; /* one a worker */
    uint32_t n_workers; /* hands; at least 1 */
    uint32_t n_busy;    /* of them, as many as can run at a time: what work is cut for */
    int started;

    struct message_split *splits;
    uint32_t **in_block; /* per input: lines that start in each block */
    struct stream *streams;
    uint32_t n_streams;
    uint32_t n_blocks; /* of streams, being mapped */
    struct first_failure failure;
    struct first_failure reject; /* the first line that was rejected so far */

    struct run_list runs; /* of the map */
    uint32_t fan_in;
    struct round_plan plan;
    const struct entry **cuts;        /* plan.n_slices - 1 bounds, which lie in: */
    struct extent_range cuts_extents; /* until the end */
    struct round round;
    uint64_t round_bytes;              /* of what it has made */
    struct extent_range lists_extents; /* what its tasks have to read; later, the final runs */
    uint64_t *list_starts;             /* where each list of round.in begins there */
    int is_direct;                     /* the last round makes the text of the output */

    struct totals totals; /* of options.totals */
    struct ranking ranking;
    struct run_list final_runs;
    const struct run **final; /* the same, each sorted as the result is */
    uint32_t n_final;
    uint32_t *final_starts;      /* of each slice of the last round, its first, and one more; NULL:
                                    words of a slice are anywhere */
    const struct entry *upper;   /* the first word that is not in the result; NULL: all are */
    const struct entry **bounds; /* n_slices - 1 */
    struct slice *slices;
    uint32_t n_slices;
    uint32_t n_written; /* slices */
    struct output output;
    struct envelope envelope; /* of the output */
    struct rejects rejects;
    struct sorted *sorted; /* with options.sorted, instead of all tasks */

    int code;  /* WM_RUNNING until the end */
    int again; /* the last turn said so */
    wm_error error;
    wm_stats stats;
    struct wm_result *result; /* memory for it; NULL: taken */
    uint64_t n_words;
    uint64_t start_time; /* nanoseconds of the monotonic clock */
    uint64_t phase_time;
    uint64_t round_time;
    enum wm_phase phase;
};

struct wm_result {
    struct arena arena;
    const struct run **runs;
    uint32_t n_runs;
    const struct entry *upper;
    enum order order;
    const struct entry **cuts; /* the bounds of n_slices slices of words */
    uint32_t *starts;          /* the first run of each, and one more; or NULL */
    uint32_t n_slices;
    uint64_t n_words;
    struct columns columns;
    struct totals totals; /* the years of columns */
    wm_stats stats;
};

/* engine.c */

void job_enter_phase(struct wm_job *job, enum wm_phase phase);
void job_report(struct wm_job *job);
/* 0 or a WM_E code with job->error. */
int job_open_loop(struct wm_job *job);

/* prepare.c: all that comes before the first step. 0 or a WM_E code with job->error. */
int prepare(struct wm_job *job, const char *const *paths, size_t n_paths);

/* options.c */

/* Copies the caller's options, however old its struct, and checks them. 0 or WM_EINVAL. */
int options_take(wm_options *options, const wm_options *given, wm_error *error);
/* Of the result. */
enum order options_order(const wm_options *options);

/* words.c: which words count. words_make fills in job->spec.words and .filter; words_add_run makes
 * a run of the words asked for. 0 or a WM_E code with job->error. */
int words_make(struct wm_job *job);
int words_add_run(struct wm_job *job);
void words_release(struct wm_job *job);

/* stage.c */

/* Cuts up what can be cut now and begins; afterwards, moves on whenever a stage is finished. */
int stage_begin(struct wm_job *job);
/* 0: all is done; WM_RUNNING, JOB_AGAIN, or a WM_E code with job->error. */
int stage_advance(struct wm_job *job);
/* Writes the slices that are next in order, as far as there is room. 0 or a WM_E code. */
int stage_write_slices(struct wm_job *job);
/* An output has room again. */
void stage_on_room(uv_poll_t *handle, int status, int events);

/* blocks.c: opens the streams, 0 or a WM_E code with job->error; reads them while there is room and
 * something to read, the same. */
int blocks_open(struct wm_job *job);
int blocks_read(struct wm_job *job);

/*
 * reduce.c: 0, or a WM_E code with job->error. reduce_begin plans all rounds over job->runs and
 * opens the first; reduce_next opens the one after one that is done; reduce_end takes the final
 * runs from the last, which reduce_take_final replaces by others.
 */
int reduce_begin(struct wm_job *job);
int reduce_next(struct wm_job *job);
void reduce_task(const struct wm_job *job, uint32_t task, struct message_reduce *message);
int reduce_end(struct wm_job *job);
int reduce_take_final(struct wm_job *job, struct run_list runs);
void reduce_release(struct wm_job *job);

/* rank.c: a task for each slice, and what comes of all of them. */
int rank_begin(struct wm_job *job, uint32_t n_slices);
void rank_task(const struct wm_job *job, uint32_t task, struct message_rank *message);
int rank_end(struct wm_job *job);
void rank_release(struct ranking *ranking);

/* account.c: what workers hold of the arena. */

/* A run that is not committed yet. 0, POOL_NONSENSE or a WM_E code with job->error. */
int account_take(struct wm_job *job, uint32_t worker, const struct message_run *message);
/* Gives back the runs of its running task. */
void account_discard(struct wm_job *job, struct hand *hand);
/* Its task is done. 0 or a negative code: there is no memory. */
int account_commit(struct wm_job *job, struct hand *hand, const struct message_done *done);
/* A task is done, and no worker reads its input any more. */
void account_settle(struct wm_job *job, uint32_t task);
/* The same, but another worker that is at it has to go first. */
void account_settle_or_dismiss(struct wm_job *job, uint32_t task);

/* death.c */
int dispatch_death(void *user, uint32_t worker, enum process_end end);

/* dispatch.c */

/* The final runs from lower (NULL: the first) to upper (NULL: the last), for a message. */
struct message_slice job_slice(const struct wm_job *job, const struct entry *lower,
                               const struct entry *upper);

extern const struct pool_events dispatch_events; /* user is the job */
void dispatch_all(struct wm_job *job);
/* Gives idle workers what others have been at for too long. */
void dispatch_backups(struct wm_job *job);

/* spill.c: the functions return 0, or a WM_E code with job->error. */

/* Gives the arena a file to spill to. Without one a job may still fit its memory. */
int spill_open(struct wm_job *job);
/* Where it is. */
const char *spill_folder(const struct wm_job *job);
/* Room for size bytes in it. */
int spill_take(struct wm_job *job, size_t size, struct extent_range *range);
/* What an errno means for the job: WM_EWRITE. */
int spill_failed(struct wm_job *job, int system);
/* Puts size bytes where workers can read them: in memory, or else in the file. */
int spill_store(struct wm_job *job, const void *data, size_t size, struct extent_range *extents);
/* Moves the runs of the map out of memory: 1, or 0 if there are none. */
int spill_move_out(struct wm_job *job);
/*
 * A stage has made so many bytes of runs with done of its total work: fails, and says so, if those
 * to come will not fit the disk. Asks the system now and then only.
 */
int spill_forecast(struct wm_job *job, uint64_t made, uint64_t done, uint64_t total);

/* failure.c: words for what a worker said, in job->error; returns the code. */
int failure_explain(struct wm_job *job, const struct message_failed *message,
                    const struct map_task *task);

/* Why a task is poison. */
enum poison { POISON_CRASH, POISON_HANG, POISON_KILL, POISON_SPILL };

/*
 * The same for a task that is poison: WM_EWORKER, or WM_EREAD if it is what was spilled; place
 * NULL: a task that is of no one place.
 */
int failure_poison(struct wm_job *job, const struct map_task *place, enum poison poison);

/* Where a task of this stage reads, maybe in memory; NULL: in no one place. */
const struct map_task *failure_place(const struct wm_job *job, uint32_t task,
                                     struct map_task *memory);

/* Of the failures of map tasks, the first in the input is the one that counts. */
void failure_keep_first(struct wm_job *job, const struct message_failed *message);

/* Notes what a task has rejected. Non-zero: more than o.max_rejects in all. */
int failure_note_reject(struct wm_job *job, const struct map_task *task,
                        const struct message_failed *first);

/* The same for a worker whose worker_init has failed: WM_EWORKER. */
int failure_refused(struct wm_job *job, uint32_t worker);

/* watchdog.c: after whatever gave tasks to workers, or took the last one. */
void watchdog_update(struct wm_job *job);
/* A worker is idle: some task may need a backup by and by. */
void watchdog_expect(struct wm_job *job);

/* formats.c: make_query reads the options; see_files looks at all files, and see at the first bytes
 * of a stream. 0 or WM_EINVAL with job->error. */
int formats_make_query(struct wm_job *job);
int formats_see_files(struct wm_job *job);
int formats_see(struct wm_job *job, uint32_t input, const char *data, size_t size);

/* rejects.c: writes job->rejects. 0; WM_RUNNING: there is no room now; or a WM_E code with
 * job->error. */
int rejects_write(struct wm_job *job);
void rejects_release(struct rejects *rejects);
/* A word or two, such as "bad year". */
const char *reject_reason_words(enum reject_reason reason);

#endif
