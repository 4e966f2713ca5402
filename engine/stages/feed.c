/*
 * Words stay where they are read. That of the line before is kept in the window, since the next one
 * must not go before it.
 */
#include "stages/feed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dispatch/failure.h"
#include "error.h"
#include "input/counts.h"
#include "input/csv.h"
#include "input/detect.h"
#include "input/lines.h"
#include "plan/looks.h"
#include "plan/values.h"
#include "stages/stage.h"
#include "wmt/wmt.h"
#include "wmt/wmt_read.h"
#include "words/entry.h"
#include "words/order.h"

static const char *next_byte(const struct feed *feed)
{
    return feed->window.data + feed->window.next;
}

static size_t bytes_left(const struct feed *feed)
{
    return feed->window.size - feed->window.next;
}

static int feed_report(const struct feed *feed, int code, enum reject_reason reason,
                       const char *text, size_t size)
{
    struct message_failed message = {.code = code,
                                     .system = errno,
                                     .reason = reason,
                                     .offset = feed->window.offset + feed->window.next,
                                     .lines = feed->n_lines};
    struct map_task task = {.input = feed->input};
    message.text_size = (uint32_t)(size < MESSAGE_TEXT_MAX ? size : MESSAGE_TEXT_MAX);
    if (size > 0)
        memcpy(message.text, text, message.text_size);
    if (feed->is_part && code != WM_EOVERFLOW)
        return failure_poison(feed->flow->plan, "merge", NULL, POISON_SPILL, feed->flow->error);
    if (code == WM_EDAMAGED)
        message.reason = stream_damage(&feed->window.stream, &message.offset);
    return failure_explain(feed->flow->plan, &message, &task, feed->flow->error);
}

int feed_fail(const struct feed *feed, int code, const char *text, size_t size)
{
    return feed_report(feed, code, 0, text, size);
}

static int feed_damaged(const struct feed *feed)
{
    return feed_fail(feed, WM_ETABLE, NULL, 0);
}

/* FEED_WORD: there may be a word now. */
static int feed_fill(struct feed *feed)
{
    size_t size = 0;
    int rc = window_fill(&feed->window, &size);
    feed->flow->stats->bytes += feed->is_part ? 0 : size;
    if (rc == WM_EDAMAGED && feed->window.stream.packing == PACKING_ARCHIVE)
        return archive_failed(input_name(feed->window.input), feed->window.stream.archive,
                              feed->flow->error);
    if (rc == WM_EWRITE)
        return archive_not_kept(input_name(feed->window.input), feed->window.stream.spool.folder,
                                feed->flow->error);
    if (rc < 0)
        return rc == WM_ENOMEM ? error_memory(feed->flow->error) : feed_fail(feed, rc, NULL, 0);
    return rc == WINDOW_READ ? FEED_WORD : FEED_WAIT;
}

/* Reads until there are size bytes. FEED_WORD, or FEED_END: there are less. */
static int need(struct feed *feed, size_t size)
{
    while (bytes_left(feed) < size) {
        if (feed->window.is_read)
            return FEED_END;
        int rc = feed_fill(feed);
        if (rc != FEED_WORD)
            return rc;
    }
    return FEED_WORD;
}

/* The same where a file must not end. */
static int need_more(struct feed *feed, size_t size)
{
    int rc = need(feed, size);
    return rc == FEED_END ? feed_damaged(feed) : rc;
}

static int feed_end(struct feed *feed)
{
    feed->word.word = NULL;
    return FEED_END;
}

/* Takes a word if it does not go before the one before; else -1. is_strict: nor is equal to it. */
static inline int feed_take(struct feed *feed, const char *word, uint32_t size, int is_strict)
{
    uint64_t key = player_key(word, size);
    if (key <= feed->word.key) {
        const char *before = feed->window.data + feed->window.kept;
        if (key < feed->word.key || order_words(word, size, before, feed->word.size) < is_strict)
            return -1;
    }
    feed->word = (struct player){key, word, size};
    feed->window.kept = (size_t)(word - feed->window.data);
    return 0;
}

static void count_line(struct feed *feed)
{
    feed->n_lines++;
    feed->flow->stats->lines += !feed->is_part;
}

/* Lines */

