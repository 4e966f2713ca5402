/*
 * The body of a worker process: read a message, do it, answer, and nothing in between. It has no
 * event loop; it blocks on its socket. The same body runs in the calling process when a job has no
 * workers: a port stands for the socket.
 */
#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include "context/spec.h"
#include "runs/gather.h"
#include "shared/message.h"
#include "words/entry.h"

#define WORKER_KEYS_SIZE (2 * KEY_SIZE_MAX)

/* How a worker reaches the coordinator. Both functions return 0 or CODE_PROTOCOL: it is gone. */
struct port {
    int (*send)(struct port *port, enum message_type type, const void *data, size_t size,
                const void *more, size_t more_size);
    /* Waits for the next message that is a GRANT. The payload of the task that waits is lost. */
    int (*wait_grant)(struct port *port, struct extent_range *grant);
    /* Non-zero once the coordinator is gone, however its descriptors live on; never blocks. */
    int (*orphaned)(struct port *port);
};

struct worker {
    const struct job_spec *spec;
    struct progress_slot *slot;
    struct port *port;
    struct extent_range grant; /* to write the next run to; count 0: none */
    uint64_t waited;           /* nanoseconds of this task, for grants */
    struct source source;
    struct table map_table;  /* dropped after the last map */
    int is_unsorted;         /* of map tasks so far: words come in no order */
    struct table kept_table; /* only with spec->filter: what it lets through */
    struct table fold_table; /* only with FOLD_DOMINANT: numbers of words in lower case; grows */
    struct table spelling_table; /* the same: what a spelling has in all years; grows */
    char *scratch;               /* the filter's */
    struct gather gather;
    void *buffer; /* what goes to the spill file is made here; grows */
    size_t buffer_size;
    struct wm_mapper mapper; /* only with spec->map */
    char *keys;              /* words with TAB and year, when the query is by year */
    size_t keys_size;
    char *rejects; /* struct reject after struct reject */
    size_t rejects_size;
    struct message_failed failure; /* filled in by whoever returns a negative code */
};

/* Bytes of every grant: the largest run a map task writes at once. */
size_t worker_grant_size(const struct job_spec *spec);
/* The same of grants in the spill file. */
size_t worker_spill_grant_size(const struct job_spec *spec);

/* 0, CODE_NOMEM, or CODE_WORKER: spec->init did not want it, and slot says why. */
int worker_init(struct worker *worker, const struct job_spec *spec, struct progress_slot *slot,
                struct port *port);
void worker_release(struct worker *worker);

/* Does one task and answers it. 0, or CODE_PROTOCOL: the coordinator is gone or talks nonsense. */
int worker_handle(struct worker *worker, const struct message_header *header, const void *payload);

/* Serves fd until the coordinator, process parent, closes it or dies; the exit status. */
int worker_main(const struct job_spec *spec, struct progress_slot *slot, int fd, int parent);

/*
 * For the tasks. worker_room makes sure that there is a grant. worker_memory is where to write size
 * bytes for extents: they themselves or, if they are in the spill file, a buffer that is lost when
 * a later call wants more (NULL: no memory). worker_send_grant says that the grant's first size
 * bytes are a run, worker_send_run the same of other extents, to which worker_spill has written if
 * they are in the spill file. worker_fail notes a failure and returns code; text may be NULL.
 */
int worker_room(struct worker *worker);
void *worker_memory(struct worker *worker, struct extent_range extents, size_t size);
int worker_send_grant(struct worker *worker, uint32_t task, enum run_kind kind, size_t size);
int worker_send_run(struct worker *worker, uint32_t task, enum run_kind kind,
                    struct extent_range extents, size_t size);
int worker_spill(struct worker *worker, struct extent_range extents, size_t at, const void *data,
                 size_t size);
int worker_fail(struct worker *worker, int code, const char *text, size_t size);

/* The tasks: 0 or a negative code with worker->failure filled in. */
int worker_split(struct worker *worker, const struct message_split *message);
int worker_map(struct worker *worker, const struct message_map *message, const uint64_t *skips,
               struct message_done *done);

/* Writes n sorted items as runs of the task, each as large as a grant takes. */
int worker_write_runs(struct worker *worker, uint32_t task, const struct order_item *items,
                      size_t n);
/* Formats those in worker->gather. */
int worker_write_text(struct worker *worker, uint32_t task, const struct columns *columns,
                      struct message_done *done);
/* Gathers the words of a slice of runs that are sorted by order to worker->gather, in that order.
 */
int worker_gather(struct worker *worker, enum order order, const struct message_slice *slice);
/* Makes one word of the spellings of each in worker->gather; unsorted afterwards. */
int worker_merge_spellings(struct worker *worker);
int worker_reduce(struct worker *worker, const struct message_reduce *message,
                  struct message_done *done);
int worker_rank(struct worker *worker, const struct message_rank *message);
int worker_order(struct worker *worker, const struct message_order *message,
                 struct message_done *done);

#endif
