/* The coordinator only copies text to the output, slice after slice. */
#include "runs/write.h"

#include "base/code.h"
#include "base/wide.h"
#include "output/formatter.h"
#include "shared/fault.h"
#include "words/entry.h"
#include "words/run.h"

/* Of n items, those whose entries fit room bytes, at least one; *size: the bytes that they take. */
static size_t count_fitting(const struct order_item *items, size_t n, size_t room, size_t *size)
{
    size_t i = 0, more = entry_more_of_all(items[0].entry);
    *size = 0;
    for (size_t sum = 0; i < n; i++) {
        sum += entry_bytes_with(items[i].entry, more);
        if (sum > room && i > 0)
            break;
        *size = sum;
    }
    return i;
}

int write_runs(struct context *context, uint32_t task, const struct order_item *items, size_t n)
{
    while (n > 0) {
        int rc = context_room(context);
        if (rc < 0)
            return rc;
        size_t entries_size;
        size_t n_now = count_fitting(items, n, context_run_size(context), &entries_size);
        void *memory = context_memory(context, context_spill_grant_size(context->spec));
        if (!memory)
            return CODE_NOMEM;
        size_t size = run_write_sized(memory, items, n_now, entries_size);
        fault_point(&context->spec->progress->faults, "run");
        rc = context_send_grant(context, task, RUN_ENTRIES, size);
        if (rc < 0)
            return rc;
        progress_step(context->slot);
        items += n_now;
        n -= n_now;
    }
    return 0;
}

int write_text_on(struct context *context, uint32_t task, struct formatter *text, size_t room)
{
    int rc;
    if (text->size > 0) {
        rc = context_send_grant(context, task, RUN_TEXT, text->size);
        if (rc < 0)
            return rc;
        progress_step(context->slot);
        text->size = 0;
    }
    rc = context_room(context);
    if (rc < 0)
        return rc;
    text->data = context_memory(context, room);
    return text->data ? 0 : CODE_NOMEM;
}

int write_text(struct context *context, uint32_t task, const struct columns *columns,
               const struct order_item *items, size_t n, struct message_done *done)
{
    struct formatter text = {.columns = columns, .format = context->spec->format};
    size_t room = context_grant_size(context->spec);
    fault_point(&context->spec->progress->faults, "write");
    for (size_t i = 0; i < n; i++) {
        const struct entry *entry = items[i].entry;
        if (i + WRITE_PREFETCH_DISTANCE < n)
            __builtin_prefetch(items[i + WRITE_PREFETCH_DISTANCE].entry);
        if (!text.data ||
            (text.size > 0 && formatter_most(&text, entry->size) > room - text.size)) {
            int rc = write_text_on(context, task, &text, room);
            if (rc < 0)
                return rc;
        }
        formatter_add(&text, entry);
    }
    done->replaced += text.n_replaced;
    done->beyond += text.n_beyond;
    return text.size > 0 ? context_send_grant(context, task, RUN_TEXT, text.size) : 0;
}