/* The next line is bad: FEED_WAIT if it is to be skipped. */
static int feed_reject(const struct feed *feed, enum reject_reason reason, const char *text,
                       size_t size)
{
    struct flow *flow = feed->flow;
    const wm_options *options = &flow->plan->options;
    struct map_task task = {.input = feed->input, .start = feed->window.offset + feed->window.next};
    struct message_failed first = {
        .code = WM_EBADLINE, .reason = reason, .offset = task.start, .lines = feed->n_lines};
    if (options->on_bad_line == WM_FAIL)
        return feed_report(feed, WM_EBADLINE, reason, text, size);
    failure_note_reject(feed->reject, &task, &first);
    if (++flow->stats->rejected > options->max_rejects)
        return failure_explain(flow->plan, &feed->reject->message, &feed->reject->task,
                               flow->error);
    return FEED_WAIT;
}

/* Reads a line of CSV; its word is put where the line begins, and ends before its count. */
static enum reject_reason read_csv(struct feed *feed, const char *end, uint32_t *word_size,
                                   const char **field, size_t *field_size)
{
    char *line = feed->window.data + feed->window.next;
    struct csv_line csv;
    unsigned n = feed->flow->plan->spec.n_more + 1;
    enum reject_reason reason =
        csv_parse_line(line, end, feed->values.by != NGRAM_BY_WORD, n, &csv);
    *field = csv.bad;
    *field_size = (size_t)(csv.bad_end - csv.bad);
    if (reason != 0)
        return reason;
    memcpy(feed->counts, csv.counts, n * sizeof *feed->counts);
    *word_size = (uint32_t)csv_join(line, &csv);
    return 0;
}

/* Whether the word has the period that it is to have. Else *field is what it has instead. */
static int has_period(const struct feed *feed, const char *word, uint32_t size, const char **field,
                      size_t *field_size)
{
    enum ngram_by by = feed->flow->plan->spec.query.by;
    const char *end = word + size;
    uint64_t period;
    if (by == NGRAM_BY_WORD || counts_cut_period(by, word, &size, &period, field))
        return 1;
    *field_size = (size_t)(end - *field);
    return 0;
}

/* FEED_WORD; FEED_WAIT: the line was skipped. */
static int feed_take_line(struct feed *feed, size_t size)
{
    const char *line = next_byte(feed), *end = line_text_end(line, line + size), *field = line;
    size_t field_size = 0;
    uint32_t word_size = 0;
    struct entry_values values;
    if (feed->is_csv && csv_is_header(line, end, &values) &&
        entry_values_are_equal(&values, &feed->values)) {
        feed->flow->stats->filtered++;
        return FEED_WAIT;
    }
    enum reject_reason reason =
        size >= LINE_SIZE_MAX ? REJECT_LONG
        : feed->is_csv        ? read_csv(feed, end, &word_size, &field, &field_size)
                       : counts_parse_line(line, end, feed->flow->plan->spec.n_more + 1, &word_size,
                                           feed->counts, &field, &field_size);
    if (reason == 0 && !has_period(feed, line, word_size, &field, &field_size))
        reason = REJECT_YEAR;
    if (reason != 0)
        return feed_reject(feed, reason, field, field_size);
    if (feed_take(feed, line, word_size, 0) < 0)
        return feed_report(feed, WM_EBADLINE, REJECT_ORDER, line, word_size);
    return FEED_WORD;
}

/* A line goes on that is too long already: all of it that is there is left out. */
static int leave_out(struct feed *feed)
{
    int rc = feed->is_long ? FEED_WAIT : feed_reject(feed, REJECT_LONG, NULL, 0);
    if (!feed->is_long)
        count_line(feed);
    feed->is_long = 1;
    feed->window.next = feed->window.size;
    return rc;
}

/* Bytes of the next line and its LF, if all of them are there, else 0. */
static size_t next_line(const struct feed *feed, size_t *size)
{
    size_t left = bytes_left(feed);
    const char *line = next_byte(feed), *lf = memchr(line, '\n', left);
    if (!lf && !feed->window.is_read)
        return 0;
    *size = lf ? (size_t)(lf - line) : left;
    size_t all = *size + (lf != NULL);
    /* Of an empty line it must be known whether it is the last one, which is none. */
    int is_empty = *size == 0 || (*size == 1 && *line == '\r');
    return is_empty && all == left && !feed->window.is_read ? 0 : all;
}

