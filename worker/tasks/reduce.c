/* A round combines; the last one also drops what does not count, and sorts as the result is. */
#include "tasks/reduce.h"

#include "base/code.h"
#include "base/wide.h"
#include "output/columns.h"
#include "runs/write.h"
#include "shared/fault.h"
#include "tasks/reduce_series.h"
#include "words/entry.h"
#include "words/period.h"

int task_reduce_init(struct reduce *reduce, struct context *context, struct gather *gather)
{
    *reduce = (struct reduce){.context = context, .gather = gather};
    int rc = spelling_init(&reduce->spelling, context, gather);
    return rc < 0 ? rc : fill_init(&reduce->fill, context);
}

void task_reduce_release(struct reduce *reduce)
{
    spelling_release(&reduce->spelling);
    fill_release(&reduce->fill);
    points_release(&reduce->points);
}

static int combine(struct reduce *reduce)
{
    const struct entry *failed;
    int rc = gather_combine(reduce->gather, reduce->context->spec->reduce, &failed);
    if (rc == CODE_OVERFLOW)
        context_fail(reduce->context, rc, failed->key, failed->size);
    return rc;
}

/* The last round: only what counts, in the order of the result. */
static int finish(struct reduce *reduce)
{
    const struct job_spec *spec = reduce->context->spec;
    struct gather *gather = reduce->gather;
    if (spec->filter && spec->filter->fold == FOLD_DOMINANT) {
        int rc = spelling_choose(&reduce->spelling);
        if (rc < 0)
            return rc;
    }
    if (spec->min_count == 0)
        return 0;
    size_t n = 0;
    for (size_t i = 0; i < gather->n; i++)
        if (gather->items[i].entry->count >= spec->min_count)
            gather->items[n++] = gather->items[i];
    gather->n = n;
    return 0;
}

/* Of items in the order of periods: the first of each. */
static void cut_periods(struct gather *gather, uint64_t most)
{
    uint64_t period = 0, n_before = 0;
    size_t n = 0;
    for (size_t i = 0; i < gather->n; i++) {
        uint64_t own = period_of(gather->items[i].entry);
        n_before = i > 0 && own == period ? n_before + 1 : 0;
        period = own;
        if (n_before < most)
            gather->items[n++] = gather->items[i];
    }
    gather->n = n;
}

/* Words that are ranked are in the order for that until then. */
static int write_final(struct context *context, uint32_t task, struct gather *gather,
                       struct message_done *done)
{
    const struct job_spec *spec = context->spec;
    enum order order = spec->rank_order;
    if (order != spec->run_order) {
        for (size_t i = 0; i < gather->n; i++)
            gather->items[i].key = order_key(order, gather->items[i].entry);
        order_sort(order, gather->items, gather->items + gather->capacity, gather->n);
    }
    wide sum = wide_of(done->sum);
    for (size_t i = 0; i < gather->n && order == ORDER_COUNT; i++)
        sum += gather->items[i].entry->count;
    wide_split(sum, done->sum);
    if (spec->top_per < UINT64_MAX && !columns_have(&spec->columns, COLUMN_RANK))
        cut_periods(gather, spec->top_per);
    if (gather->n > spec->top)
        gather->n = spec->top;
    return write_runs(context, task, gather->items, gather->n);
}

/* What is done with the words of a slice once they are final. */
struct ending {
    struct context *context;
    const struct message_reduce *message;
    struct message_done *done;
};

static int write_words(void *user, struct gather *gather)
{
    const struct ending *ending = user;
    struct context *context = ending->context;
    uint32_t task = ending->message->task;
    struct message_done *done = ending->done;
    if (ending->message->kind == REDUCE_FINAL)
        return write_final(context, task, gather, done);
    done->words += gather->n;
    return write_text(context, task, &context->spec->columns, gather->items, gather->n, done);
}

static int fill_and_write(struct reduce *reduce, struct ending *ending)
{
    const struct message_reduce *message = ending->message;
    struct gather *gather = reduce->gather;
    if (reduce->context->spec->run_order != ORDER_WORD) {
        for (size_t i = 0; i < gather->n; i++)
            gather->items[i].key = order_key(ORDER_WORD, gather->items[i].entry);
        order_sort(ORDER_WORD, gather->items, gather->items + gather->capacity, gather->n);
    }
    return fill_words(&reduce->fill, gather,
                      (struct periods){message->first_period, message->last_period}, write_words,
                      ending);
}

int task_reduce(struct reduce *reduce, const struct message_reduce *message,
                struct message_done *done)
{
    struct context *context = reduce->context;
    const struct job_spec *spec = context->spec;
    struct gather *gather = reduce->gather;
    int rc = gather_slice(gather, spec->run_order, &message->slice);
    fault_point(&spec->progress->faults, "reduce");
    progress_step(context->slot);
    if (rc == 0 && spec->has_series)
        return reduce_series(context, gather, &reduce->points, message, done);
    if (rc == 0)
        rc = combine(reduce);
    progress_step(context->slot);
    if (rc == 0)
        rc = context_check(context);
    if (rc < 0)
        return rc;
    if (message->kind == REDUCE_ROUND)
        return write_runs(context, message->task, gather->items, gather->n);
    rc = finish(reduce);
    struct ending ending = {context, message, done};
    if (rc == 0)
        rc = spec->fill_step ? fill_and_write(reduce, &ending) : write_words(&ending, gather);
    return rc;
}
