/* The rejected lines are written, and the files put in their places. There are no tasks. */
#include "stages/phase.h"
#include "stages/stage.h"

static int finish_begin(struct flow *flow)
{
    phase_begin(flow);
    int rc = crew_begin(flow->crew, 0);
    crew_close(flow->crew);
    return rc;
}

static int finish_end(struct flow *flow)
{
    uint64_t start = uv_hrtime();
    int rc = 0;
    if (flow->plan->options.rejects || flow->plan->options.on_reject)
        rc = rejects_write(&flow->rejects, flow->plan, flow->stats->rejected, flow->error);
    if (rc == 0)
        rc = output_commit(&flow->rejects.output, flow->error);
    if (rc == 0)
        rc = output_commit(&flow->output, flow->error);
    phase_count_output(flow, start);
    return rc == REJECTS_MORE ? TURN_AGAIN : rc;
}

const struct stage finish_stage = {
    .work = {.name = "finish", .phase = WM_PHASE_WRITE},
    .begin = finish_begin,
    .end = finish_end,
};