static int advance_lines(struct feed *feed)
{
    for (;;) {
        size_t size = 0, all = next_line(feed, &size);
        int rc = FEED_WAIT;
        if (all == 0 && !feed->window.is_read) {
            if (bytes_left(feed) >= LINE_SIZE_MAX && (rc = leave_out(feed)) < 0)
                return rc;
            rc = feed_fill(feed);
            if (rc != FEED_WORD)
                return rc;
            continue;
        }
        int is_last = feed->window.is_read && all == bytes_left(feed);
        if (all == 0 || (is_last && all <= 2 && scan_trim_end(next_byte(feed), all) == 0))
            return feed_end(feed);
        if (!feed->is_long) {
            rc = feed_take_line(feed, size);
            count_line(feed);
        }
        feed->is_long = 0;
        feed->window.next += all;
        if (rc != FEED_WAIT)
            return rc;
    }
}

/* Table files */

static int feed_take_header(struct feed *feed)
{
    uint32_t version = 0;
    struct entry_values values;
    struct flow *flow = feed->flow;
    int rc = need_more(feed, WMT_HEADER_SIZE);
    if (rc != FEED_WORD)
        return rc;
    rc = wmt_check_header(next_byte(feed), &values, &version);
    if (rc < 0)
        return feed_report(feed, rc, (enum reject_reason)version, NULL, 0);
    /* What inputs say is known only when some of them are merged to parts already. */
    if (!feed->is_part)
        rc = values_see_table(flow->plan, input_name(feed->window.input), &values, next_byte(feed),
                              bytes_left(feed), flow->error);
    if (rc < 0)
        return rc;
    feed->window.next += WMT_HEADER_SIZE;
    feed->has_header = 1;
    return FEED_WORD;
}

/* Index and footer must say what was read. */
static int take_end(struct feed *feed)
{
    int rc = need(feed, SIZE_MAX);
    if (rc != FEED_END)
        return rc;
    uint64_t at = feed->window.offset + feed->window.next;
    if (wmt_check_end(next_byte(feed), bytes_left(feed), at, feed->n_lines) < 0)
        return feed_damaged(feed);
    return feed_end(feed);
}

/* FEED_WORD: there is another block; FEED_END: there is none. */
static int take_block(struct feed *feed)
{
    int rc = need_more(feed, WMT_BLOCK_HEADER_SIZE);
    if (rc != FEED_WORD)
        return rc;
    int64_t size = wmt_block_size(next_byte(feed));
    if (size == 0)
        return take_end(feed);
    rc = size < 0 ? feed_damaged(feed) : need_more(feed, (size_t)size);
    if (rc != FEED_WORD)
        return rc;
    feed->block_size = (size_t)size;
    if (wmt_cursor_begin(&feed->cursor, next_byte(feed), feed->block_size,
                         feed->flow->plan->spec.n_more + 1) < 0)
        return feed_damaged(feed);
    return FEED_WORD;
}

static int advance_table(struct feed *feed)
{
    struct wmt_cursor *cursor = &feed->cursor;
    int rc = feed->has_header ? FEED_WORD : feed_take_header(feed);
    for (; rc == FEED_WORD; feed->block_size = 0) {
        if (feed->block_size == 0 && (rc = take_block(feed)) != FEED_WORD)
            break;
        int more = wmt_cursor_next(cursor);
        if (more < 0)
            return feed_damaged(feed);
        if (more > 0) {
            const char *field;
            size_t field_size;
            if (!has_period(feed, cursor->word, cursor->size, &field, &field_size) ||
                feed_take(feed, cursor->word, cursor->size, feed->n_lines > 0) < 0)
                return feed_damaged(feed);
            memcpy(feed->counts, cursor->counts, sizeof feed->counts);
            count_line(feed);
            return FEED_WORD;
        }
        feed->window.next += feed->block_size;
    }
    return rc;
}

