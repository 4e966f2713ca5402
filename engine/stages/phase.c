/*
 * A phase is timed from when it is entered to when the next one is, so the times add up to that of
 * the job. Progress is read from the shared memory in which workers count, which costs no message.
 */
#include "stages/phase.h"

_Static_assert(WM_N_PHASES <= WM_PHASES_MAX, "wm_stats has no room for the times of a phase");

static void count(const struct flow *flow, wm_progress *progress)
{
    struct progress *shared = flow->plan->spec.progress;
    if (!shared) { /* there are no tasks */
        progress->lines = flow->stats->lines;
        progress->bytes = flow->stats->bytes;
        return;
    }
    progress_read(shared, &progress->tasks_done, &progress->lines, &progress->bytes);
    for (uint32_t i = 0; flow->phase == WM_PHASE_MAP && i < shared->n_slots; i++)
        if (atomic_load(&shared->slots[i].task) != PROGRESS_NO_TASK)
            progress->bytes += atomic_load(&shared->slots[i].offset);
}

void phase_report(struct flow *flow)
{
    const wm_options *options = &flow->plan->options;
    const struct inputs *inputs = &flow->plan->inputs;
    if (!options->on_progress || !flow->is_reported)
        return;
    wm_progress progress = {.phase = flow->phase,
                            .tasks = flow->plan->partitions.n,
                            .bytes_total =
                                inputs->n_streams || inputs->packed_size ? 0 : inputs->size,
                            .workers = (int)flow->crew->pool.n_alive,
                            .seconds = (double)(uv_hrtime() - flow->start_time) * 1e-9,
                            .words = flow->final.n_words};
    count(flow, &progress);
    flow->is_unwanted |= options->on_progress(&progress, options->progress_user) != 0;
}

void phase_enter(struct flow *flow, enum wm_phase phase)
{
    uint64_t now = uv_hrtime();
    if (phase == flow->phase)
        return;
    flow->stats->phase_seconds[flow->phase] += (double)(now - flow->phase_time) * 1e-9;
    flow->phase_time = now;
    flow->phase = phase;
    phase_report(flow);
}

void phase_begin(struct flow *flow)
{
    phase_enter(flow, flow->stage->work.phase);
}

void phase_end_round(struct flow *flow)
{
    uint64_t now = uv_hrtime();
    flow->stats->round_seconds[flow->stats->rounds - 1] = (double)(now - flow->round_time) * 1e-9;
    flow->round_time = now;
}

void phase_count_output(struct flow *flow, uint64_t start)
{
    flow->stats->output_seconds += (double)(uv_hrtime() - start) * 1e-9;
}
