/*
 * What a worker can do is a table: for each type of message how long it is, and what does it. A
 * task's state is its own; what is large and no task keeps for the next is lent to each.
 */
#include "worker.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "tasks/map.h"
#include "tasks/order.h"
#include "tasks/rank.h"
#include "tasks/reduce.h"
#include "tasks/split.h"

struct worker {
    struct context context;
    struct source source; /* lent to split and map */
    struct gather gather; /* lent to all others, and to map to sort in */
    struct map map;
    struct reduce reduce;
    int has_state; /* the caller's, in the mapper */
};

/* A message of its own: the payload is lost when its task waits for a grant. */
union message {
    uint32_t task; /* each begins with its number */
    struct message_split split;
    struct message_map map;
    struct message_reduce reduce;
    struct message_rank rank;
    struct message_order order;
};

/* How a type of task is done. more is what follows the message, as long as nobody waits. */
struct task {
    size_t size;    /* of the message */
    size_t element; /* of what follows it; 0: nothing */
    size_t n_at;    /* of elements: where in the message it says how many, a uint32_t */
    int (*run)(struct worker *worker, const union message *message, const void *more,
               struct message_done *done);
};

static int run_split(struct worker *worker, const union message *message, const void *more,
                     struct message_done *done)
{
    (void)more;
    (void)done;
    return task_split(&worker->context, &worker->source, &message->split);
}

static int run_map(struct worker *worker, const union message *message, const void *more,
                   struct message_done *done)
{
    return task_map(&worker->map, &message->map, more, done);
}

static int run_reduce(struct worker *worker, const union message *message, const void *more,
                      struct message_done *done)
{
    (void)more;
    task_map_drop(&worker->map); /* no map task follows */
    return task_reduce(&worker->reduce, &message->reduce, done);
}

static int run_rank(struct worker *worker, const union message *message, const void *more,
                    struct message_done *done)
{
    (void)more;
    (void)done;
    return task_rank(&worker->context, &worker->gather, &message->rank);
}

static int run_order(struct worker *worker, const union message *message, const void *more,
                     struct message_done *done)
{
    (void)more;
    return task_order(&worker->context, &worker->gather, &message->order, done);
}

static const struct task tasks[MESSAGE_N_TYPES] = {
    [MESSAGE_SPLIT] = {.size = sizeof(struct message_split), .run = run_split},
    [MESSAGE_MAP] = {.size = sizeof(struct message_map),
                     .element = sizeof(uint64_t),
                     .n_at = offsetof(struct message_map, n_skips),
                     .run = run_map},
    [MESSAGE_REDUCE] = {.size = sizeof(struct message_reduce), .run = run_reduce},
    [MESSAGE_RANK] = {.size = sizeof(struct message_rank), .run = run_rank},
    [MESSAGE_ORDER] = {.size = sizeof(struct message_order), .run = run_order},
};

/* What the caller wants to do before the first task. 0 or CODE_WORKER. */
static int begin_host(struct worker *worker)
{
    const struct context *context = &worker->context;
    const struct job_spec *spec = context->spec;
    unsigned number = (unsigned)(context->slot - spec->progress->slots);
    int refusal = spec->init ? spec->init(number, spec->map_user) : 0;
    if (!refusal && spec->state_new) {
        refusal = spec->state_new(&worker->map.mapper.state, number, spec->map_user);
        worker->has_state = !refusal;
    }
    if (refusal)
        atomic_store(&context->slot->refusal, refusal);
    return refusal ? CODE_WORKER : 0;
}

static void end_host(const struct worker *worker)
{
    const struct job_spec *spec = worker->context.spec;
    if (worker->has_state && spec->state_free)
        spec->state_free(worker->map.mapper.state, spec->map_user);
}

static int worker_init(struct worker *worker, const struct job_spec *spec,
                       struct progress_slot *slot, struct port *port)
{
    *worker = (struct worker){
        .source.fd = -1, .map.sink.count.source.fd = -1, .gather.arena = spec->arena};
    context_init(&worker->context, spec, slot, port);
    int rc = source_init(&worker->source, spec->chunk_size);
    if (rc == 0)
        rc = task_map_init(&worker->map, &worker->context, &worker->source, &worker->gather);
    if (rc == 0)
        rc = task_reduce_init(&worker->reduce, &worker->context, &worker->gather);
    return rc < 0 ? rc : begin_host(worker);
}

int worker_new(struct worker **worker, const struct job_spec *spec, struct progress_slot *slot,
               struct port *port)
{
    struct worker *new = malloc(sizeof *new);
    if (!new)
        return CODE_NOMEM;
    int rc = worker_init(new, spec, slot, port);
    if (rc < 0)
        worker_free(new);
    else
        *worker = new;
    return rc;
}

void worker_map_inputs(struct worker *worker)
{
    mapping_guard();
    worker->source.mapping_use = MAPPING_IF_FASTER;
}

void worker_forget(struct worker *worker)
{
    worker->source.fd = -1;
    worker->map.sink.count.source.fd = -1;
    worker->has_state = 0;
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    end_host(worker);
    task_map_release(&worker->map);
    task_reduce_release(&worker->reduce);
    source_release(&worker->source);
    gather_release(&worker->gather);
    context_release(&worker->context);
    free(worker);
}

/* The row of a task whose payload has the size that it must have; NULL: there is none. */
static const struct task *find_task(const struct message_header *header, const void *payload)
{
    const struct task *task = &tasks[header->type < MESSAGE_N_TYPES ? header->type : 0];
    uint32_t n = 0;
    if (!task->run || header->size < task->size)
        return NULL;
    if (task->element > 0)
        memcpy(&n, (const char *)payload + task->n_at, sizeof n);
    return header->size == task->size + n * task->element ? task : NULL;
}

static int answer(struct context *context, int rc, const struct message_done *done)
{
    struct message_failed *failure = &context->failure;
    struct port *port = context->port;
    if (rc == CODE_PROTOCOL)
        return rc;
    if (rc == 0)
        return port->send(port, MESSAGE_DONE, done, sizeof *done, NULL, 0);
    if (failure->code == 0)
        context_fail(context, rc, NULL, 0);
    failure->task = done->task;
    return port->send(port, MESSAGE_FAILED, failure, sizeof *failure, NULL, 0);
}

static int take_grant(struct worker *worker, const struct message_header *header,
                      const void *payload)
{
    if (header->size != sizeof worker->context.grant)
        return CODE_PROTOCOL;
    memcpy(&worker->context.grant, payload, sizeof worker->context.grant);
    return 0;
}

int worker_handle(struct worker *worker, const struct message_header *header, const void *payload)
{
    union message message;
    if (header->type == MESSAGE_GRANT)
        return take_grant(worker, header, payload);
    const struct task *task = find_task(header, payload);
    if (!task)
        return CODE_PROTOCOL;
    memcpy(&message, payload, task->size);
    struct message_done done = {.task = message.task};
    context_begin(&worker->context, message.task);
    int rc = task->run(worker, &message, (const char *)payload + task->size, &done);
    context_end(&worker->context, &done);
    return answer(&worker->context, rc, &done);
}
