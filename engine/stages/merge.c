/*
 * Inputs that are sorted already are merged, in the calling process and in constant memory: the
 * only stage of such a job. Each feed shows one word of its input at a time, and a tournament finds
 * the least of all. Inputs may be pipes, and nothing blocks. When the input that is next has
 * nothing to read, or the output has no room, the turn ends until the loop says that there is some.
 */
#include <stdlib.h>
#include <string.h>

#include "base/rss.h"
#include "dispatch/failure.h"
#include "error.h"
#include "input/counts.h"
#include "output/formatter.h"
#include "stages/batch.h"
#include "stages/feed.h"
#include "stages/phase.h"
#include "stages/stage.h"
#include "words/entry.h"
#include "words/order.h"
#include "words/period.h"
#include "words/table.h"
#include "words/tournament.h"

#define TEXT_SIZE (1u << 20)
#define STEP_LINES 50000 /* until cancel and progress have their turn */
#define NONE UINT32_MAX

struct state {
    struct batch batch; /* of inputs that are merged at a time */
    uint32_t n_begun;   /* feeds of it that have their first word */
    struct tournament tournament;
    uint32_t pending;   /* the feed whose word was used up; NONE: none */
    struct entry *word; /* being added up */
    int is_open;        /* there is one */
    int is_asked;       /* and it was asked for */
    int is_told;        /* and an input has it */
    struct filter_scratch scratch;
    struct rss rss;
    struct formatter text;       /* output that is not written yet */
    size_t written;              /* of it */
    struct first_failure reject; /* the first line that was rejected */
};

/* Writes what there is. 0, WM_RUNNING or a WM_E code. */
static int merge_write_text(struct flow *flow)
{
    struct state *state = flow->state;
    struct formatter *text = &state->text;
    if (plan_has_output(flow->plan)) {
        int rc =
            envelope_head(&flow->envelope, &flow->plan->spec.columns, &flow->output, flow->error);
        if (rc == 0)
            rc = envelope_words(&flow->envelope, text->data, text->size, &state->written,
                                &flow->output, flow->error);
        if (rc != 0)
            return rc;
    }
    text->size = state->written = 0;
    return 0;
}

static int match_failed(const struct flow *flow, int code, const struct entry *entry)
{
    struct message_failed message = {.code = code};
    if (code == WM_ENOMEM)
        return error_memory(flow->error);
    message.text_size = entry->size < MESSAGE_TEXT_MAX ? entry->size : MESSAGE_TEXT_MAX;
    memcpy(message.text, entry->key, message.text_size);
    return failure_explain(flow->plan, &message, NULL, flow->error);
}

/* Whether it was asked for. Words are asked for without their years, and are not there by year if
 * no input has them. */
static int is_wanted(const struct flow *flow, const struct state *state)
{
    const struct job_spec *spec = &flow->plan->spec;
    const struct entry *entry = state->word;
    uint32_t size = entry->size;
    uint64_t period;
    const char *field;
    if (flow->plan->options.n_words == 0 || spec->query.by == NGRAM_BY_WORD)
        return flow->plan->options.n_words == 0 || state->is_asked;
    return state->is_told &&
           counts_cut_period(spec->query.by, entry->key, &size, &period, &field) &&
           table_find(spec->words, table_hash(entry->key, size, spec->seed), entry->key, size);
}

/* Whether a word that was added up counts. A word asked for counts even if the filter keeps it out:
 * then it is not there. 1, 0 or a WM_E code. */
static int counts(const struct flow *flow, struct state *state)
{
    struct entry *entry = state->word;
    const wm_options *options = &flow->plan->options;
    if (entry->count < options->min_count || !is_wanted(flow, state) ||
        (options->top > 0 && flow->final.n_words == options->top))
        return 0;
    if (!flow->plan->spec.filter)
        return 1;
    struct filter_word word = {entry->key, entry->size, 0};
    int rc = filter_word(flow->plan->spec.filter, &state->scratch, &word);
    if (rc != 0 || !state->is_asked || flow->plan->spec.query.by != NGRAM_BY_WORD)
        return rc < 0 ? match_failed(flow, rc, entry) : rc;
    entry_set_none(flow->plan->spec.reduce, entry);
    return entry->count >= options->min_count;
}

/* Whether there is a total for the year of the word, if it needs one. 0 or WM_EBADLINE. */
static int check_total(const struct flow *flow, const struct entry *entry)
{
    const struct plan *plan = flow->plan;
    struct years seen = {.bits = {0}};
    if (!plan->options.totals || plan->spec.query.by == NGRAM_BY_WORD ||
        years_has(&plan->totals.listed, period_of(entry)))
        return 0;
    years_add(&seen, period_of(entry));
    return totals_check(&plan->totals, plan->options.totals, &seen, flow->error);
}

/* The word that was added up goes to a part or, if it counts,
 * to the output, where there is room. */
static int end_word(struct flow *flow)
{
    struct state *state = flow->state;
    if (!state->is_open)
        return 0;
    state->is_open = 0;
    if (!state->batch.is_last)
        return batch_add(&state->batch, state->word);
    int rc = counts(flow, state);
    if (rc <= 0)
        return rc;
    rc = check_total(flow, state->word);
    if (rc < 0)
        return rc;
    flow->final.n_words++;
    formatter_add(&state->text, state->word);
    return 0;
}

