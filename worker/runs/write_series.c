/*
 * Most formats see a line as an entry of its own; to write it that way costs more than all before.
 */
#include "runs/write_series.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/number.h"
#include "runs/write.h"
#include "shared/fault.h"

int series_text_init(struct series_text *text, struct context *context, uint32_t task)
{
    const struct job_spec *spec = context->spec;
    *text = (struct series_text){
        .context = context,
        .task = task,
        .text = {.columns = &spec->columns, .format = spec->format},
        .room = context_grant_size(spec),
        .line = calloc(1, sizeof *text->line + KEY_SIZE_MAX + 8),
    };
    fault_point(&spec->progress->faults, "write");
    return text->line ? 0 : CODE_NOMEM;
}

void series_text_release(struct series_text *text)
{
    free(text->line);
    text->line = NULL;
}

/* How many lines of most bytes each there is room for. At least one fits. */
static int make_room(struct series_text *text, size_t most, size_t n, size_t *n_fitting)
{
    for (;;) {
        size_t room = text->text.data ? text->room - text->text.size : 0;
        if (n * most + OUTPUT_SLACK <= room) {
            *n_fitting = n;
            return 0;
        }
        *n_fitting = room > OUTPUT_SLACK ? (room - OUTPUT_SLACK) / most : 0;
        if (*n_fitting > 0)
            return 0;
        if (text->text.data && text->text.size == 0) {
            *n_fitting = 1;
            return 0;
        }
        int rc = write_text_on(text->context, text->task, &text->text, text->room);
        if (rc < 0)
            return rc;
    }
}

static int add_fast(struct series_text *text, const struct entry *entry,
                    const struct points *points)
{
    struct formatter *to = &text->text;
    size_t most = (size_t)entry->size + 2 * NUMBER_SIZE_MAX + 2;
    for (size_t i = 0, n; i < points->n; i += n) {
        int rc = make_room(text, most, points->n - i, &n);
        if (rc < 0)
            return rc;
        to->size += to->format->add_periods(to->data + to->size, entry->key, entry->size,
                                            points->periods + i, points->counts + i, n);
    }
    return 0;
}

static int add_each(struct series_text *text, const struct entry *entry,
                    const struct points *points)
{
    struct entry *line = text->line;
    memcpy(line->key, entry->key, entry->size);
    for (size_t i = 0, n; i < points->n; i++) {
        size_t digits = number_write(line->key + entry->size, points->periods[i]);
        entry_set_size(line, entry->size + (uint32_t)digits);
        line->count = points->counts[i];
        int rc = make_room(text, formatter_most(&text->text, line->size), 1, &n);
        if (rc < 0)
            return rc;
        formatter_add(&text->text, line);
    }
    return 0;
}

int series_text_add(struct series_text *text, const struct entry *entry, struct points *points)
{
    uint64_t min_count = text->context->spec->min_count;
    size_t n = 0;
    for (size_t i = 0; i < points->n && min_count > 0; i++) {
        points->periods[n] = points->periods[i];
        points->counts[n] = points->counts[i];
        n += points->counts[n] >= min_count;
    }
    if (min_count > 0)
        points->n = n;
    text->n_lines += points->n;
    return text->text.format->add_periods && !text->text.columns->which
               ? add_fast(text, entry, points)
               : add_each(text, entry, points);
}

int series_text_end(struct series_text *text)
{
    if (text->text.size == 0)
        return 0;
    return context_send_grant(text->context, text->task, RUN_TEXT, text->text.size);
}