/* Whether lines can be those of a result. 0 or a WM_E code. */
static int see_lines(struct feed *feed)
{
    const char *name = input_name(feed->window.input);
    size_t size = bytes_left(feed) < INPUT_DETECT_SIZE ? bytes_left(feed) : INPUT_DETECT_SIZE;
    struct input_look look = input_detect(next_byte(feed), size);
    input_find_periods(&look, next_byte(feed), size);
    feed->is_csv = look.kind == INPUT_RESULT;
    if (feed->is_csv) {
        feed->values = look.values;
        int rc = values_see(feed->flow->plan, name, &look.values, feed->flow->error);
        if (rc < 0)
            return rc;
    }
    if (input_has_mark(next_byte(feed), size))
        feed->window.next += INPUT_MARK_SIZE;
    values_see_lines(feed->flow->plan, &look);
    return look_refuse_as_result(&look, name, feed->flow->plan->spec.n_more + 1, feed->flow->error);
}

/* A table file is told by its first bytes. */
static int take_kind(struct feed *feed)
{
    int rc = need(feed, INPUT_DETECT_SIZE);
    if (rc != FEED_WORD && rc != FEED_END)
        return rc;
    feed->kind = bytes_left(feed) >= WMT_HEADER_SIZE && wmt_is_magic(next_byte(feed)) ? FEED_TABLE
                                                                                      : FEED_LINES;
    int seen = feed->kind == FEED_LINES ? see_lines(feed) : 0;
    return seen < 0 ? seen : rc;
}

/* Words asked for */

static int advance_asked(struct feed *feed)
{
    if (feed->n_asked == feed->flow->plan->options.n_words)
        return feed_end(feed);
    const char *word = feed->asked[feed->n_asked++];
    size_t size = strlen(word);
    feed->word = (struct player){player_key(word, size), word, (uint32_t)size};
    return FEED_WORD;
}

static int compare_asked(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

int feed_open_asked(struct feed *feed)
{
    const wm_options *options = &feed->flow->plan->options;
    feed->kind = FEED_ASKED;
    feed->asked = malloc(options->n_words * sizeof *feed->asked);
    if (!feed->asked)
        return error_memory(feed->flow->error);
    memcpy(feed->asked, options->words, options->n_words * sizeof *feed->asked);
    qsort(feed->asked, options->n_words, sizeof *feed->asked, compare_asked);
    for (size_t i = 0; i <= ENTRY_MORE_MAX; i++)
        feed->counts[i] = reduce_none(feed->flow->plan->spec.reduce);
    return 0;
}

static int advance(struct feed *feed)
{
    if (feed->kind == FEED_NEW) {
        int rc = take_kind(feed);
        if (rc < 0 || feed->kind == FEED_NEW)
            return rc;
    }
    return feed->kind == FEED_LINES   ? advance_lines(feed)
           : feed->kind == FEED_TABLE ? advance_table(feed)
                                      : advance_asked(feed);
}

int feed_advance(struct feed *feed)
{
    int rc = advance(feed);
    if (rc < 0 && !feed->is_part && feed->window.input)
        error_of_input(feed->flow->error, rc, feed->window.input->number);
    return rc;
}

static void feed_on_ready(uv_poll_t *handle, int status, int events)
{
    struct feed *feed = handle->data;
    (void)status;
    (void)events;
    watch_set(&feed->window.stream.watch, 0);
}

int feed_open(struct feed *feed, uint32_t input)
{
    const struct inputs *inputs = &feed->flow->plan->inputs;
    feed->input = input;
    return window_open(&feed->window, &inputs->items[input], !inputs->is_stream[input],
                       spill_folder(&feed->flow->plan->spill), feed->flow->loop, feed_on_ready,
                       feed, feed->flow->error);
}

int feed_open_part(struct feed *feed, const struct input *part)
{
    feed->is_part = 1;
    return window_open(&feed->window, part, 1, spill_folder(&feed->flow->plan->spill),
                       feed->flow->loop, feed_on_ready, feed, feed->flow->error);
}

int feed_wait(struct feed *feed)
{
    struct watch *watch = &feed->window.stream.watch;
    watch_set(watch, 1);
    return watch->polls ? WM_RUNNING : TURN_AGAIN;
}

void feed_close(struct feed *feed)
{
    window_close(&feed->window);
}

void feed_release(struct feed *feed)
{
    window_release(&feed->window);
    free(feed->asked);
    feed->asked = NULL;
}
