/* Packed bytes are not counted: what comes before would have to be unpacked once more. */
#include "tasks/line_count.h"

#define STEP_SIZE (UINT64_C(1) << 30) /* its lines fit 32 bits */
#define READ_SIZE (128u << 10)

void line_count_init(struct line_count *count, const struct job_spec *spec)
{
    *count = (struct line_count){.spec = spec, .source = {.fd = -1}};
}

void line_count_release(struct line_count *count)
{
    source_release(&count->source);
}

void line_count_begin(struct line_count *count, const struct message_map *message)
{
    count->message = message;
    count->lines = count->n_counted = 0;
    count->counted = NULL;
    count->has_before = 0;
}

void line_count_chunk(struct line_count *count, const char *data)
{
    count->counted = data;
    count->n_counted = 0;
}

uint64_t line_count_in_task(struct line_count *count, const char *line)
{
    if (count->spec->splitter) /* whoever finds them counts them */
        return count->lines + count->n_counted;
    count->n_counted += count->spec->scan->count(count->counted, (size_t)(line - count->counted));
    count->counted = line;
    return count->lines + count->n_counted;
}

/* The lines that begin before the task's first byte. */
static int count_file(struct line_count *count, const struct input *input, uint64_t *before)
{
    uint64_t start = count->message->start;
    int rc = 0;
    if (!count->source.memory)
        rc = source_init(&count->source, READ_SIZE);
    if (rc == 0 && (count->source.input != input || count->at > start)) {
        count->at = input->start;
        count->n_at = 0;
    }
    if (rc == 0)
        rc = source_open(&count->source, input, count->at, count->at);
    while (rc == 0 && count->at < start) {
        uint32_t n;
        uint64_t size = start - count->at < STEP_SIZE ? start - count->at : STEP_SIZE;
        rc = source_count_lines(&count->source, count->spec->scan, count->at, size, &n, 1);
        count->at += rc == 0 ? size : 0;
        count->n_at += rc == 0 ? n : 0;
    }
    *before = count->n_at + input->n_header;
    return rc;
}

static int count_records(struct line_count *count, const struct input *input, uint64_t *before)
{
    const struct splitter *splitter = input->splitter;
    uint64_t at = count->message->start - input->start;
    if (!splitter || splitter->kind == SPLITTER_NUL)
        return count_file(count, input, before);
    if (splitter->kind == SPLITTER_SIZE)
        *before = splitter_round(splitter, at) / splitter->size;
    else
        *before = at > 0 ? LINE_UNKNOWN : 0;
    return 0;
}

static int find_before(struct line_count *count, uint64_t *before)
{
    const struct message_map *message = count->message;
    const struct input *input = &count->spec->inputs[message->input];
    *before = message->before;
    if (message->block.count > 0)
        return 0;
    if (input->packing == PACKING_NONE)
        return count_records(count, input, before);
    *before = message->start == input->start ? 0 : LINE_UNKNOWN;
    return 0;
}

int line_count_number(struct line_count *count, const char *line, uint64_t *number)
{
    if (!count->has_before) {
        int rc = find_before(count, &count->before);
        if (rc < 0)
            return rc;
        count->has_before = 1;
    }
    *number = 0;
    if (count->before != LINE_UNKNOWN)
        *number = count->before + count->message->skip_lines +
                  (line ? line_count_in_task(count, line) : 0) + 1;
    return 0;
}
