/* A line belongs to the block that its first byte is in, so blocks are counted one by one. */
#include "tasks/split.h"

#include "base/code.h"
#include "shared/fault.h"

int task_split(struct context *context, struct source *source, const struct message_split *message)
{
    const struct job_spec *spec = context->spec;
    uint32_t n_lines[MESSAGE_LINES_MAX];
    uint64_t n = (message->end - message->start + message->block_size - 1) / message->block_size;
    if (n > MESSAGE_LINES_MAX)
        return CODE_PROTOCOL;
    int rc = source_open(source, &spec->inputs[message->input], message->start, message->start);
    for (uint64_t i = 0; i < n && rc == 0; i++) {
        rc = source_count_lines(source, spec->scan, message->start + i * message->block_size,
                                message->block_size, n_lines + i, 1);
        progress_step(context->slot);
    }
    if (rc < 0) {
        context_fail(context, rc, NULL, 0);
        context->failure.offset = source->at + source->size;
        return rc;
    }
    fault_point(&spec->progress->faults, "split");
    struct message_lines lines = {message->task, (uint32_t)n};
    return context->port->send(context->port, MESSAGE_LINES, &lines, sizeof lines, n_lines,
                               n * sizeof *n_lines);
}