/* Adds the least word of all to the one that is being added up, or begins with it. */
static int take_word(struct flow *flow, const struct feed *feed)
{
    struct state *state = flow->state;
    struct entry *entry = state->word;
    const struct player *least = &feed->word;
    int is_asked = feed->kind == FEED_ASKED;
    if (!state->is_open || entry->hash != least->key ||
        order_words(entry->key, entry->size, least->word, least->size) != 0) {
        int rc = end_word(flow);
        if (rc < 0)
            return rc;
        entry->hash = least->key;
        entry_set_size(entry, least->size);
        entry->n_more = flow->plan->spec.n_more & 15;
        entry->count = feed->counts[0];
        memcpy(entry->key, least->word, least->size);
        memcpy(entry_more(entry), feed->counts + 1, entry->n_more * sizeof *feed->counts);
        state->is_open = 1;
        state->is_asked = is_asked;
        state->is_told = !is_asked;
        return 0;
    }
    state->is_asked |= is_asked;
    state->is_told |= !is_asked;
    if (entry_add_counts(flow->plan->spec.reduce, entry, feed->counts) == 0)
        return 0;
    return feed_fail(feed, WM_EOVERFLOW, entry->key, entry->size);
}

/* Lets feed i play with its next word. 0, WM_RUNNING, TURN_AGAIN or a WM_E code. */
static int play(struct state *state, uint32_t i)
{
    struct feed *feed = state->batch.feeds[i];
    int rc = feed_advance(feed);
    if (rc < 0)
        return rc;
    if (rc == FEED_WAIT)
        return feed_wait(feed);
    tournament_play(&state->tournament, i, &feed->word);
    return 0;
}

static int begin_batch(struct flow *flow, struct state *state)
{
    int rc = batch_begin(&state->batch);
    if (rc < 0)
        return rc;
    state->n_begun = 0;
    state->pending = NONE;
    tournament_release(&state->tournament);
    return tournament_init(&state->tournament, state->batch.n) < 0 ? error_memory(flow->error) : 0;
}

/* The feeds are at their ends. 0: so is all; TURN_AGAIN: on with others; or a WM_E code. */
static int end_batch(struct flow *flow, struct state *state)
{
    int rc = end_word(flow);
    if (rc < 0 || state->batch.is_last)
        return rc;
    rc = batch_end(&state->batch);
    if (rc == 0)
        rc = begin_batch(flow, state);
    return rc < 0 ? rc : TURN_AGAIN;
}

/* 0: all is merged; WM_RUNNING, TURN_AGAIN: it goes on; or what failed. */
static int merge(struct flow *flow)
{
    struct state *state = flow->state;
    int rc = 0;
    for (; state->n_begun < state->batch.n; state->n_begun++)
        if ((rc = play(state, state->n_begun)) != 0)
            return rc;
    for (int i = 0; i < STEP_LINES; i++) {
        if (state->pending != NONE && (rc = play(state, state->pending)) != 0)
            return rc;
        state->pending = NONE;
        if (state->text.size > 0 &&
            formatter_most(&state->text, KEY_SIZE_MAX) > TEXT_SIZE - state->text.size &&
            (rc = merge_write_text(flow)) != 0)
            return rc;
        uint32_t winner = tournament_winner(&state->tournament);
        const struct feed *least = state->batch.feeds[winner];
        if (!least->word.word)
            return end_batch(flow, state);
        if ((rc = take_word(flow, least)) < 0)
            return rc;
        state->pending = winner;
    }
    return TURN_AGAIN;
}

static int merge_begin(struct flow *flow)
{
    const struct plan *plan = flow->plan;
    struct state *state = flow->state = calloc(1, sizeof *state);
    phase_begin(flow);
    if (!state)
        return error_memory(flow->error);
    rss_begin(&state->rss);
    state->text = (struct formatter){.columns = &plan->spec.columns, .format = plan->spec.format};
    state->text.data = malloc(TEXT_SIZE);
    state->word = malloc(entry_stride(KEY_SIZE_MAX) + sizeof(uint64_t) * ENTRY_MORE_MAX);
    if (!state->text.data || !state->word ||
        (plan->spec.filter && filter_scratch_init(&state->scratch, plan->spec.filter) < 0))
        return error_memory(flow->error);
    int rc = batch_init(&state->batch, flow, &state->reject);
    if (rc == 0)
        rc = begin_batch(flow, state);
    return rc < 0 ? rc : crew_begin(flow->crew, 0);
}

static int merge_pump(struct flow *flow)
{
    struct state *state = flow->state;
    if (crew_is_finished(flow->crew)) /* all is merged */
        return 0;
    int rc = merge(flow);
    if (rc == 0)
        flow->stats->peak_rss = rss_more(&state->rss);
    flow->stats->counted = flow->stats->lines - flow->stats->filtered - flow->stats->rejected;
    if (rc != 0)
        return rc;
    phase_enter(flow, WM_PHASE_WRITE);
    crew_close(flow->crew);
    return 0;
}

/* Called again until all is written. */
static int merge_end(struct flow *flow)
{
    const struct state *state = flow->state;
    int rc = merge_write_text(flow);
    flow->stats->replaced = state->text.n_replaced;
    if (state->text.n_beyond > 0)
        flow->stats->warnings |= WM_WARN_TOTALS;
    if (rc == 0 && plan_has_output(flow->plan))
        rc = envelope_tail(&flow->envelope, &flow->output, flow->error);
    if (rc == 0)
        rc = output_commit(&flow->output, flow->error);
    return rc;
}

static void close_feeds(struct flow *flow)
{
    struct state *state = flow->state;
    if (state)
        batch_close(&state->batch);
}

static void merge_release(struct flow *flow)
{
    struct state *state = flow->state;
    if (!state)
        return;
    batch_release(&state->batch);
    tournament_release(&state->tournament);
    filter_scratch_release(&state->scratch);
    free(state->word);
    free(state->text.data);
    free(state);
}

const struct stage merge_stage = {
    .work = {.name = "merge", .phase = WM_PHASE_REDUCE},
    .begin = merge_begin,
    .pump = merge_pump,
    .end = merge_end,
    .close = close_feeds,
    .release = merge_release,
};
