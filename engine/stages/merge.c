/*
 * A job whose inputs are sorted already: a merge, in the calling process. Each feed shows one word
 * of its input at a time, and a tournament finds the least of all. Inputs may be pipes, and nothing
 * blocks: when the input that is next has nothing to read, or the output no room, the step ends
 * until the loop says that there is.
 */
#include "stages/merge.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "stages/feed.h"
#include "job/job.h"
#include "output/formatter.h"
#include "words/entry.h"
#include "words/order.h"
#include "words/tournament.h"

#define TEXT_SIZE (1u << 20)
#define STEP_LINES 100000 /* until cancel and progress have their turn */
#define NONE UINT32_MAX

struct sorted {
    struct feed *feeds;
    uint32_t n;
    uint32_t n_begun; /* feeds that have their first word */
    struct tournament tournament;
    uint32_t pending;      /* the feed whose word was used up; NONE: none */
    struct entry *word;    /* being added up */
    int is_open;           /* there is one */
    int is_asked;          /* and it was asked for */
    struct formatter text; /* output that is not written yet */
    size_t written;        /* of it */
};

/* Writes what there is. 0, WM_RUNNING or a WM_E code. */
static int write_text(struct wm_job *job, struct sorted *sorted)
{
    struct formatter *text = &sorted->text;
    if (job->options.output || job->options.output_fd >= 0) {
        int rc = envelope_head(&job->envelope, &job->spec.columns, &job->output, &job->error);
        if (rc == 0)
            rc = envelope_words(&job->envelope, text->data, text->size, &sorted->written,
                                &job->output, &job->error);
        if (rc != 0)
            return rc;
    }
    text->size = sorted->written = 0;
    return 0;
}

/* The word that was added up goes to the output, if it counts. There is room. */
static int end_word(struct wm_job *job, struct sorted *sorted)
{
    const struct entry *entry = sorted->word;
    if (!sorted->is_open)
        return 0;
    sorted->is_open = 0;
    if (entry->count < job->options.min_count || (job->options.n_words > 0 && !sorted->is_asked) ||
        (job->options.top > 0 && job->n_words == job->options.top))
        return 0;
    if (job->spec.filter) {
        struct filter_word word = {entry->key, entry->size, 0};
        int rc = filter_word(job->spec.filter, NULL, &word);
        if (rc <= 0)
            return rc < 0 ? error_memory(&job->error) : 0;
    }
    job->n_words++;
    formatter_add(&sorted->text, entry);
    return 0;
}

/* Adds the least word of all to the one that is being added up, or begins with it. */
static int take_word(struct wm_job *job, struct sorted *sorted, const struct feed *feed)
{
    struct entry *entry = sorted->word;
    const struct player *least = &feed->word;
    int is_asked = feed->kind == FEED_ASKED;
    if (!sorted->is_open || entry->hash != least->key ||
        order_words(entry->key, entry->size, least->word, least->size) != 0) {
        int rc = end_word(job, sorted);
        if (rc < 0)
            return rc;
        entry->hash = least->key;
        entry->size = least->size;
        entry->count = feed->count;
        memcpy(entry->key, least->word, least->size);
        sorted->is_open = 1;
        sorted->is_asked = is_asked;
        return 0;
    }
    sorted->is_asked |= is_asked;
    if (reduce_count(job->spec.reduce, &entry->count, feed->count) == 0)
        return 0;
    return feed_fail(feed, WM_EOVERFLOW, entry->key, entry->size);
}

/* Lets feed i play with its next word. 0, WM_RUNNING, JOB_AGAIN or a WM_E code. */
static int play(struct sorted *sorted, uint32_t i)
{
    struct feed *feed = &sorted->feeds[i];
    int rc = feed_advance(feed);
    if (rc < 0)
        return rc;
    if (rc == FEED_WAIT)
        return feed_wait(feed);
    tournament_play(&sorted->tournament, i, &feed->word);
    return 0;
}

/* 0: all is merged; WM_RUNNING, JOB_AGAIN: it goes on; or what ended it. */
static int merge(struct wm_job *job, struct sorted *sorted)
{
    int rc = 0;
    for (; sorted->n_begun < sorted->n; sorted->n_begun++)
        if ((rc = play(sorted, sorted->n_begun)) != 0)
            return rc;
    for (int i = 0; i < STEP_LINES; i++) {
        if (sorted->pending != NONE && (rc = play(sorted, sorted->pending)) != 0)
            return rc;
        sorted->pending = NONE;
        if (sorted->text.size > 0 &&
            formatter_most(&sorted->text, WORD_SIZE_MAX) > TEXT_SIZE - sorted->text.size &&
            (rc = write_text(job, sorted)) != 0)
            return rc;
        uint32_t winner = tournament_winner(&sorted->tournament);
        const struct feed *least = &sorted->feeds[winner];
        if (!least->word.word)
            return end_word(job, sorted);
        if ((rc = take_word(job, sorted, least)) < 0)
            return rc;
        sorted->pending = winner;
    }
    return JOB_AGAIN;
}

int sorted_step(struct wm_job *job)
{
    struct sorted *sorted = job->sorted;
    int rc = job->phase == WM_PHASE_WRITE ? 0 : merge(job, sorted);
    job->stats.counted = job->stats.lines - job->stats.rejected;
    if (rc == 0) {
        if (job->phase != WM_PHASE_WRITE)
            job_enter_phase(job, WM_PHASE_WRITE);
        rc = write_text(job, sorted);
        job->stats.replaced = sorted->text.n_replaced;
    }
    if (rc == 0 && (job->options.output || job->options.output_fd >= 0))
        rc = envelope_tail(&job->envelope, &job->output, &job->error);
    if (rc == 0)
        rc = output_commit(&job->output, &job->error);
    return rc;
}

int sorted_begin(struct wm_job *job)
{
    uint32_t n_inputs = (uint32_t)job->inputs.n, n = n_inputs + (job->options.n_words > 0);
    struct sorted *sorted = job->sorted = calloc(1, sizeof *sorted);
    if (!sorted)
        return error_memory(&job->error);
    sorted->pending = NONE;
    sorted->text = (struct formatter){.columns = &job->spec.columns, .format = job->spec.format};
    sorted->text.data = malloc(TEXT_SIZE);
    sorted->word = malloc(entry_stride(WORD_SIZE_MAX));
    sorted->feeds = calloc(n, sizeof *sorted->feeds);
    if (!sorted->text.data || !sorted->word || !sorted->feeds ||
        tournament_init(&sorted->tournament, n) < 0)
        return error_memory(&job->error);
    sorted->n = n;
    int rc = 0;
    for (uint32_t i = 0; i < n && rc == 0; i++) {
        struct feed *feed = &sorted->feeds[i];
        rc = i < n_inputs ? feed_open(feed, job, i) : feed_open_asked(feed, job);
    }
    return rc;
}

void sorted_end(struct sorted *sorted)
{
    for (uint32_t i = 0; sorted && i < sorted->n; i++)
        feed_close(&sorted->feeds[i]);
}

void sorted_free(struct sorted *sorted)
{
    if (!sorted)
        return;
    for (uint32_t i = 0; i < sorted->n; i++)
        feed_release(&sorted->feeds[i]);
    free(sorted->feeds);
    tournament_release(&sorted->tournament);
    free(sorted->word);
    free(sorted->text.data);
    free(sorted);
}
