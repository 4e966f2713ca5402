/* What is to be spilled is made in a buffer, since the spill file is mapped to be read only. */
#include "context/context.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/code.h"
#include "base/number.h"
#include "output/format.h"
#include "shared/fault.h"
#include "shared/reject.h"
#include "words/entry.h"
#include "words/run.h"

size_t context_grant_size(const struct job_spec *spec)
{
    size_t size = run_size_max(spec->table_size);
    /* Only one word at a time need fit, as it is written. */
    if (size < output_most(spec->format, KEY_SIZE_MAX))
        size = output_most(spec->format, KEY_SIZE_MAX);
    if (spec->keep_rejects && size < REJECTS_SIZE)
        size = REJECTS_SIZE;
    return (size + EXTENT_SIZE - 1) / EXTENT_SIZE * EXTENT_SIZE;
}

size_t context_spill_grant_size(const struct job_spec *spec)
{
    size_t size = run_size_max(spec->spill_size);
    return size > context_grant_size(spec) ? size : context_grant_size(spec);
}

void context_init(struct context *context, const struct job_spec *spec, struct progress_slot *slot,
                  struct port *port)
{
    *context = (struct context){.spec = spec, .slot = slot, .port = port};
    rss_begin(&context->rss);
}

void context_release(struct context *context)
{
    free(context->buffer);
    context->buffer = NULL;
    context->buffer_size = 0;
}

uint64_t context_now(void)
{
    return clock_nanoseconds();
}

/* Of this thread: in the calling process others may run beside it. A call of the kernel. */
static uint64_t cpu_nanoseconds(const struct context *context)
{
    struct timespec now = {0};
    if (context->spec->wants_tasks)
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void context_begin(struct context *context, uint32_t task)
{
    context->start_time = clock_nanoseconds();
    context->start_cpu = cpu_nanoseconds(context);
    context->waited = 0;
    context->failure.code = 0;
    progress_begin(context->slot, task);
}

static void note_peak_rss(const struct context *context)
{
    struct progress_slot *slot = context->slot;
    uint64_t peak_rss = rss_more(&context->rss);
    if (peak_rss > atomic_load_explicit(&slot->peak_rss, memory_order_relaxed))
        atomic_store_explicit(&slot->peak_rss, peak_rss, memory_order_relaxed);
}

void context_end(struct context *context, struct message_done *done)
{
    progress_end(context->slot);
    done->start = context->start_time;
    done->busy = clock_nanoseconds() - context->start_time - context->waited;
    done->waited = context->waited;
    done->cpu = cpu_nanoseconds(context) - context->start_cpu;
    note_peak_rss(context);
}

int context_fail(struct context *context, int code, const char *text, size_t size)
{
    struct message_failed *failure = &context->failure;
    int system = errno;
    *failure = (struct message_failed){.code = code};
    if (code == CODE_OPEN || code == CODE_READ || code == CODE_WRITE)
        failure->system = system;
    failure->text_size = (uint32_t)(size < MESSAGE_TEXT_MAX ? size : MESSAGE_TEXT_MAX);
    if (failure->text_size > 0)
        memcpy(failure->text, text, failure->text_size);
    return code;
}

int context_fail_period(struct context *context, int code, const char *word, size_t size,
                        uint64_t period)
{
    char text[MESSAGE_TEXT_MAX + 1 + NUMBER_SIZE_MAX];
    if (size > MESSAGE_TEXT_MAX)
        size = MESSAGE_TEXT_MAX;
    memcpy(text, word, size);
    text[size] = '\t';
    return context_fail(context, code, text, size + 1 + number_write(text + size + 1, period));
}

int context_check(const struct context *context)
{
    return context->port->orphaned(context->port) ? CODE_PROTOCOL : 0;
}

int context_room(struct context *context)
{
    if (context->grant.count == 0) {
        uint64_t start = context_now();
        int rc = context->port->wait_grant(context->port, &context->grant);
        context->waited += context_now() - start;
        if (rc < 0)
            return rc;
    }
    return arena_check(context->spec->arena, context->grant);
}

size_t context_run_size(const struct context *context)
{
    const struct job_spec *spec = context->spec;
    if (!context_will_spill(context))
        return spec->table_size;
    size_t size = run_entries_max(extents_size(context->grant));
    return size < spec->spill_size ? size : spec->spill_size;
}

void *context_memory(struct context *context, size_t size)
{
    if (!context_will_spill(context))
        return arena_at(context->spec->arena, context->grant.first);
    if (size > context->buffer_size) {
        free(context->buffer);
        context->buffer = malloc(size);
        context->buffer_size = context->buffer ? size : 0;
    }
    return context->buffer;
}

/* What was made in the buffer goes to the spill file. */
static int spill(struct context *context, size_t size)
{
    fault_point(&context->spec->progress->faults, "spill");
    int rc =
        arena_write_spill(context->spec->arena, context->grant.first, 0, context->buffer, size);
    return rc < 0 ? context_fail(context, rc, NULL, 0) : 0;
}

int context_send_grant(struct context *context, uint32_t task, enum run_kind kind, size_t size)
{
    struct message_run run = {.task = task, .kind = kind, .extents = context->grant, .size = size};
    if (context_will_spill(context)) {
        int rc = spill(context, size);
        if (rc < 0)
            return rc;
    }
    context->grant.count = 0;
    return context->port->send(context->port, MESSAGE_RUN, &run, sizeof run, NULL, 0);
}

void context_note_probe(struct context *context, uint32_t probe)
{
    _Atomic uint32_t *longest = &context->slot->longest_probe;
    if (probe > atomic_load_explicit(longest, memory_order_relaxed))
        atomic_store_explicit(longest, probe, memory_order_relaxed);
}

int context_columns(const struct context *context, const struct message_sums *sums,
                    struct columns *columns)
{
    const void *periods = sums->n > 0 ? arena_byte(context->spec->arena, sums->periods) : NULL;
    if (sums->n > 0 && !periods)
        return CODE_NOMEM;
    *columns = context->spec->columns;
    columns->sum = wide_of(sums->all);
    columns->sums = periods;
    columns->n_sums = sums->n;
    return 0;
}
