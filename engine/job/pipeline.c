/*
 * Which stage follows which:
 *
 *     split -> map -> reduce -> rank -> write -> finish        or, of sorted inputs:  merge
 *
 * A stage without anything to do is left out: split but for partition_lines, rank without ranks,
 * write without an output.
 */
#include "job/pipeline.h"

#include "dispatch/dispatch.h"

static const struct stage *const counting[] = {
    &split_stage, &map_stage, &reduce_stage, &rank_stage, &write_stage, &finish_stage, NULL};
static const struct stage *const merging[] = {&merge_stage, NULL};

void pipeline_release(struct flow *flow)
{
    if (flow->stage && flow->stage->release)
        flow->stage->release(flow);
    flow->state = NULL;
    flow->stage = NULL;
}

void pipeline_close(struct flow *flow)
{
    if (flow->stage && flow->stage->close)
        flow->stage->close(flow);
}

/* The next stage is the one at hand, without a task so far. */
static int enter_next(struct pipeline *pipeline, struct flow *flow)
{
    pipeline_release(flow);
    flow->stage = *pipeline->next++;
    flow->crew->work = &flow->stage->work;
    pipeline->is_beginning = 1;
    return crew_begin(flow->crew, 0);
}

static int begin_next(struct pipeline *pipeline, struct flow *flow)
{
    int rc;
    do {
        rc = pipeline->is_beginning ? 0 : enter_next(pipeline, flow);
        if (rc == 0)
            rc = flow->stage->begin(flow);
        pipeline->is_beginning = rc == TURN_AGAIN;
    } while (rc == NOTHING_TO_DO && *pipeline->next);
    return rc;
}

int pipeline_begin(struct pipeline *pipeline, struct flow *flow)
{
    pipeline->next = flow->plan->options.sorted ? merging : counting;
    return begin_next(pipeline, flow);
}

/* One round of work at the stage at hand. */
static int advance_stage(struct flow *flow)
{
    const struct stage *stage = flow->stage;
    int rc = stage->pump ? stage->pump(flow) : 0;
    if (rc < 0)
        return rc;
    dispatch_tasks(flow->crew);
    if (rc == TURN_AGAIN || !crew_is_finished(flow->crew))
        return rc == TURN_AGAIN ? rc : WM_RUNNING;
    return stage->end(flow);
}

int pipeline_advance(struct pipeline *pipeline, struct flow *flow)
{
    int rc;
    do {
        rc = pipeline->is_beginning ? 0 : advance_stage(flow);
        if (rc == 0 && (pipeline->is_beginning || *pipeline->next)) {
            rc = begin_next(pipeline, flow);
            rc = rc == 0 ? MORE_TASKS : rc;
        }
    } while (rc == MORE_TASKS);
    return rc;
}
