/*
 * Half of the files that may be open are inputs, so that as many parts can wait. When there are so
 * many parts, they are merged to one.
 */
#include "stages/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "dispatch/failure.h"
#include "error.h"
#include "files/spill.h"
#include "output/formats.h"
#include "plan/machine.h"
#include "stages/stage.h"

#define DESCRIPTORS_SPARE 16 /* for what the process opens meanwhile */
#define FILES_MIN 4

/* Without room for two inputs and two parts, it is left to open to say so. */
static uint32_t most_files(uint32_t n_inputs)
{
    uint32_t n = machine_descriptors(n_inputs + DESCRIPTORS_SPARE);
    uint32_t spare = n / 2 < DESCRIPTORS_SPARE ? n / 2 : DESCRIPTORS_SPARE;
    if (n < FILES_MIN)
        return UINT32_MAX;
    return n - spare < FILES_MIN ? FILES_MIN : n - spare;
}

int batch_init(struct batch *batch, struct flow *flow, struct first_failure *reject)
{
    uint32_t n = (uint32_t)flow->plan->inputs.n;
    batch->flow = flow;
    batch->n_inputs = n;
    batch->most = most_files(n);
    batch->columns = flow->plan->spec.columns;
    batch->columns.which = 0;
    size_t n_parts = batch->most < n ? n / (batch->most / 2) * 2 + 2 : 0;
    batch->inputs = calloc((size_t)n + 1, sizeof *batch->inputs);
    batch->parts = calloc(n_parts + 1, sizeof *batch->parts);
    batch->feeds = calloc((size_t)n + 1, sizeof *batch->feeds);
    for (size_t i = 0; batch->parts && i < n_parts + 1; i++)
        batch->parts[i].input.fd = -1;
    if (!batch->inputs || !batch->parts || !batch->feeds)
        return error_memory(flow->error);
    for (uint32_t i = 0; i <= n; i++) {
        batch->inputs[i].flow = flow;
        batch->inputs[i].reject = reject;
    }
    return 0;
}

static int open_inputs(struct batch *batch, uint32_t n)
{
    for (; n > 0; n--) {
        struct feed *feed = &batch->inputs[batch->next_input];
        batch->feeds[batch->n++] = feed;
        int rc = feed_open(feed, batch->next_input++);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int open_parts(struct batch *batch)
{
    for (; batch->next_part < batch->n_parts; batch->next_part++) {
        struct merged_part *part = &batch->parts[batch->next_part];
        batch->feeds[batch->n++] = &part->feed;
        part->feed.flow = batch->flow;
        int rc = feed_open_part(&part->feed, &part->input);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int spill_rc(const struct batch *batch, int rc)
{
    struct flow *flow = batch->flow;
    return rc == WM_EWRITE ? spill_failed(&flow->plan->spill, errno, flow->error) : rc;
}

static int begin_part(struct batch *batch)
{
    struct flow *flow = batch->flow;
    int fd = spill_file(&flow->plan->spill);
    if (fd < 0)
        return spill_failed(&flow->plan->spill, errno, flow->error);
    batch->parts[batch->n_parts].input = (struct input){.path = "", .fd = fd};
    int rc = writer_open(&batch->writer, output_format_at(WM_OUTPUT_TABLE), &batch->columns, fd,
                         flow->error);
    return rc == 0 ? spill_rc(batch, writer_head(&batch->writer)) : rc;
}

int batch_begin(struct batch *batch)
{
    const wm_options *options = &batch->flow->plan->options;
    uint32_t n_left = batch->n_inputs - batch->next_input;
    uint32_t n_parts = batch->n_parts - batch->next_part, half = batch->most / 2;
    batch->n = 0;
    batch->is_last = n_left + n_parts <= batch->most;
    int rc = batch->is_last ? 0 : begin_part(batch);
    if (rc == 0 && (batch->is_last || n_parts >= half))
        rc = open_parts(batch);
    if (rc == 0 && batch->n == 0 && !batch->is_last)
        n_left = half < n_left ? half : n_left;
    if (rc == 0 && (batch->n == 0 || batch->is_last))
        rc = open_inputs(batch, n_left);
    if (rc < 0 || !batch->is_last || options->n_words == 0)
        return rc;
    struct feed *asked = &batch->inputs[batch->n_inputs];
    batch->feeds[batch->n++] = asked;
    return feed_open_asked(asked);
}

int batch_add(struct batch *batch, const struct entry *entry)
{
    return spill_rc(batch, writer_add(&batch->writer, entry));
}

static void part_close(struct merged_part *part)
{
    if (part->input.fd >= 0)
        close(part->input.fd);
    part->input.fd = -1;
}

int batch_end(struct batch *batch)
{
    struct flow *flow = batch->flow;
    struct input *input = &batch->parts[batch->n_parts].input;
    int rc = spill_rc(batch, writer_end(&batch->writer));
    writer_release(&batch->writer);
    if (rc < 0)
        return rc;
    off_t size = lseek(input->fd, 0, SEEK_CUR);
    lseek(input->fd, 0, SEEK_SET);
    input->size = size > 0 ? (uint64_t)size : 0;
    flow->stats->spilled_runs++;
    flow->stats->spilled_bytes += input->size;
    for (uint32_t i = 0; i < batch->n; i++) {
        feed_close(batch->feeds[i]);
        feed_release(batch->feeds[i]);
    }
    for (uint32_t i = 0; i < batch->next_part; i++)
        part_close(&batch->parts[i]);
    batch->n_parts++;
    return 0;
}

void batch_close(struct batch *batch)
{
    for (uint32_t i = 0; batch->inputs && i <= batch->n_inputs; i++)
        feed_close(&batch->inputs[i]);
    for (uint32_t i = 0; batch->parts && i < batch->n_parts; i++)
        feed_close(&batch->parts[i].feed);
}

void batch_release(struct batch *batch)
{
    for (uint32_t i = 0; batch->inputs && i <= batch->n_inputs; i++)
        feed_release(&batch->inputs[i]);
    for (uint32_t i = 0; batch->parts && i < batch->n_parts; i++)
        feed_release(&batch->parts[i].feed);
    for (uint32_t i = 0; batch->parts && i <= batch->n_parts; i++)
        part_close(&batch->parts[i]);
    writer_release(&batch->writer);
    free(batch->inputs);
    free(batch->parts);
    free(batch->feeds);
}
